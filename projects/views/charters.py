"""The charter of a project: read, submit, sign, approve, open again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import can, get_or_refuse
from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.pdf.printing import pdf_response, printed_by, record_pdf
from pmo.core.records.services import StaleRecord
from pmo.core.registers.values import is_id
from projects.access import APPROVE_CHARTER, MONEY, REOPEN_CHARTER, SIGN_CHARTER, SUBMIT_CHARTER
from projects.forms.charters import ApproveForm, ReopenForm
from projects.models import CharterRevision, CharterSignature, Project, ProjectCharter
from projects.models.choices import ProjectStatus
from projects.paper import charter as paper
from projects.queries.charter import CharterDocument, charter_of, document, revisions_of
from projects.services import charters as services

STATES = ProjectCharter.State


@require_safe
def charter_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The charter as a document; `?revision=` reads an earlier one."""
    project: Project = get_or_refuse(request.user, Project, pk)
    charter = charter_of(project)
    if charter is None:
        context = {
            "project": project,
            "can_add": can(request.user, "add", ProjectCharter(project=project)),
            "begun": project.status != ProjectStatus.NOT_STARTED,
        }
        return render(request, "projects/charter_none.html", context)
    can(request.user, "view", charter).or_raise()
    return render(request, "projects/charter.html", _page(request, charter, _chosen(request, charter)))


@require_safe
def charter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The charter as its page shows it to the reader, as a PDF; `?revision=` takes an earlier one."""
    project: Project = get_or_refuse(request.user, Project, pk)
    charter = charter_of(project)
    if charter is None:
        raise Http404(_("This project has no charter yet."))
    can(request.user, "view", charter).or_raise()
    page = _page(request, charter, _chosen(request, charter))
    actor = request_actor(request)
    content = paper.charter_pdf(charter, page["doc"], money=page["money"], note=printed_by(actor.name))
    record_pdf(actor=actor, model=ProjectCharter._meta.label_lower, label=charter.code)
    return pdf_response(content, f"{charter.code}-{page['doc'].number}.pdf")


def _chosen(request: HttpRequest, charter: ProjectCharter) -> int | None:
    """The earlier revision that the address asks for. Raises Http404 for one that is not there."""
    raw = request.GET.get("revision", "")
    if not raw:
        return None
    if not is_id(raw):
        raise Http404(_("There is no such revision."))
    return None if int(raw) == charter.revision else int(raw)


def _page(
    request: HttpRequest,
    charter: ProjectCharter,
    number: int | None = None,
    *,
    approve: ApproveForm | None = None,
    reopen: ReopenForm | None = None,
) -> dict[str, Any]:
    revisions = revisions_of(charter)
    text: ProjectCharter | CharterRevision | None = charter
    if number is not None:
        text = next((row for row in revisions if row.number == number), None)
        if text is None:
            raise Http404(_("There is no such revision."))
    money = bool(can(request.user, MONEY, charter))
    assert text is not None  # noqa: S101  chosen just above
    shown = document(charter, text, money=money)
    return {
        "project": charter.project,
        "charter": charter,
        "doc": shown,
        "text": text,
        "revisions": revisions,
        "money": money,
        "today": org_today(),
        "missing": [line.label for line in shown.signatures if line.signature is None],
        "own": _own_capacities(request, charter, shown),
        "approve": approve or ApproveForm(),
        "reopen": reopen or ReopenForm(),
        "can_change": can(request.user, "change", charter),
        "can_submit": can(request.user, SUBMIT_CHARTER, charter),
        "can_sign": can(request.user, SIGN_CHARTER, charter),
        "can_approve": can(request.user, APPROVE_CHARTER, charter),
        "can_reopen": can(request.user, REOPEN_CHARTER, charter),
    }


def _own_capacities(request: HttpRequest, charter: ProjectCharter, shown: CharterDocument) -> list[Any]:
    """In which capacities the reader still has to sign."""
    person = getattr(request.user, "person", None) if grants_of(request.user).person_id else None
    if person is None or charter.state != STATES.SUBMITTED or shown.old:
        return []
    signed = {line.capacity for line in shown.signatures if line.signature}
    held = services.capacities_of(request_actor(request), charter, person)
    return [one for one in held if one not in signed]


def _charter(request: HttpRequest, pk: int, permission: str) -> ProjectCharter:
    """The charter of the project for an act on it: 404 where it is not visible, 403 where the act is not allowed."""
    project: Project = get_or_refuse(request.user, Project, pk)
    charter = charter_of(project)
    if charter is None:
        raise Http404(_("This project has no charter yet."))
    can(request.user, permission, charter).or_raise()
    return charter


@require_POST
def submit_charter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the draft to sponsor and PMO."""
    charter = _charter(request, pk, SUBMIT_CHARTER)
    actor = request_actor(request)
    return _act(request, charter, lambda: services.submit_charter(actor=actor, charter=charter), _("Submitted."))


