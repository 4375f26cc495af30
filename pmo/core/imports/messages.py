"""Messages as data: a code and parameters, rendered in the reader's language when they are shown.

A preview is stored and may be read by somebody with another language, so what is kept is the code, never the sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from pmo.core.imports.message_texts import TEMPLATES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SHORTENED = 60


@dataclass(frozen=True, slots=True)
class Message:
    """One statement about a file, a column or a cell. `code` is a key of `message_texts.TEMPLATES`; a list is shown joined."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> "_StrPromise":
        """The sentence with its named placeholders, lazily translated."""
        return TEMPLATES[self.code]

    def __str__(self) -> str:
        shown = {name: _(", ").join(value) if isinstance(value, list) else value for name, value in self.params.items()}
        return str(self.template) % shown

    def to_json(self) -> dict[str, Any]:
        """The storable form; `from_json` reads it back."""
        return {"code": self.code, "params": dict(self.params)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Message":
        """Rebuild a message from `to_json`; raises KeyError for a code that does not exist."""
        code = str(data["code"])
        if code not in TEMPLATES:
            raise KeyError(code)
        return cls(code, dict(data.get("params", {})))


class CellProblem(Message):
    """Why a cell has no value that could be used. Returned by the parsers, never raised."""

    __slots__ = ()


class ReadError(Exception):
    """The file as a whole cannot be read; `message` says why in plain words."""

    def __init__(self, code: str, **params: Any) -> None:
        self.message = Message(code, params)
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.message)


def shorten(text: str, length: int = SHORTENED) -> str:
    """The text on one line and at most `length` characters, with an ellipsis where it was cut."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"
