"""The self-assessment: twelve statements, what they speak for, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from office.access import ASSESS
from office.calc.self_assessment import MOST, Reason, Result, assess
from office.calc.types import TYPES
from office.forms.assessment import AssessmentForm, VerdictForm
from office.models import PMOUnit, TypeAssessment
from office.services.assessments import decide_assessment, store_assessment
from office.words import ANSWERS, STATEMENTS, TYPE_MEANINGS
from pmo.core.access.api import can, get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.people.models import Person
from pmo.core.records.services import StaleRecord


def person_of(request: HttpRequest) -> Person | None:
    """The person behind the login."""
    found: Person | None = Person.objects.filter(user_id=request.user.pk).first()
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def assess_type(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer the statements for a PMO unit."""
    unit = get_or_refuse(request.user, PMOUnit, pk)
    can(request.user, ASSESS, TypeAssessment).or_raise()
    form = AssessmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = store_assessment(
            actor=request_actor(request), unit=unit, answers=form.answers(), assessor=person_of(request)
        )
        return redirect("type-assessment", pk=row.pk)
    context = {"unit": unit, "form": form, "answers": ANSWERS}
    return render(request, "office/assess.html", context, status=422 if form.errors else 200)


@require_safe
def type_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Scores, reasons and the outcome of one assessment."""
    return _page(request, get_or_refuse(request.user, TypeAssessment, pk), VerdictForm())


def _page(request: HttpRequest, row: TypeAssessment, form: VerdictForm) -> HttpResponse:
    result = assess(row.answers)
    previous = TypeAssessment.objects.filter(unit_id=row.unit_id, assessed_on__lt=row.assessed_on)
    before = previous.order_by("-assessed_on", "-pk").first()
    context: dict[str, Any] = {
        "row": row,
        "unit": row.unit,
        "result": result,
        "scores": _scores(result, assess(before.answers) if before else None),
        "before": before,
        "reasons": [_reason(reason) for reason in result.reasons],
        "lines": [_line(code, row, before) for code in STATEMENTS],
        "meaning": TYPE_MEANINGS[row.recommended],
        "runner_up": PMOUnit.Type(result.runner_up).label,
        "same": row.recommended == row.type_before,
        "change": can(request.user, "change", row.unit),
        "form": form,
    }
    return render(request, "office/assessment.html", context, status=422 if form.errors else 200)


def _scores(result: Result, before: Result | None) -> list[dict[str, Any]]:
    found = [
        {
            "label": PMOUnit.Type(name).label,
            "score": result.scores[name],
            "best": name == result.recommended,
            "change": None if before is None else result.scores[name] - before.scores[name],
        }
        for name in TYPES
    ]
    return sorted(found, key=lambda line: -int(line["score"]))


def _reason(reason: Reason) -> dict[str, Any]:
    return {"text": STATEMENTS[reason.code], "answer": dict(ANSWERS)[reason.answer], "points": reason.points}


def _line(code: str, row: TypeAssessment, before: TypeAssessment | None) -> dict[str, Any]:
    words = dict(ANSWERS)
    old = None if before is None else before.answers.get(code)
    answer = row.answers[code]
    return {
        "text": STATEMENTS[code],
        "answer": words[answer],
        "share": round(100 * answer / MOST),
        "old": words[old] if old is not None and old != answer else "",
    }


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Apply the recommendation, or keep the type; with a reason."""
    row = get_or_refuse(request.user, TypeAssessment, pk)
    can(request.user, "change", row.unit).or_raise()
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    apply = form.cleaned_data["verdict"] == "apply"
    try:
        decide_assessment(
            actor=request_actor(request),
            row=row,
            apply=apply,
            person=person_of(request),
            reason=form.cleaned_data["reason"],
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StaleRecord as stale:
        messages.error(request, str(stale))
    else:
        messages.success(request, _("The type is changed.") if apply else _("The type stays as it is."))
    return redirect("type-assessment", pk=row.pk)
