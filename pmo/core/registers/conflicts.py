"""A lost update caught in time: what was there, what you typed, what somebody else saved; and putting them together."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from pmo.core.audit.models import AuditEntry
from pmo.core.registers.beside import is_beside
from pmo.core.registers.cells import CellMaker
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import bind
from pmo.core.registers.forms import RegisterForm
from pmo.core.registers.history import who_acted

WAS = "was-"
PICK = "pick-"
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Line:
    """One field on which the two versions differ. `pick` is the choice proposed."""

    field: Any
    was: str
    yours: str
    theirs: str
    pick: str


@dataclass(frozen=True)
class Conflict:
    """The whole conflict page."""

    lines: list[Line]
    same: list[Any]
    by: str
    at: datetime.datetime | None
    version: int
    was: list[tuple[str, str]]


def raw_values(form: RegisterForm) -> list[tuple[str, str]]:
    """The form's present values as a browser would send them, under the names that remember them."""
    return [(f"{WAS}{name}", raw(form, name)) for name in form.fields]


def raw(form: RegisterForm, name: str) -> str:
    """One value as a browser would send it."""
    value = form[name].value()
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def merged(data: QueryDict, current: RegisterForm) -> QueryDict:
    """What the conflict page sent, with the other's value where the user picked it."""
    result = data.copy()
    for name in current.fields:
        if data.get(f"{PICK}{name}") == THEIRS:
            several = current[name].value()
            if isinstance(several, list):
                result.setlist(name, several)
                continue
            result[name] = raw(current, name)
            if result[name] == "":
                result.pop(name)
    return result


def conflict_of(
    *, register: Register, form: RegisterForm, current_form: RegisterForm, current: Any, sent: Mapping[str, Any]
) -> Conflict:
    """Compare the valid `form` with the row as it stands now; `sent` holds what the user saw when opening it."""
    lines, same = [], []
    maker = CellMaker(register)
    for name in form.fields:
        yours, theirs = form.cleaned_data[name], present(register, current, name)
        if yours == theirs or (yours in (None, "") and theirs in (None, "")):
            same.append(form[name])
            continue
        known, was = _seen(form, name, sent)
        untouched = known and (was == yours or (was in (None, "") and yours in (None, "")))
        texts = [_text(maker, register, name, value) for value in (was, yours, theirs)]
        lines.append(Line(form[name], texts[0] if known else "", texts[1], texts[2], THEIRS if untouched else MINE))
    acts = AuditEntry.objects.filter(model=register.model._meta.label_lower, object_id=current.pk)
    entry = acts.select_related("actor__person").order_by("-id").first()
    return Conflict(
        lines=lines,
        same=same,
        by=who_acted(entry) if entry else "",
        at=entry.at if entry else None,
        version=current.version,
        was=raw_values(current_form),
    )


def present(register: Register, current: Any, name: str) -> Any:
    """What the row holds now, as the form would clean it."""
    if not is_beside(register, name):
        return getattr(current, name)
    value = register.beside.values([current.pk], [name])[current.pk][name]  # type: ignore[union-attr]
    target = bind(register, name).target
    return target._base_manager.filter(pk=value).first() if target is not None and value is not None else value


def _seen(form: RegisterForm, name: str, sent: Mapping[str, Any]) -> tuple[bool, Any]:
    """Whether it is known what the user saw, and what it was."""
    text = sent.get(f"{WAS}{name}")
    if text is None:
        return False, None
    field = form.fields[name]
    try:
        return True, field.to_python(text == "on" if isinstance(field, forms.BooleanField) else text)
    except ValidationError:
        return False, None


def _text(maker: CellMaker, register: Register, name: str, value: Any) -> str:
    bound = bind(register, name)
    if bound.target is not None:
        return str(value) if value is not None else maker.plain(bound, None)
    return maker.plain(bound, value)
