"""What a client sends, checked: known fields, right types, then the register's own form."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from pmo.core.registers.api.problems import Entry, ProblemError, entry
from pmo.core.registers.beside import is_beside
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import NUMERIC, Bound, bind, protected_fields
from pmo.core.registers.forms import RegisterForm, make_form

REASON = "reason"


def read_body(register: Register, data: Any) -> dict[str, Any]:
    """The body as a dictionary of known form fields with values of the right type. Raises ProblemError naming each fault."""
    if not isinstance(data, dict):
        raise ProblemError(HTTPStatus.BAD_REQUEST, _("A JSON object is expected."))
    faults: list[Entry] = []
    for name, value in data.items():
        if name == REASON:
            if not isinstance(value, str):
                faults.append(entry(name, value, _("Text is expected.")))
        elif name not in register.form_fields:
            faults.append(entry(str(name)[:100], _shown(value), _("This field does not exist or cannot be written.")))
        elif is_beside(register, name):
            expected = register.beside.fits(name, value)  # type: ignore[union-attr]
            faults += [entry(name, _shown(value), expected)] if expected else []
        elif not _fits(bind(register, name), value):
            faults.append(entry(name, _shown(value), _expected(bind(register, name))))
    if faults:
        raise ProblemError(HTTPStatus.BAD_REQUEST, _("The record was not saved."), faults, kind="validation")
    return data


def _shown(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)[:200]


def _fits(bound: Bound, value: Any) -> bool:
    if value is None:
        return bool(bound.model_field.null)
    if bound.kind == "bool":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if bound.kind == "fk":
        return isinstance(value, int)
    if bound.kind == "json":
        return True
    return isinstance(value, str | int | float) if bound.kind in NUMERIC else _is_text(bound, value)


def _is_text(bound: Bound, value: Any) -> bool:
    if bound.choices_are_numbers:
        return isinstance(value, int)
    return isinstance(value, str) and "\x00" not in value


def _expected(bound: Bound) -> str:
    if bound.kind == "fk":
        return _("The id of a record is expected.")
    if bound.kind == "bool":
        return _("true or false is expected.")
    if bound.kind in NUMERIC:
        return _("A number is expected.")
    return _("Text is expected.")


def valid_form(register: Register, user: Any, instance: Any, data: dict[str, Any], names: list[str]) -> RegisterForm:
    """A valid form of the named fields. Raises ProblemError with an entry per message."""
    form = make_form(register, user, instance, names=names, data=_form_data(data), by_id=True)
    if form.is_valid():
        return form
    raise ProblemError(
        HTTPStatus.BAD_REQUEST, _("The record was not saved."), form_entries(form, data), kind="validation"
    )


def form_entries(form: RegisterForm, data: dict[str, Any]) -> list[Entry]:
    """The form's errors as entries."""
    return [
        entry("" if name == "__all__" else name, _shown(data.get(name)), message)
        for name, messages in form.errors.items()
        for message in messages
    ]


def _form_data(data: dict[str, Any]) -> dict[str, Any]:
    """JSON values as form values: null is empty, the rest stays."""
    return {name: "" if value is None else value for name, value in data.items() if name != REASON}


def refuse_hidden(register: Register, data: dict[str, Any], masked: set[str]) -> None:
    """Fields the user may not see cannot be written: 403 that names them."""
    named = [name for name in data if name in masked]
    if named:
        reason = _("You may not see this field here.")
        detail = _("You may not write %(field)s.") % {"field": ", ".join(named)}
        raise ProblemError(HTTPStatus.FORBIDDEN, detail, [entry(name, None, reason) for name in named])


def unreadable(register: Register, allowed: list[str]) -> set[str]:
    """Protected form fields that are not among the allowed ones."""
    return {name for name in protected_fields(register) if name in register.form_fields and name not in allowed}
