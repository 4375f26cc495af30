"""What an import may fill in a register: its form fields, named in both languages, with kinds from the model."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.imports.amounts import Money
from pmo.core.imports.fields import ImportField, Kind
from pmo.core.imports.header_words import read_header
from pmo.core.imports.texts import in_all_languages
from pmo.core.imports.words import Choice
from pmo.core.registers.beside import is_beside
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import Bound, bind, bound_columns

# What no cell of a table can hold.
UNREADABLE = (models.FileField, models.JSONField, models.DateTimeField, models.BinaryField, models.ManyToManyField)
CURRENCY = "currency"
PROJECT = "project"


@dataclass(frozen=True)
class Spec:
    """How one import field becomes a column of the model. `pair` are the two columns of a bilingual text."""

    key: str
    bound: Bound
    pair: tuple[str, str] | None = None
    writable: bool = True

    @property
    def model_field(self) -> Any:
        """The model's field; the Chinese one of a bilingual pair."""
        return self.bound.register.model._meta.get_field(self.pair[0] if self.pair else self.key)

    @property
    def column(self) -> str:
        """The column's attribute name."""
        return str(self.model_field.attname)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the field may fill."""
        return self.pair or (self.column,)

    @property
    def target(self) -> Any:
        """The model a reference points to, None for other fields."""
        return self.model_field.related_model if self.model_field.is_relation else None

    def blank(self) -> Any:
        """What an emptied cell leaves."""
        return None if self.model_field.null else "" if self.model_field.empty_strings_allowed else None


def unreadable(register: Register) -> list[str]:
    """Fields without which no row can be made and that no table can hold (files)."""
    fields = [register.model._meta.get_field(name) for name in register.form_fields if not is_beside(register, name)]
    return [f.name for f in fields if isinstance(f, UNREADABLE) and not f.blank and not f.has_default()]


def rights_beside(declared: Register) -> dict[str, str]:
    """The permission that each field kept outside the model needs, for those that need one."""
    found = {}
    for column in declared.all_columns:
        needed = column.edit_permission or column.permission
        if needed and is_beside(declared, column.field):
            found[column.field] = needed
    return found


def specs_of(register: Register, key: tuple[str, ...]) -> list[Spec]:
    """The fields in the order of the form; those of the key that are no form fields only say which row is meant."""
    own = [name for name in register.form_fields if not is_beside(register, name)]
    form = [name for name in own if _is_readable(register, name)]
    hints = [PROJECT] if PROJECT not in form and _needs_project(register.model, form) else []
    found = [
        Spec(name, bind(register, name), writable=False) for name in dict.fromkeys((*key, *hints)) if name not in form
    ]
    for name in form:
        base = name.removesuffix("_zh")
        if name != base and f"{base}_en" in form and base not in form:
            found.append(Spec(base, bind(register, base), pair=(name, f"{base}_en")))
        found.append(Spec(name, bind(register, name)))
    return found


def _needs_project(model: Any, form: list[str]) -> bool:
    """Whether the row knows its project only through another record, of which every project may have one of the same name."""
    fields = {f.name: f for f in model._meta.concrete_fields}
    named = [fields[name].related_model for name in form if fields[name].is_relation]
    return PROJECT in fields and any(f.name == PROJECT for other in named for f in other._meta.concrete_fields)


def _is_readable(register: Register, name: str) -> bool:
    return not isinstance(register.model._meta.get_field(name), UNREADABLE)


def import_field(spec: Spec) -> ImportField:
    """The field as the wizard offers it."""
    field, kind = spec.model_field, kind_of(spec)
    needed = spec.writable and not spec.pair and not (field.blank or field.null or field.has_default())
    low, high = _bounds(field)
    return ImportField(
        spec.key,
        spec.bound.label,  # type: ignore[arg-type]
        kind,
        needed=needed,
        aliases=tuple(dict.fromkeys(_aliases(spec))),
        choices=choices_of(field, spec.bound.column.words) if kind == "choice" else (),
        help=_help(spec, kind),
        multiline=isinstance(field, models.TextField),
        max_length=field.max_length if kind == "text" else None,
        places=getattr(field, "decimal_places", None) if kind != "integer" else None,
        minimum=low,
        maximum=high,
    )


def kind_of(spec: Spec) -> Kind:
    """The kind that follows from the model's field."""
    field = spec.model_field
    if field.is_relation:
        return "reference"
    if field.choices:
        return "choice"
    if isinstance(field, models.BooleanField):
        return "bool"
    if isinstance(field, models.DateField):
        return "date"
    numeric = isinstance(field, models.IntegerField | models.FloatField | models.DecimalField)
    if numeric and spec.bound.kind == "percent":
        return "percent"
    if isinstance(field, models.IntegerField):
        return "integer"
    if numeric:
        return "money" if spec.bound.kind == "money" else "decimal"
    return "text"


