"""The lines of the fidelity report, gathered while reading."""

from __future__ import annotations

from collections import Counter
from typing import Any

EXAMPLES = 5
EXAMPLE_LENGTH = 120


class Remarks:
    """Counts by area and code with a few examples, apart for what is kept elsewhere and what is lost."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[tuple[str, str]]] = {"kept": Counter(), "lost": Counter()}
        self._examples: dict[tuple[str, str, str], list[str]] = {}
        self._kinds: set[tuple[str, str]] = set()

    def kept(self, area: str, code: str, example: str = "", *, count: int = 1, distinct: bool = False) -> None:
        """Something is kept as a field or a note, or stays in the attached file. `distinct` counts kinds, not values."""
        self._add("kept", area, code, example, count, distinct)

    def lost(self, area: str, code: str, example: str = "", *, count: int = 1) -> None:
        """Something has no place."""
        self._add("lost", area, code, example, count, False)

    def lost_kind(self, code: str, name: str) -> None:
        """A kind of field that is not taken: counted once however many rows have it."""
        self._add("lost", "fields", code, name, 1, True)

    def _add(self, where: str, area: str, code: str, example: str, count: int, distinct: bool) -> None:
        if count <= 0:
            return
        if distinct:
            if (code, example) in self._kinds:
                return
            self._kinds.add((code, example))
        self._counts[where][area, code] += count
        examples = self._examples.setdefault((where, area, code), [])
        if example and len(examples) < EXAMPLES and example[:EXAMPLE_LENGTH] not in examples:
            examples.append(example[:EXAMPLE_LENGTH])

    def is_formatted(self, notes: Any) -> bool:
        """Whether a note has colours, fonts or markup beside its text."""
        return notes is not None and str(notes.getClass().getSimpleName()) in ("RtfNotes", "HtmlNotes")

    def json(self, where: str) -> list[dict[str, Any]]:
        """As `Remark` takes them, in a steady order."""
        return [
            {"area": area, "code": code, "count": count, "examples": self._examples[where, area, code]}
            for (area, code), count in sorted(self._counts[where].items())
        ]
