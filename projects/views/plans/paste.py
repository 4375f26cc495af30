"""Pasting rows from a spreadsheet: the text, what it would become, and in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from pmo.core.audit.actor import request_actor
from projects.models.plan import PlanTask
from projects.services.plans.editing.pasting import Pasted, paste_rows, read_rows
from projects.views.plans.common import draft_for, number_of
from projects.views.plans.editor import columns


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit_paste(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A text is read and shown; `insert` puts it in when every cell can be read. The text stays in its field."""
    plan = draft_for(request, pk)
    text, near = request.POST.get("value", "").replace("\x00", ""), number_of(request.POST or request.GET, "row")
    after = PlanTask.objects.filter(plan=plan, pk=near).first() if near else None
    found: Pasted | None = None
    problem = ""
    if request.method == "POST":
        actor = request_actor(request)
        if "insert" in request.POST:
            try:
                done = paste_rows(actor=actor, plan=plan, near=after.pk if after else None, text=text)
            except ValidationError as error:
                problem = " ".join(error.messages) if getattr(error, "code", "") != "cells" else ""
            else:
                rows = len(done.edit.change["added"]) if done.edit else 0
                told = ngettext("%(n)s row is in the draft.", "%(n)s rows are in the draft.", rows) % {"n": rows}
                messages.success(request, told)
                return redirect(reverse("plan-edit", kwargs={"pk": pk}))
        found = read_rows(actor=actor, plan=plan, text=text)
        if not found.rows and not problem:
            problem = _("There are no rows in the text.")
    names = columns() | {"level": _("Level"), "": "—"}
    context = {
        "project": plan.project,
        "plan": plan,
        "text": text,
        "after": after,
        "found": found,
        "problem": problem,
        "columns": columns(),
        "errors": [(one, names.get(one.column, one.column)) for one in found.errors] if found else [],
        "rows": _shown(found, after.level - 1 if after else 0) if found else [],
    }
    status = 422 if problem or (found and found.errors and "insert" in request.POST) else 200
    return render(request, "projects/plans/paste.html", context, status=status)


def _shown(found: Pasted, above: int) -> list[dict[str, object]]:
    """The first rows on the levels that they will have, with the cells that cannot be read."""
    wrong, names = {(one.line, one.column) for one in found.errors}, list(columns())[1:]
    return [
        {
            "level": row.level + above,
            "name": row.cells.get("name", ""),
            "wrong": (row.line, "name") in wrong,
            "cells": [(row.cells.get(name, ""), (row.line, name) in wrong) for name in names],
        }
        for row in found.rows[:200]
    ]
