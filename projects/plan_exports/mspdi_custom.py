"""Custom fields in Microsoft's XML: which of the program's own fields hold them, and under which alias."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from projects.calc.plan.document import Field, Plan, Remark
from projects.plan_exports.mspdi_names import NATIVE, SLOTS, field_ids
from projects.plan_exports.mspdi_values import FIELD_VALUES, unit

AREAS = ("tasks", "resources", "assignments")
Key = tuple[str, str, str]


class CustomFields:
    """The custom fields of one plan. Those of other programs take free fields of the same kind, under their label."""

    def __init__(self, plan: Plan) -> None:
        self.places: dict[str, dict[Key, str]] = {}
        self.labels: dict[str, dict[str, str]] = {}
        self.ids = {area: field_ids(area) for area in AREAS}
        self.resources = plan.resources
        self.renamed: list[str] = []
        self.lost: list[str] = []
        for area in AREAS:
            self._place(area, getattr(plan, area))

    def _place(self, area: str, rows: Sequence[Any]) -> None:
        """Its own field where the program has one, otherwise the first free one of the kind."""
        seen = dict.fromkeys((one.name, one.label, one.kind) for row in rows for one in row.fields)
        places: dict[Key, str] = {}
        taken = {name: label for name, label, _kind in seen if name in self.ids[area]}
        for key in seen:
            name, label, kind = key
            if name in self.ids[area]:
                places[key] = name
            elif name not in NATIVE[area] and not self._is_baseline(area, name):
                slot = self._free(area, taken, kind)
                if slot:
                    places[key], taken[slot] = slot, label or name
                    self.renamed.append(label or name)
                else:
                    self.lost.append(label or name)
        self.places[area], self.labels[area] = places, taken

    @staticmethod
    def _is_baseline(area: str, name: str) -> bool:
        return area == "resources" and name.startswith("BASELINE")

    def _free(self, area: str, taken: dict[str, str], kind: str) -> str:
        free = (name for name in self.ids[area] if name.rstrip("0123456789") == SLOTS[kind] and name not in taken)
        return next(free, "")

    def remarks(self) -> list[Remark]:
        """What was renamed or had no room."""
        return [
            Remark("fields", code, len(names), tuple(dict.fromkeys(names))[:5])
            for code, names in (("fields_renamed", self.renamed), ("fields_without_room", self.lost))
            if names
        ]

    def duration_format(self) -> str | None:
        """The unit in which the program shows durations that carry none: that of the first such value."""
        shown = (one.value for row in self.resources for one in row.fields if one.kind == "duration")
        first = next((value for value in shown if value.minutes), None)
        return None if first is None else unit(first)

    def definitions(self) -> Iterator[tuple[int, str, str]]:
        """Number, name and alias of every field that is used."""
        for area in AREAS:
            for name in sorted(self.labels[area], key=lambda one: self.ids[area][one]):
                yield self.ids[area][name], _shown(name), self.labels[area][name]

    def native(self, area: str, fields: Sequence[Field]) -> dict[str, str]:
        """Values that have an element of their own."""
        found = {}
        for one in fields:
            tag, kind = NATIVE[area].get(one.name, ("", ""))
            if tag and kind == one.kind:
                found[tag] = FIELD_VALUES[kind](one.value)
        return found

    def attributes(self, area: str, fields: Sequence[Field]) -> Iterator[dict[str, str]]:
        """The extended attributes of a row."""
        for one in fields:
            name = self.places[area].get((one.name, one.label, one.kind))
            if name is None:
                continue
            found = {"FieldID": str(self.ids[area][name]), "Value": FIELD_VALUES[one.kind](one.value)}
            if one.kind == "duration":
                found["DurationFormat"] = unit(one.value)
            yield found


def _shown(name: str) -> str:
    """`Text1` for TEXT1, as the program calls it."""
    return " ".join(word.capitalize() for word in name.split("_"))
