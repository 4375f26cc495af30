"""A formula tried while it is typed: what is wrong and where, or what it gives in the first rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pmo.core.access.api import can
from pmo.core.custom_fields.formula.checking import Type
from pmo.core.custom_fields.formula.tree import MOST_LETTERS, FormulaError
from pmo.core.custom_fields.formulas import checked, usable
from pmo.core.custom_fields.models import CustomField
from pmo.core.custom_fields.services.definitions import living_of
from pmo.core.custom_fields.taking import takes_fields
from pmo.core.custom_fields.views import TYPES, worked_out
from pmo.core.registers.declaration import Register, UnknownRegisterError, declared_register

EXAMPLES, LOOKED_AT = 3, 30
_AROUND = 12


@require_GET
def try_formula(request: HttpRequest) -> HttpResponse:
    """What stands below the formula. Writes nothing; for those who may define fields."""
    can(request.user, "add", CustomField).or_raise()
    text = request.GET.get("formula", "").replace("\x00", "")[: MOST_LETTERS + 1]
    if not text.strip():
        return HttpResponse("")
    declared = _register(request.GET.get("register", ""))
    if declared is None:
        return render(request, "custom_fields/trial.html", {"problem": _("Choose the register first.")})
    own = CustomField.objects.filter(register=declared.key, code=request.GET.get("code", "")[:40]).first()
    fields = usable(declared, living_of(declared.key, own.pk if own is not None else None))
    try:
        _tree, kind = checked(text, fields)
    except FormulaError as error:
        return render(request, "custom_fields/trial.html", _wrong(text, error))
    looked = worked_out(request.user, declared, text, fields, LOOKED_AT)
    # Rows of which the formula makes something say more than empty ones.
    rows = sorted(looked, key=lambda one: one[1] is None)[:EXAMPLES]
    context = {"kind": TYPES[kind.name], "unit": _unit(kind), "rows": rows, "register": declared}
    return render(request, "custom_fields/trial.html", context)


def _register(key: str) -> Register | None:
    try:
        declared = declared_register(key)
    except UnknownRegisterError:
        return None
    return declared if takes_fields(declared) else None


def _wrong(text: str, error: FormulaError) -> dict[str, Any]:
    """The fault, with the letters before and after its place."""
    place = max(0, min(error.place - 1, len(text)))
    start = max(0, place - _AROUND)
    return {
        "problem": error.text,
        "place": error.place,
        "before": ("…" if start else "") + text[start:place],
        "at": text[place : place + 1],
        "after": text[place + 1 : place + 1 + _AROUND],
    }


def _unit(kind: Type) -> str:
    """The currency of money that has one of its own."""
    return kind.unit[1:] if kind.unit.startswith("!") else ""
