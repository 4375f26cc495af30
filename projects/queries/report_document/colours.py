"""The colours of a report: computed, declared, reviewed, the trend against the last published one, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.web.formats import format_score
from pmo.core.web.rag import SEVERITY, Rag, parse_rag, worse
from projects.calc.report_guard import BETTER, needs_comment
from projects.models import ReportRating, StatusReport
from projects.models.choices import Band, Dimension
from projects.queries.computed import Computed, Evidence, Mark
from projects.queries.report_document.texts import Text, both, colour, words

RATED = tuple(
    dimension for dimension in Dimension.values if dimension not in {Dimension.BENEFITS, Dimension.GOVERNANCE}
)
"""The dimensions a project manager rates."""

_TRENDS = {1: _("better"), 0: _("unchanged"), -1: _("worse")}


def mark_text(mark: Mark | None) -> dict[str, Any] | None:
    """A computed colour with its score; None for none."""
    if mark is None:
        return None
    score = None if mark.score is None else both(lambda language: format_score(mark.score, language))
    return {**colour(mark.band), "score": score}


def trend(before: str | None, now: str) -> dict[str, Any] | None:
    """Where a colour moved since the last published report: 1 better, 0 unchanged, -1 worse; None where one is grey."""
    ranks = [SEVERITY[parse_rag(band)] for band in (before, now)]
    if before is None or 0 in ranks:
        return None
    direction = (ranks[0] > ranks[1]) - (ranks[0] < ranks[1])
    return {"direction": direction, "label": words(_TRENDS[direction])}


def evidence_text(evidence: Evidence | None, dimension: str) -> Text | None:
    """Why the computed colour is what it is; where amounts may not be seen, the sentence without them."""
    if evidence is None:
        return None
    found = both(lambda language: evidence.sentence(dimension, language, money=True))
    plain = both(lambda language: evidence.sentence(dimension, language, money=False))
    if not found["en"]:
        return None
    return found if found == plain else {**found, "money": True, "without": plain}


def overall(
    report: StatusReport, computed: Computed | None, evidence: Evidence | None, before: Mapping[str, str]
) -> dict[str, Any]:
    """The colours of the whole."""
    mark = computed.overall if computed and computed.overall.band != Band.GREY else None
    return {
        **_rated("", report.declared, report.reviewed, report.comment, mark, before),
        "evidence": evidence_text(evidence, "") if _wants(report.declared, mark) else None,
    }


def dimensions(
    ratings: Mapping[str, ReportRating], computed: Computed | None, evidence: Evidence | None, before: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The colours by dimension; one that is neither computed nor declared is left out."""
    found = []
    for dimension in RATED:
        row = ratings.get(dimension)
        mark = computed.dimensions.get(dimension) if computed else None
        declared, reviewed = (row.declared, row.reviewed) if row else (Band.GREY, Band.GREY)
        comment = row.comment if row else ""
        if mark is None and declared == Band.GREY and not comment:
            continue
        found.append(
            {
                **_rated(dimension, declared, reviewed, comment, mark, before),
                "label": words(Dimension(dimension).label),
                "evidence": evidence_text(evidence, dimension) if _wants(declared, mark) else None,
            }
        )
    return found


def _wants(declared: str, mark: Mark | None) -> bool:
    """Evidence stands where the colours differ or the figures are not green."""
    return mark is not None and (declared != mark.band or mark.band != Band.GREEN)


def _rated(
    place: str, declared: str, reviewed: str, comment: str, mark: Mark | None, before: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "key": place,
        "computed": mark_text(mark),
        "declared": colour(declared),
        "reviewed": colour(reviewed),
        "comment": comment,
        "trend": trend(before.get(f"declared:{place}"), declared),
        "better": needs_comment(declared, mark.band if mark else "") == BETTER
        and worse(mark.band if mark else "", declared),
    }


def colour_facts(
    report: StatusReport, ratings: Mapping[str, ReportRating], computed: Computed | None
) -> dict[str, str]:
    """Every colour by side and place, for the comparison of two reports."""
    facts = {"declared:": str(report.declared), "reviewed:": str(report.reviewed)}
    if computed:
        facts["computed:"] = str(computed.overall.band)
        facts |= {f"computed:{name}": str(mark.band) for name, mark in computed.dimensions.items() if name in RATED}
    facts |= {f"declared:{name}": str(row.declared) for name, row in ratings.items()}
    return {place: band for place, band in facts.items() if band != Rag.GREY}
