"""The matrix of roles, its export, and why somebody may do something."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from pmo.core.access.roles import Role
from pmo.core.administration import why
from pmo.core.administration.access import for_readers
from pmo.core.administration.rights import in_words
from pmo.core.administration.roles import ACTIONS, holders, matrix
from pmo.core.audit.actor import request_actor
from pmo.core.audit.services import Act, record
from pmo.core.exports.csv_file import csv_stream
from pmo.core.exports.model import ExportColumn, ExportTable, Value
from pmo.core.features.api import require
from pmo.core.features.declaration import EXPORTS
from pmo.core.registers.declaration import Register, UnknownRegisterError, all_registers, get_register


def _asked(request: HttpRequest) -> tuple[list[str], str]:
    role = request.GET.get("role", "")
    return request.GET.get("q", "").split()[:8], role if role in Role.values else ""


@require_safe
@for_readers
def role_matrix(request: HttpRequest) -> HttpResponse:
    """Registers and rights by role; `?q=` and `?role=` narrow it."""
    words, role = _asked(request)
    sections = matrix(words, role)
    context = {
        "sections": sections,
        "holders": holders(),
        "roles": Role.choices,
        "query": " ".join(words),
        "role": role,
        "shown": sum(len(section.lines) for section in sections),
    }
    return render(request, "administration/roles.html", context)


@require_safe
@for_readers
def role_matrix_csv(request: HttpRequest) -> StreamingHttpResponse:
    """What the page shows, as a file."""
    require(EXPORTS)
    words, role = _asked(request)
    sections = matrix(words, role)
    actor = request_actor(request)
    record(actor=actor, act=Act("export", "core.rolegrant", None, "role-matrix.csv"))
    rows: list[list[Value]] = [
        [
            str(section.label),
            str(line.title),
            line.key,
            str(line.scope),
            *(", ".join(map(str, cell)) for _role, cell in line.cells),
        ]
        for section in sections
        for line in section.lines
    ]
    columns = [
        ExportColumn(str(label)) for label in (_("Group"), _("List or right"), pgettext("right", "Key"), _("Held in"))
    ]
    columns += [ExportColumn(str(label)) for _role, label in Role.choices]
    notes = [(_("By"), actor.name), (_("Time"), f"{timezone.localtime():%Y-%m-%d %H:%M}")]
    response = StreamingHttpResponse(
        csv_stream(ExportTable(_("Roles"), notes, columns, rows)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, "roles.csv") or ""
    return response


@require_safe
@for_readers
def access_why(request: HttpRequest) -> HttpResponse:
    """Pick a person, an action and a row: the answer with its reasons. Asking changes nothing."""
    typed = {name: request.GET.get(name, "").strip() for name in ("who", "action", "register", "row")}
    context: dict[str, Any] = {
        "typed": typed,
        "registers": sorted(((one.key, str(one.title)) for one in all_registers()), key=lambda pair: pair[1]),
        "actions": ACTIONS.items(),
        "people": why.people(),
    }
    if typed["who"] or typed["register"]:
        context |= _answered(request, typed)
    return render(request, "administration/why.html", context)


def _answered(request: HttpRequest, typed: dict[str, str]) -> dict[str, Any]:
    user = why.find_user(typed["who"])
    register = _register(typed["register"])
    if user is None:
        return {"problem": _("No login fits “%(text)s”, or several do.") % {"text": typed["who"]}}
    if register is None or typed["action"] not in ACTIONS:
        return {"problem": _("Choose a list and an action.")}
    row = why.find_row(register, request.user, typed["row"]) if typed["row"] else None
    if typed["row"] and row is None:
        return {"problem": _("There is no row “%(text)s” in this list that you may see.") % {"text": typed["row"]}}
    person = getattr(user, "person", None)
    answer = why.answer(user, typed["action"], row or register.model)
    return {
        "answer": answer,
        "words": in_words(answer.permission),
        "subject": str(person or user),
        "login": user,
        "row": row,
        "asked": register,
        "verb": ACTIONS[typed["action"]],
    }


def _register(key: str) -> Register | None:
    try:
        return get_register(key)
    except UnknownRegisterError:
        return None
