"""What a bulk edit does to each field: set, clear, add, move, append; read once, applied to every row."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from pmo.core.registers.beside import is_beside
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import bind
from pmo.core.registers.forms import RegisterForm, make_form
from pmo.core.registers.services import writable_at_all
from pmo.core.registers.undo.rows import RowRefusedError

VERB, DAYS = "op-", "days-"
SET, CLEAR, ADD, SHIFT, APPEND, PUT_IN, TAKE_OUT = "set", "clear", "add", "shift", "append", "put_in", "take_out"
VERBS = {
    SET: gettext_lazy("Set to"),
    CLEAR: gettext_lazy("Clear"),
    ADD: gettext_lazy("Add the number"),
    SHIFT: gettext_lazy("Move by days"),
    APPEND: gettext_lazy("Append the text"),
    PUT_IN: gettext_lazy("Add the choices"),
    TAKE_OUT: gettext_lazy("Take the choices away"),
}
# What the title of the change says.
_TOLD = {
    SET: gettext_lazy("%(field)s: set to %(value)s"),
    CLEAR: gettext_lazy("%(field)s: cleared"),
    ADD: gettext_lazy("%(field)s: %(value)s added"),
    SHIFT: gettext_lazy("%(field)s: moved by %(value)s days"),
    APPEND: gettext_lazy("%(field)s: “%(value)s” appended"),
    PUT_IN: gettext_lazy("%(field)s: %(value)s put in"),
    TAKE_OUT: gettext_lazy("%(field)s: %(value)s taken out"),
}
_MOST_DAYS = 36500
_TEXT_KINDS = {"text"}


@dataclass(frozen=True)
class Operation:
    """One field, what happens to it, and the value as the services take it."""

    name: str
    verb: str
    value: Any = None


@dataclass
class Reading:
    """The operations of a form that was sent, and what is wrong with it by field."""

    operations: list[Operation] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)


def bulk_form(register: Register, user: Any, data: Any = None, *, by_id: bool = False) -> RegisterForm:
    """The fields that the user may write somewhere, for one value each; records by their labels, or `by_id`."""
    names = writable_at_all(register, user)
    form = make_form(register, user, register.model(), names=names, data=data, by_id=by_id)
    form.use_required_attribute = False
    return form


def verbs_of(register: Register, name: str, form_field: Any) -> list[str]:
    """What can be done to the field."""
    found = [SET]
    bound = bind(register, name)
    empties = not form_field.required and not isinstance(form_field, forms.BooleanField)
    if isinstance(form_field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        found += [PUT_IN, TAKE_OUT]
    elif isinstance(form_field, forms.DecimalField | forms.FloatField | forms.IntegerField):
        found.append(ADD)
    elif isinstance(form_field, forms.DateField):
        found.append(SHIFT)
    elif bound.kind in _TEXT_KINDS and not bound.choices and type(form_field) is forms.CharField:
        found.append(APPEND)
    return [*found, CLEAR] if empties else found


def read_operations(register: Register, user: Any, data: Any, *, by_id: bool = False) -> Reading:
    """What the form asks for: `op-<field>` names the verb, `<field>` the value, `days-<field>` how far a date moves."""
    form = bulk_form(register, user, data, by_id=by_id)
    reading = Reading()
    for name, form_field in form.fields.items():
        verb = data.get(f"{VERB}{name}", "")
        if not verb:
            continue
        if verb not in verbs_of(register, name, form_field):
            reading.errors[name] = [_("This cannot be done to this field.")]
            continue
        try:
            reading.operations.append(Operation(name, verb, _value(name, form_field, verb, data)))
        except ValidationError as error:
            reading.errors[name] = list(error.messages)
    return reading


def _value(name: str, form_field: Any, verb: str, data: Any) -> Any:
    if verb == CLEAR:
        return None
    if verb == SHIFT:
        return _days(data.get(f"{DAYS}{name}", ""))
    value = form_field.clean(form_field.widget.value_from_datadict(data, {}, name))
    if value in (None, "", []):
        raise ValidationError(_("Give a value, or choose to clear the field."))
    return value


def _days(text: str) -> int:
    digits = text.strip().removeprefix("+").removeprefix("-")
    days = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len(str(_MOST_DAYS)) else 0
    if not 0 < days <= _MOST_DAYS:
        raise ValidationError(_("A number of days is expected, such as 7 or -7."))
    return -days if text.strip().startswith("-") else days


def raw_of(operations: list[Operation], data: Any) -> dict[str, list[str]]:
    """The part of the form that was sent which says the same again: kept with a job."""
    kept: dict[str, list[str]] = {}
    for operation in operations:
        for key in (f"{VERB}{operation.name}", f"{DAYS}{operation.name}", operation.name):
            if data.getlist(key):
                kept[key] = [str(text) for text in data.getlist(key)]
    return kept


def new_values(register: Register, operations: list[Operation], row: Any, held: Mapping[str, Any]) -> dict[str, Any]:
    """{field: value} of those fields of the row that come to say something else. `held` are values kept outside the model.

    Raises RowRefusedError where the operation makes no sense for this row.
    """
    values: dict[str, Any] = {}
    for operation in operations:
        name = operation.name
        outside = is_beside(register, name)
        value = _applied(operation, _now(register, row, name, held), _emptied(register, name, outside))
        if outside:
            if register.beside.differs(name, held[name], value):  # type: ignore[union-attr]
                values[name] = value
        elif _stored(value) != getattr(row, register.model._meta.get_field(name).attname):  # type: ignore[union-attr]
            values[name] = value
    return values


def _now(register: Register, row: Any, name: str, held: Mapping[str, Any]) -> Any:
    if is_beside(register, name):
        return held[name]
    return getattr(row, register.model._meta.get_field(name).attname)  # type: ignore[union-attr]


def _stored(value: Any) -> Any:
    return getattr(value, "pk", value)


def _emptied(register: Register, name: str, outside: bool) -> Any:
    if outside:
        form_field = register.beside.form_field(name)  # type: ignore[union-attr]
        return [] if isinstance(form_field, forms.MultipleChoiceField) else None
    field: Any = register.model._meta.get_field(name)
    return None if field.null else ""


def _applied(operation: Operation, now: Any, empty: Any) -> Any:
    verb, value = operation.verb, operation.value
    if verb == CLEAR:
        return empty
    if verb in {ADD, SHIFT} and now is None:
        raise RowRefusedError(_("It is empty, so nothing can be added to it."))
    if verb == ADD:
        return now + type(now)(value)
    if verb == SHIFT:
        return _moved(now, value)
    if verb == APPEND:
        return f"{now}\n{value}" if now and "\n" in str(now) else f"{now} {value}" if now else value
    if verb == PUT_IN:
        return [*(now or []), *(item for item in value if item not in (now or []))]
    if verb == TAKE_OUT:
        return [item for item in (now or []) if item not in value]
    return value


def _moved(now: datetime.date, days: int) -> datetime.date:
    try:
        return now + datetime.timedelta(days=days)
    except OverflowError:
        raise RowRefusedError(_("The date would lie outside the calendar.")) from None


def told(register: Register, operations: list[Operation]) -> str:
    """The operations in words, for the title of the change: "Status: set to Closed"."""
    return pgettext("list", "; ").join(_one_told(register, operation) for operation in operations)


def _one_told(register: Register, operation: Operation) -> str:
    plain = operation.verb in {SHIFT, CLEAR}
    text = f"{operation.value:+d}" if operation.verb == SHIFT else ""
    value = text if plain else shown(register, operation.name, operation.value)
    return str(_TOLD[operation.verb]) % {"field": bind(register, operation.name).label, "value": value}


def shown(register: Register, name: str, value: Any) -> str:
    """A value in words."""
    from pmo.core.registers.cells import CellMaker

    bound = bind(register, name)
    maker = CellMaker(register)
    if isinstance(value, list):
        return _(", ").join(maker.plain(bound, item) for item in value) or maker.plain(bound, None)
    if bound.target is not None and value is not None:
        return str(value)
    return maker.plain(bound, value)
