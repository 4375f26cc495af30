"""What a new report starts with: the period, the colours and forecasts of the figures, and texts drafted from what happened."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pmo.core.web.formats import is_zh
from projects.models import Project, StatusReport
from projects.models.choices import Band, Dimension
from projects.queries.computed import Computed, Evidence
from projects.queries.report_document.shown import shown_to
from projects.queries.report_periods import last_report, next_period

_SUMMED = ("", Dimension.SCHEDULE, Dimension.COST, Dimension.RISK)
_MOST = 4
_LONGEST = 500


def new_report_for(project: Project, today: datetime.date) -> StatusReport:
    """An unsaved report on the next period with the project's own forecasts. Two queries at most."""
    start, end = next_period(project.pk, last_report(project.pk), today)
    return StatusReport(
        project=project,
        period_start=start,
        period_end=end,
        forecast_finish=project.forecast_finish or project.planned_finish,
        forecast_cost=project.forecast_cost,
    )


def drafted(
    document: Mapping[str, Any], computed: Computed | None, evidence: Evidence | None, lang: str, *, money: bool
) -> dict[str, Any]:
    """Values for an untouched report, in the author's language: overall colour, summary, achievements, next period, cost."""
    shown = shown_to(document, lang, money=money)
    found: dict[str, Any] = {
        "summary": _summary(evidence, lang, money),
        "achievements": _achieved(shown, lang),
        "next_period": _coming(shown, lang),
    }
    if computed is not None:
        found["declared"] = computed.overall.band
    return found


def estimate_of(project: Project, computed: Computed | None) -> Decimal | None:
    """The estimate at completion to start from: the project's own, else the computed one where currencies agree."""
    if project.forecast_cost is not None or computed is None or computed.figures is None:
        own: Decimal | None = project.forecast_cost
        return own
    return computed.figures.estimate if computed.figures.currency == project.currency else None


def _joined(sentences: list[str], lang: str) -> str:
    return ("" if is_zh(lang) else " ").join(sentences)


def _summary(evidence: Evidence | None, lang: str, money: bool) -> str:
    """The sentence that weighs most in all, then those of schedule, cost and risk, within the length of the field."""
    if evidence is None:
        return ""
    told: list[str] = []
    for dimension in _SUMMED:
        sentence = evidence.sentence(dimension, lang, money=money)
        if sentence and sentence not in told and len(_joined([*told, sentence], lang)) <= _LONGEST:
            told.append(sentence)
    return _joined(told, lang)


def _achieved(document: Mapping[str, Any], lang: str) -> str:
    reached = [stone["name"] for stone in document["milestones"] if stone["why"] == "reached"]
    closed = [row["title"] for section in document["sections"] for row in section["completed"]]
    told = []
    if reached:
        told.append(_("Milestones reached: %(names)s.") % {"names": _listed(reached)})
    if closed:
        told.append(_("Completed: %(names)s.") % {"names": _listed(closed)})
    return _joined(told, lang)


def _coming(document: Mapping[str, Any], lang: str) -> str:
    ahead = [stone for stone in document["milestones"] if stone["why"] != "reached"]
    names = [
        _("%(name)s (%(date)s)") % {"name": stone["name"], "date": stone["expected"]}
        for stone in ahead
        if stone["expected"]
    ]
    if not names:
        return ""
    return _("Next milestones: %(names)s.") % {"names": _listed(names)}


def _listed(names: list[str]) -> str:
    return pgettext("list", ", ").join(names[:_MOST])


COPIED = ("comment", "summary", "achievements", "next_period", "help_needed")


def copied(last: StatusReport, values: Mapping[str, Any], drafts: Mapping[str, Any]) -> dict[str, Any]:
    """What "copy the last report" changes: the declared colour, and each text that is empty or still as it was drafted."""
    found: dict[str, Any] = {"declared": last.declared} if last.declared != Band.GREY else {}
    for name in COPIED:
        typed = str(values.get(name) or "").replace("\r\n", "\n")
        if getattr(last, name) and typed in {"", drafts.get(name, "")}:
            found[name] = getattr(last, name)
    return found