@require_POST
def sign_charter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Sign the submitted text in the capacity that is posted, or the first that is open."""
    charter = _charter(request, pk, SIGN_CHARTER)
    actor, capacity = request_actor(request), request.POST.get("capacity", "")
    return _act(
        request,
        charter,
        lambda: services.sign_charter(actor=actor, charter=charter, capacity=capacity),
        _("Signed."),
    )


@require_POST
def approve_charter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put the submitted text in force."""
    charter = _charter(request, pk, APPROVE_CHARTER)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _refused(request, charter, approve=form)
    actor, day = request_actor(request), form.cleaned_data["effective_on"]
    return _act(
        request,
        charter,
        lambda: services.approve_charter(actor=actor, charter=charter, effective_on=day),
        _("Approved."),
        approve=form,
    )


@require_POST
def reopen_charter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Open it again with a reason: an approved one becomes the next revision."""
    charter = _charter(request, pk, REOPEN_CHARTER)
    form = ReopenForm(request.POST)
    form.is_valid()
    actor, reason = request_actor(request), form.cleaned_data.get("reason", "")
    return _act(
        request,
        charter,
        lambda: services.reopen_charter(actor=actor, charter=charter, reason=reason),
        _("Opened again."),
        reopen=form,
    )


def _act(
    request: HttpRequest, charter: ProjectCharter, act: Callable[[], Any], done: str, **forms: Any
) -> HttpResponseBase:
    """Run a step; what is wrong is said on the page, with the typed text kept."""
    try:
        act()
    except ValidationError as error:
        for form in forms.values():
            for name, found in (getattr(error, "error_dict", None) or {"": error.error_list}).items():
                form.add_error(name if name in form.fields else None, found)
        return _refused(request, charter, said=[] if forms else error.messages, **forms)
    except StaleRecord:
        return _refused(request, charter, said=[_("Somebody else was faster: this is the charter as it stands now.")])
    messages.success(request, done)
    return redirect("project-charter", pk=charter.project_id)


def _refused(
    request: HttpRequest, charter: ProjectCharter, *, said: list[Any] | None = None, **forms: Any
) -> HttpResponse:
    """The page of the stored charter once more with what was refused."""
    stored = charter_of(charter.project)
    assert stored is not None  # noqa: S101  it was read in this request
    context = _page(request, stored, **forms) | {"said": said or []}
    return render(request, "projects/charter.html", context, status=422)


def charter_tab(request: HttpRequest, row: Project) -> HttpResponse:
    """The charter in short, on the page of its project."""
    charter = charter_of(row)
    money = bool(can(request.user, MONEY, row))
    context: dict[str, Any] = {
        "project": row,
        "charter": charter,
        "doc": document(charter, charter, money=money) if charter else None,
        "money": money,
        "begun": row.status != ProjectStatus.NOT_STARTED,
        "can_add": can(request.user, "add", ProjectCharter(project=row)),
        "signature_labels": CharterSignature.Capacity,
    }
    return render(request, "projects/tab_charter.html", context)