def _bounds(field: Any) -> tuple[int | None, int | None]:
    low = 0 if isinstance(field, models.PositiveSmallIntegerField | models.PositiveIntegerField) else None
    high = 32767 if isinstance(field, models.SmallIntegerField | models.PositiveSmallIntegerField) else None
    return low, high


def choices_of(field: Any, words: Mapping[str, tuple[str, ...]] | None = None) -> tuple[Choice, ...]:
    """Values with their labels in both languages, and further words of files; the reader's own words stand first when shown."""
    found = []
    for value, label in field.flatchoices:
        if value not in (None, ""):
            labels = in_all_languages(lambda label=label: str(label)).values()  # type: ignore[misc]
            found.append(Choice(str(value), tuple(dict.fromkeys([*labels, *(words or {}).get(str(value), ())]))))
    return tuple(found)


def _aliases(spec: Spec) -> Iterator[str]:
    """Header names: the column's and the model's labels in both languages, and the field's own name."""
    labels = [spec.bound.label, *([] if spec.pair else [spec.model_field.verbose_name])]
    for label in labels:
        yield from spoken(label)
    yield spec.key.replace("_", " ")
    yield from _USUAL.get(spec.key, ())
    if spec.key == CURRENCY:
        for bound in bound_columns(spec.bound.register):
            if bound.kind == "money":
                yield from currency_heads(bound)


# What such fields are usually called in tables that come from elsewhere.
_USUAL: dict[str, tuple[str, ...]] = {
    "code": ("编码", "代码"),
    "name": ("名称", "姓名"),
    "title": ("标题", "名称", "name"),
    "name_zh": ("中文名称", "中文名", "中文姓名", "Chinese name"),
    "name_en": ("英文名称", "英文名", "英文姓名", "English name"),
}


def spoken(label: Any) -> list[str]:
    """A label in both languages, and as a header is read: without what looks like a unit."""
    texts = list(in_all_languages(lambda: str(label)).values())
    return [*texts, *(read_header(text).name for text in texts)]


def currency_heads(bound: Bound) -> list[str]:
    """The header of the column that an export sets beside an amount."""
    texts = in_all_languages(lambda: _("%(label)s, currency") % {"label": bound.label})
    return [*texts.values(), *(read_header(text).name for text in texts.values())]


def ignored_headers(register: Register, taken: set[str]) -> frozenset[str]:
    """Headers of the register's own exports that feed no field: computed columns, and currencies of amounts."""
    names: set[str] = set()
    for bound in bound_columns(register):
        heads = [*spoken(bound.label), *(currency_heads(bound) if bound.kind == "money" else [])]
        names |= {read_header(text).name for text in heads}
    return frozenset(names - taken)


def computed_headers(register: Register) -> tuple[frozenset[str], frozenset[str]]:
    """(all headers of the register's own exports, those of computed figures and ratings), for targets with fields of their own."""
    every: set[str] = set()
    computed: set[str] = set()
    for bound in bound_columns(register):
        heads = {read_header(text).name for text in spoken(bound.label)}
        every |= heads | {read_header(text).name for text in currency_heads(bound)}
        if bound.column.annotate is not None and bound.kind not in {"fk", "text"}:
            computed |= heads
        else:
            every |= heads
    return frozenset(every), frozenset(computed)


def _help(spec: Spec, kind: Kind) -> Any:
    if spec.pair:
        return gettext_lazy("A text in Chinese characters fills the Chinese name, any other the English one.")
    if not spec.writable and spec.key == PROJECT:
        return gettext_lazy("Tells apart records of the same name in different projects.")
    if not spec.writable:
        return gettext_lazy("Says which row is meant; leave it empty for a new row.")
    return spec.model_field.help_text or _HELP.get(kind, "")


_HELP: dict[str, Any] = {
    "reference": gettext_lazy("The code, or the exact name in either language."),
    "date": gettext_lazy("A date such as 2027-03-31."),
    "bool": gettext_lazy("Yes or no."),
    "percent": gettext_lazy("Percent, such as 45."),
    "money": gettext_lazy("An amount in the currency of the row."),
    "integer": gettext_lazy("A whole number."),
    "decimal": gettext_lazy("A number."),
}


def converted(spec: Spec, value: Any) -> Any:
    """A value of the reading engine as the model keeps it."""
    field = spec.model_field
    if isinstance(value, Money):
        value = value.amount
    if field.choices:
        return field.to_python(value)
    if isinstance(field, models.IntegerField) and isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if isinstance(field, models.FloatField) and isinstance(value, Decimal):
        return float(value)
    return value


def comparable(value: Any) -> Any:
    """A value for finding equal ones: texts without case and white space, numbers by what they are worth."""
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    if isinstance(value, float | Decimal) and not isinstance(value, bool):
        return Decimal(str(value)).normalize()
    if isinstance(value, datetime.datetime):
        return value.date()
    return value


Resolve = Callable[..., Any]
