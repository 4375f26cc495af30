"""What an import can fill: the target's description of its fields, handed in by the app that owns them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from pmo.core.imports.dates import Partial
from pmo.core.imports.words import Choice

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Kind = Literal["text", "integer", "decimal", "money", "percent", "date", "bool", "choice", "rag", "reference"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NUMERIC_KINDS: frozenset[Kind] = frozenset({"integer", "decimal", "money", "percent"})


@dataclass(frozen=True, slots=True)
class ImportField:
    """One field of the target.

    `aliases` are header names under which the field is known in either language. `reference` is the key of the register
    that a reference points to ("unit"). A row without a usable value of a `required` field is refused. `places` rounds
    amounts and decimals half up; `minimum` and `maximum` bound numbers; `part_of_date` says which day a month or year
    alone stands for, if nobody asks the user.
    """

    key: str
    label: "StrOrPromise"
    kind: Kind = "text"
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    reference: str = ""
    help: "StrOrPromise" = ""
    multiline: bool = False
    max_length: int | None = None
    places: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    part_of_date: Partial = ""
    # Needed by new rows only; rows that change what exists may leave it out.
    needed: bool = False
    # A text that may be nothing but digits, as a code is.
    digits: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """The fields of one register by key, which of them say what a row is, and which states a row's currency."""

    fields: Mapping[str, ImportField]
    code: str = "code"
    names: tuple[str, ...] = ("name", "name_zh", "name_en")
    currency: str = "currency"
    # A target made from a register: its rows need no name, and what exists is found by `key`, fields that belong together.
    generic: bool = False
    key: tuple[str, ...] = ()
    # Headers, as `header_words` reads them, that belong to no field: computed columns of the register's own exports.
    # Where `exported` names all headers of such an export, they count in nothing but one.
    ignored: frozenset[str] = frozenset()
    exported: frozenset[str] = frozenset()
    # Whether rows may speak of a day before today.
    dated: bool = True

    @classmethod
    def of(
        cls,
        fields: Sequence[ImportField],
        *,
        code: str = "code",
        names: tuple[str, ...] = ("name", "name_zh", "name_en"),
    ) -> "Target":
        """A target from fields in the order in which they are offered; raises ValueError for a key used twice."""
        by_key = {one.key: one for one in fields}
        if len(by_key) != len(fields):
            raise ValueError("Two import fields have the same key.")
        return cls(by_key, code, tuple(name for name in names if name in by_key))
