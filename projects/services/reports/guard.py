"""What stands between a draft and its submission, in words, with the computed evidence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.web.formats import format_score
from projects.access import MONEY
from projects.calc.report_guard import BETTER, NOT_GREEN, UNDECLARED, WORSE, Gap, Rated, gaps
from projects.models import ReportRating, StatusReport
from projects.models.choices import Band, Dimension
from projects.queries.computed import Computed, Evidence, Mark, computed_of, evidence_of

RATING = "rating-"
"""Before the name of a dimension: the key of its comment in the errors of a submission."""


def refuse_gaps(*, actor: Actor, report: StatusReport, day: datetime.date) -> None:
    """Raise ValidationError by field (`declared`, `comment`, `rating-<dimension>`, `asks`) for whatever is missing."""
    computed = computed_of(report.project_id, day)
    ratings = {row.dimension: (row.declared, row.comment) for row in ReportRating.objects.filter(report=report)}
    found = open_gaps(report.declared, report.comment, ratings, computed)
    errors: dict[str, Any] = {}
    if any(not (ask.get("title") and ask.get("decider") and ask.get("needed_by")) for ask in report.asks):
        errors["asks"] = _("Each decision says what is to be decided, by whom and by when.")
    if not found and not errors:
        return
    evidence = evidence_of(report.project_id, day)
    money = actor.is_system or bool(can(actor.user, MONEY, report.project))
    declared = {"": report.declared, **{name: colour for name, (colour, _comment) in ratings.items()}}
    for gap in found:
        errors[_field(gap)] = gap_text(gap, declared[gap.place], computed, evidence, money=money)
    raise ValidationError(errors)


def open_gaps(
    declared: str, comment: str, ratings: Mapping[str, tuple[str, str]], computed: Computed | None
) -> list[Gap]:
    """What is missing: the overall colour first, then the dimensions."""
    marks = computed.dimensions if computed else {}
    rated = [Rated("", declared, comment, computed.overall.band if computed else "")]
    rated += [Rated(name, colour, text, _band(marks.get(name))) for name, (colour, text) in ratings.items()]
    return gaps(rated)


def _band(mark: Mark | None) -> str:
    return mark.band if mark else ""


def _field(gap: Gap) -> str:
    if gap.place:
        return f"{RATING}{gap.place}"
    return "declared" if gap.why == UNDECLARED else "comment"


def gap_text(gap: Gap, declared: str, computed: Computed | None, evidence: Evidence | None, *, money: bool) -> str:
    """One gap as a sentence: what is declared, what the figures say and why, and what to write."""
    if gap.why == UNDECLARED:
        return _("Declare a colour before you submit.")
    name = {"what": Dimension(gap.place).label} if gap.place else {"what": _("Overall")}
    if gap.why == NOT_GREEN:
        if not gap.place:
            return _("Say why the project is not on track and when it will be.")
        return _("%(what)s: say why it is not on track and when it will be.") % name
    told = {**name, **_told(gap, declared, computed, evidence, money)}
    if gap.why == BETTER:
        return (
            _(
                "%(what)s: you declare %(declared)s, the figures say %(computed)s. %(evidence)s Say why you see it better, and by when the figures will follow."
            )
            % told
        )
    return _("%(what)s: you declare %(declared)s, the figures say %(computed)s. Say what they do not show yet.") % told


def _told(gap: Gap, declared: str, computed: Computed | None, evidence: Evidence | None, money: bool) -> dict[str, Any]:
    mark = None
    if computed:
        mark = computed.dimensions.get(gap.place) if gap.place else computed.overall
    lang = get_language() or "zh-hans"
    shown = str(Band(mark.band).label if mark else Band.GREY.label)
    if mark and mark.score is not None:
        shown = f"{shown} {format_score(mark.score, lang)}"
    sentence = evidence.sentence(gap.place, lang, money=money) if evidence else ""
    return {"declared": Band(declared).label, "computed": shown, "evidence": sentence}


WHYS = (UNDECLARED, BETTER, WORSE, NOT_GREEN)
