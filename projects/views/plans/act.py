"""One operation on the draft: JSON of the rows that changed for the outline, a redirect for a plain form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pmo.core.audit.actor import Actor, request_actor
from pmo.core.records.listed import Listed
from pmo.core.records.services import StaleRecord
from projects.models.plan import PlanEdit, PlanTask, PlanVersion, TaskLink
from projects.queries.plans.outline_rows import outline_rows, shapes
from projects.services.plans import editing
from projects.services.plans.editing import Done
from projects.services.plans.editing.pasting import SCREEN, paste_rows
from projects.services.plans.editing.rollup import rules_of
from projects.views.plans.common import draft_for, number_of

_FULL = 40
_TREE = {"position", "level", "parent_id", "summary"}
Sent = Mapping[str, Any]


@require_POST
def plan_edit_act(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Do what `act` says to `row`; a refusal is told in words (422), a rival's change with the row as it stands (409)."""
    plan = draft_for(request, pk)
    json = "application/json" in request.headers.get("Accept", "")
    try:
        done = perform(request_actor(request), plan, request.POST)
    except StaleRecord as error:
        text = faster(error.current, request.POST.get("field", ""))
        if json:
            row = outline_rows(plan, rules_of(plan), [error.current.pk])
            return JsonResponse({"text": text, "rows": row}, status=409)
        messages.error(request, text)
    except ValidationError as error:
        text = " ".join(error.messages)
        if json:
            preview = getattr(error, "code", "") == "cells"
            return JsonResponse({"text": text, "preview": preview}, status=422)
        messages.error(request, text)
    else:
        if json:
            behind = request.POST.get("seq", "") != done.since.isoformat()
            return JsonResponse(answer(plan, done) | {"behind": behind})
    where = reverse("plan-edit", kwargs={"pk": pk})
    page = request.POST.get("page", "")
    return redirect(f"{where}?page={page}" if page.isascii() and page.isdigit() else where)


def faster(task: PlanTask, field: str) -> str:
    """What the user is told whose row was changed meanwhile."""
    now = {"name": task.name}.get(field)
    if now is None:
        return _("Somebody was faster and changed this row. Your text is kept; save again to replace theirs.")
    return _("Somebody was faster: the value is now “%(value)s”. Your text is kept; save again to replace it.") % {
        "value": now
    }


def perform(actor: Actor, plan: PlanVersion, sent: Sent) -> Done:
    """The operation that was asked for. Raises ValidationError, StaleRecord."""
    act = _ACTS.get(sent.get("act", ""))
    if act is None:
        raise ValidationError(_("There is no such operation."), code="act")
    return act(actor, plan, sent)


def _row(sent: Sent) -> int:
    row = number_of(sent, "row")
    if row is None:
        raise ValidationError(_("Choose a row first."), code="row")
    return row


def _text(sent: Sent) -> str:
    """What was typed or pasted, without the character that no database takes."""
    return str(sent.get("value", "")).replace("\x00", "")


def _edit(actor: Actor, plan: PlanVersion, sent: Sent) -> Done:
    return editing.edit_cell(
        actor=actor,
        plan=plan,
        row=_row(sent),
        field=sent.get("field", ""),
        text=_text(sent),
        expected_version=number_of(sent, "version"),
    )


def _paste(actor: Actor, plan: PlanVersion, sent: Sent) -> Done:
    text = _text(sent)
    if text.strip().count("\n") >= SCREEN:
        raise ValidationError(_("Look at the rows before they are put in."), code="cells")
    return paste_rows(actor=actor, plan=plan, near=number_of(sent, "row"), text=text)


_ACTS: dict[str, Callable[[Actor, PlanVersion, Sent], Done]] = {
    "edit": _edit,
    "paste": _paste,
    "above": lambda actor, plan, sent: editing.insert_row(actor=actor, plan=plan, near=number_of(sent, "row")),
    "below": lambda actor, plan, sent: editing.insert_row(
        actor=actor, plan=plan, near=number_of(sent, "row"), below=True
    ),
    "indent": lambda actor, plan, sent: editing.indent_row(actor=actor, plan=plan, row=_row(sent)),
    "outdent": lambda actor, plan, sent: editing.indent_row(actor=actor, plan=plan, row=_row(sent), out=True),
    "up": lambda actor, plan, sent: editing.move_row(actor=actor, plan=plan, row=_row(sent), down=False),
    "down": lambda actor, plan, sent: editing.move_row(actor=actor, plan=plan, row=_row(sent), down=True),
    "delete": lambda actor, plan, sent: editing.delete_row(actor=actor, plan=plan, row=_row(sent)),
    "undo": lambda actor, plan, sent: editing.undo(actor=actor, plan=plan),
    "redo": lambda actor, plan, sent: editing.redo(actor=actor, plan=plan),
}


def answer(plan: PlanVersion, done: Done) -> dict[str, Any]:
    """What changed, and no more: whole rows where their content differs, else their place in the outline."""
    changed, fields = set(done.changed), done.edit.change["fields"] if done.edit else {}
    full = changed if len(changed) <= _FULL else {row for row in changed if not _only_tree(fields.get(str(row)))}
    full = full | _relinked(plan, done.edit)
    rows = outline_rows(plan, rules_of(plan), full)
    places = changed - full
    return {
        "seq": done.at.isoformat(),
        "rows": rows,
        "shapes": shapes(plan, places) if places else [],
        "gone": list(done.gone),
        "row": done.row,
        **history(plan, done),
    }


def _only_tree(columns: Mapping[str, Any] | None) -> bool:
    return bool(columns) and not (set(columns or {}) - _TREE)


def _relinked(plan: PlanVersion, edit: PlanEdit | None) -> set[int]:
    """Rows whose predecessors came or went with others."""
    if edit is None:
        return set()
    links, rows = (edit.change[f"{what}added"] + edit.change[f"{what}gone"] for what in ("links_", ""))
    if not links and not rows:
        return set()
    found = TaskLink.objects.filter(Q(Listed("pk", links)) | Q(Listed("predecessor_id", rows)), successor__plan=plan)
    return set(found.order_by().values_list("successor_id", flat=True))


def history(plan: PlanVersion, done: Done | None = None) -> dict[str, Any]:
    """What undo and redo would do, in words; None where there is nothing. An operation that was just `done` says most of it itself."""
    back, again = done.edit if done is not None else None, None
    if back is not None and back.undone:
        back, again = None, back
    if back is None:
        back = editing.last_edit(plan)
    if again is None and (done is None or done.edit is None or done.turned):
        again = editing.next_edit(plan)
    return {"undo": back and label(back), "redo": again and label(again)}


def label(edit: PlanEdit) -> str:
    """An operation in words."""
    kinds = {
        "insert": _("Insert row"),
        "paste": _("Paste rows"),
        "indent": _("Indent"),
        "outdent": _("Outdent"),
        "up": _("Move up"),
        "down": _("Move down"),
        "delete": _("Delete row"),
        "edit": _("Change"),
    }
    return f"{kinds.get(edit.kind, edit.kind)} {edit.label}".strip()
