"""What a roll-up report says: its projects, their published reports, money, decisions, and whose report is missing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q

from pmo.core.calendars.queries import organisation
from pmo.core.history.queries import as_of
from portfolio.calc.rollup_band import held_by
from portfolio.models import BandOverride, HealthSnapshot, Portfolio, PortfolioItem, Programme, RollupSnapshot
from portfolio.queries.dashboard import WORST_FIRST
from portfolio.queries.scope import Kind, Scope, project_filter
from projects.models import Decision, Project, StatusReport
from projects.models.choices import Band

FORMAT = 1


@dataclass(frozen=True)
class Subject:
    """What is reported on: a programme, or a whole portfolio, for a period."""

    portfolio: Portfolio
    programme: Programme | None
    start: datetime.date
    end: datetime.date

    @property
    def scope(self) -> Scope:
        """The subject as dashboards know it."""
        row = self.programme or self.portfolio
        kind = Kind.PROGRAMME if self.programme else Kind.PORTFOLIO
        return Scope(kind.value, row.pk, row.code, str(row))


def rollup_content(subject: Subject, today: datetime.date) -> dict[str, Any]:
    """The report's content as plain JSON values: dates in ISO form, money as text in the base currency. Nine queries at most.

    The colour is the roll-up's, and never better than that of the worst critical project unless an override is on record.
    """
    known = min(subject.end, today)
    rolled = _roll_up(subject.scope, known)
    day = rolled.date if rolled is not None else known
    ids = _project_ids(subject.scope, day)
    parts = _parts(subject, ids, day, rolled)
    critical = [part["reviewed"] if part["report"] else part["computed"] for part in parts if part["critical"]]
    shown = rolled.band if rolled is not None else Band.GREY.value
    band = shown if _overridden(subject, day) else held_by(shown, critical)
    return {
        "format": FORMAT,
        **_names(subject),
        "period_start": subject.start.isoformat(),
        "period_end": subject.end.isoformat(),
        "as_of": day.isoformat() if rolled is not None else None,
        "band": band,
        "by_average": rolled.computed_band if rolled is not None else Band.GREY.value,
        "held": band != (rolled.computed_band if rolled is not None else Band.GREY.value),
        "health": None if rolled is None or rolled.overall is None else round(rolled.overall, 1),
        "counts": {
            name: getattr(rolled, name) if rolled is not None else 0 for name in ("red", "amber", "green", "grey")
        },
        "milestones": [rolled.milestones_met, rolled.milestones_due] if rolled is not None else [0, 0],
        "money": _money(rolled),
        "parts": parts,
        "missing": [part for part in parts if not part["report"]],
        "decisions": _decisions(ids),
    }


def _names(subject: Subject) -> dict[str, Any]:
    row = subject.programme or subject.portfolio
    lead = subject.programme.manager if subject.programme else subject.portfolio.owner
    return {
        "kind": "programme" if subject.programme else "portfolio",
        "code": row.code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "portfolio_zh": subject.portfolio.name_zh,
        "portfolio_en": subject.portfolio.name_en,
        "lead": _person(lead),
    }


def _person(row: Any) -> list[str]:
    """Chinese and English name."""
    return [row.name_zh, row.name_en] if row is not None else ["", ""]


def _roll_up(scope: Scope, day: datetime.date) -> RollupSnapshot | None:
    rows = RollupSnapshot.objects.filter(kind=scope.kind, ref_id=scope.ref_id, date__lte=day)
    found: RollupSnapshot | None = rows.order_by("-date").first()
    return found


def _project_ids(scope: Scope, day: datetime.date) -> list[int]:
    alive = Project.objects.filter(project_filter(scope, day, "pk"))
    return list(alive.order_by("code").values_list("pk", flat=True))


def _overridden(subject: Subject, day: datetime.date) -> bool:
    if subject.programme is not None:
        return False
    rows = BandOverride.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
    return bool(rows.filter(portfolio_id=subject.portfolio.pk).exists())


def _money(rolled: RollupSnapshot | None) -> dict[str, Any]:
    """Sums first, then the ratio: over the projects that know both terms."""
    names = ("bac", "ac", "ev", "eac", "eac_over")
    sums = {name: _text(getattr(rolled, name)) if rolled is not None else None for name in names}
    cpi = None if rolled is None or rolled.cpi is None else round(rolled.cpi, 3)
    over = None if rolled is None or rolled.eac_over_pct is None else round(rolled.eac_over_pct, 1)
    return {**sums, "cpi": cpi, "eac_over_pct": over, "currency": organisation().base_currency}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _parts(subject: Subject, ids: list[int], day: datetime.date, rolled: RollupSnapshot | None) -> list[dict[str, Any]]:
    """The projects with health on the day, the worst first."""
    snapshots = HealthSnapshot.objects.filter(project_id__in=ids, date=day) if rolled is not None else []
    health = {row.project_id: row for row in snapshots}
    reports = _published(ids, subject)
    critical = set(
        as_of(PortfolioItem, day).filter(project_id__in=ids, critical=True).values_list("project_id", flat=True)
    )
    rows = Project.objects.filter(pk__in=ids).select_related("pm").order_by("code")
    parts = [_part(row, health[row.pk], reports.get(row.pk), row.pk in critical) for row in rows if row.pk in health]
    return sorted(parts, key=_worst_first)


def _worst_first(part: dict[str, Any]) -> tuple[int, int, str]:
    """By the worse of the reviewed and the computed colour, then by the reviewed one."""
    computed, reviewed = WORST_FIRST[part["computed"]], WORST_FIRST[part["reviewed"] or part["computed"]]
    return min(computed, reviewed), reviewed, part["code"]


def _published(ids: list[int], subject: Subject) -> dict[int, StatusReport]:
    """The last published report of each project whose period ends within that of the subject."""
    rows = StatusReport.objects.filter(
        project_id__in=ids,
        state=StatusReport.State.PUBLISHED,
        period_end__gte=subject.start,
        period_end__lte=subject.end,
    ).order_by("period_end", "pk")
    return {row.project_id: row for row in rows}


def _part(project: Project, snapshot: HealthSnapshot, report: StatusReport | None, critical: bool) -> dict[str, Any]:
    return {
        "id": project.pk,
        "code": project.code,
        "name_zh": project.name_zh,
        "name_en": project.name_en,
        "pm": _person(project.pm),
        "critical": critical,
        "computed": snapshot.band,
        "declared": report.declared if report else "",
        "reviewed": (report.reviewed if report.reviewed != Band.GREY else report.declared) if report else "",
        "report": report.pk if report else None,
        "report_code": report.code if report else "",
        "period_end": report.period_end.isoformat() if report else "",
        "summary": report.summary if report else "",
        "forecast_finish": _day(report.forecast_finish if report else project.forecast_finish),
        "bac": _text(snapshot.bac),
        "ac": _text(snapshot.ac),
        "eac": _text(snapshot.eac),
    }


def _day(value: datetime.date | None) -> str:
    return value.isoformat() if value else ""


def _decisions(ids: list[int]) -> list[dict[str, Any]]:
    """Open decisions of the projects, the most urgent first."""
    rows = Decision.objects.filter(project_id__in=ids, state=Decision.State.OPEN).select_related("project", "decider")
    return [
        {
            "id": row.pk,
            "code": row.code,
            "title": row.title,
            "project": row.project_id,
            "project_zh": row.project.name_zh,
            "project_en": row.project.name_en,
            "decider": _person(row.decider),
            "needed_by": _day(row.needed_by),
            "delay_cost": _text(row.delay_cost),
            "currency": row.currency,
        }
        for row in rows.order_by(F("needed_by").asc(nulls_last=True), "pk")
    ]
