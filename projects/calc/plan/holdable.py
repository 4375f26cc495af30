"""The characters that no text of a plan keeps, because no database, XML or workbook of ours takes all of them; what loses some is named."""

from __future__ import annotations

import re
from typing import Any

from projects.calc.plan.document import Remark

UNHOLDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EXAMPLES = 5


class Cleaning:
    """Takes them out of the values of one file."""

    def __init__(self) -> None:
        self.count, self.examples = 0, list[str]()

    def clean(self, value: Any) -> Any:
        """A JSON value without them."""
        if isinstance(value, str):
            return self._text(value) if UNHOLDABLE.search(value) else value
        if isinstance(value, list):
            return [self.clean(one) for one in value]
        if isinstance(value, dict):
            return {self.clean(key): self.clean(one) for key, one in value.items()}
        return value

    def _text(self, text: str) -> str:
        left = UNHOLDABLE.sub("", text)
        self.count += 1
        if left and len(self.examples) < EXAMPLES:
            self.examples.append(left[:60])
        return left

    def remarks(self) -> tuple[Remark, ...]:
        """What was lost by it, for the report."""
        return (Remark("file", "characters_removed", self.count, tuple(self.examples)),) if self.count else ()
