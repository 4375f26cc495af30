"""Registers of the reporting cycle: rules, reports due, delegations, reports that roll up."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.access.api import holds_everywhere
from pmo.core.access.grants import grants_of
from pmo.core.calendars.queries import org_today, working_calendar
from pmo.core.people.models import Person
from pmo.core.registers.declaration import Column, FieldGroup, Filter, Link, Register
from pmo.core.web.formats import EMPTY
from pmo.core.web.rag import rag_html
from portfolio.models import ReportDelegation, ReportingRule, ReportPeriod, RollupReport
from portfolio.queries.mywork import LIVE
from portfolio.queries.reporting import STANDINGS, handed_in_on, in_window, standing_on
from portfolio.services.reporting import delegations, rollups
from projects.models import Project, StatusReport

_TONES = {"on_time": "good", "after": "warn", "due": "info", "late": "bad", "missed": "bad"}
_MOST_PERIODS = 52

RULES = Register(
    key="reporting-rules",
    model=ReportingRule,
    group="administration",
    icon="calendar",
    order=32,
    code_field="",
    columns=[
        Column("cycle", primary=True),
        Column("portfolio", link=True),
        Column("due_after"),
        Column("last_weekday"),
        Column("anchor"),
        Column("reminders"),
        Column("escalate"),
        Column("updated_at"),
    ],
    default_columns=["cycle", "portfolio", "due_after", "last_weekday", "anchor", "reminders", "escalate"],
    default_sort=["cycle", "portfolio"],
    group_by=["cycle", "portfolio"],
    form_fields=["cycle", "portfolio", "due_after", "last_weekday", "anchor", "reminders", "escalate"],
    inline_fields=["due_after", "reminders", "escalate"],
    field_groups=[
        FieldGroup(_("Period"), ("cycle", "portfolio", "last_weekday", "anchor")),
        FieldGroup(_("Due date and reminders"), ("due_after", "reminders", "escalate")),
    ],
    empty=_(
        "No rules yet. Without one, weekly and fortnightly reports are due one working day after the end of the period, "
        "monthly ones three; reminders come two working days before, on the day, and one and three after."
    ),
)


def _dated(text: str) -> tuple[str, datetime.date]:
    """`6@2026-10-01` as its value and day; today without one."""
    value, mark, day = text.partition("@")
    if not mark:
        return value, org_today()
    try:
        parsed = parse_date(day)
    except ValueError:
        parsed = None
    if parsed is None:
        raise ValidationError(_("%(value)s is not a date; expected YYYY-MM-DD.") % {"value": day[:40]})
    return value, parsed


def _window(rows: Any, values: list[str], user: Any) -> Any:
    """Reports that fell due in the last so many periods of their cycle."""
    value, day = _dated(values[-1])
    if not value.isdecimal() or len(value) > 4 or not 1 <= int(value) <= _MOST_PERIODS:
        raise ValidationError(
            _("%(value)s is not a number of periods; expected 1 to %(most)d.")
            % {"value": value[:40], "most": _MOST_PERIODS}
        )
    return rows.filter(in_window(day, int(value)), period_end__lt=day)


def _standing_at(rows: Any, values: list[str], user: Any) -> Any:
    """Reports with one of the standings on a day."""
    found = Q(pk__in=[])
    for number, text in enumerate(values):
        value, day = _dated(text)
        if value not in dict(STANDINGS):
            raise ValidationError(_("%(value)s is not a standing of a report.") % {"value": value[:40]})
        name = f"standing_{number}"
        rows = rows.alias(**{name: standing_on(day)})
        found |= Q(**{name: value, "period_end__lt": day})
    return rows.filter(found)


def _report_of(user: Any) -> Any:
    """The first report that answers for the period."""
    rows = StatusReport.objects.filter(
        Q(period_end__gte=OuterRef("period_start"), period_end__lte=OuterRef("period_end"))
        | Q(period_start__lte=OuterRef("period_start"), period_end__gte=OuterRef("period_end")),
        project_id=OuterRef("project_id"),
        source=StatusReport.Source.FORM,
    ).order_by(F("submitted_on").asc(nulls_last=True), "pk")
    return Subquery(rows.values("pk")[:1], output_field=BigIntegerField())


PERIODS = Register(
    key="report-periods",
    model=ReportPeriod,
    label=_("Reports due"),
    group="projects",
    icon="clock",
    order=21,
    read_only=True,
    code_field="",
    columns=[
        Column("project", link=True, primary=True, sort="project__code"),
        Column("period_end"),
        Column("due_on"),
        Column(
            "standing",
            label=pgettext_lazy("report", "Standing"),
            kind="badge",
            annotate=lambda user: standing_on(org_today()),
            choices=STANDINGS,
            tones=_TONES,
            how=_("On time is what was handed in by the due date. Missed: another period has ended since."),
        ),
        Column("in_on", label=_("Handed in on"), kind="date", annotate=lambda user: handed_in_on(org_today())),
        Column("report", label=_("Status report"), kind="fk", model=StatusReport, annotate=_report_of, link=True),
        Column("owner"),
        Column("unit", sort="unit__path"),
        Column("portfolio", link=True),
        Column("cycle"),
        Column("period_start"),
    ],
    default_columns=["project", "period_end", "due_on", "standing", "in_on", "report", "owner", "unit", "portfolio"],
    default_sort=["-due_on", "project"],
    group_by=["standing", "owner", "unit", "portfolio", "period_end", "cycle"],
    search_fields=["project__code", "project__name_zh", "project__name_en"],
    filters=[
        Filter("window", label=_("Last periods"), apply=_window, advanced=True),
        Filter("standing_at", label=_("Standing on a day"), apply=_standing_at, advanced=True),
    ],
    description=_("Which reports each project owes, when they are due, and whether they came in time."),
    empty=_("No reports are due yet. The nightly run adds one for every running project when a period ends."),
)


def _givers(user: Any) -> Any:
    """Whose reports the user may hand over: the PMO anybody's, everybody else their own."""
    if holds_everywhere(user, delegations.ANYBODY):
        return Person.objects.all()
    return Person.objects.filter(pk=grants_of(user).person_id or 0)


def _takers(user: Any) -> Any:
    """Who can write for others: people who can sign in."""
    rows = Person.objects.filter(user__is_active=True)
    return rows if holds_everywhere(user, delegations.ANYBODY) else rows.exclude(pk=grants_of(user).person_id or 0)


def _given(user: Any) -> Any:
    """The projects whose reports the user may hand over."""
    rows = Project.objects.visible_to(user).filter(status__in=LIVE)
    if holds_everywhere(user, delegations.ANYBODY):
        return rows
    return rows.filter(pm_id=grants_of(user).person_id or 0)


def _own_reports_from_tomorrow(user: Any) -> dict[str, Any]:
    """Who manages a running project hands over their own reports, most likely from the next working day."""
    found: dict[str, Any] = {"starts_on": working_calendar().next_working_day(org_today())}
    person = grants_of(user).person_id
    if person and Project.objects.filter(pm_id=person, status__in=LIVE).exists():
        found["from_person"] = person
    return found


DELEGATIONS = Register(
    key="report-delegations",
    model=ReportDelegation,
    group="projects",
    icon="swap",
    order=22,
    columns=[
        Column("code", width="narrow"),
        Column("from_person", primary=True),
        Column("to_person"),
        Column("project", link=True, sort="project__code"),
        Column("starts_on"),
        Column("ends_on"),
        Column("reason", width="wide"),
        Column("updated_at"),
    ],
    default_columns=["code", "from_person", "to_person", "project", "starts_on", "ends_on", "reason"],
    default_sort=["-starts_on"],
    group_by=["from_person", "to_person"],
    search_fields=["code", "reason", "from_person__name_zh", "from_person__name_en", "to_person__name_zh"],
    form_fields=["from_person", "to_person", "project", "starts_on", "ends_on", "reason"],
    inline_fields=["ends_on"],
    choices_for={"from_person": _givers, "to_person": _takers, "project": _given},
    begins=_own_reports_from_tomorrow,
    create=delegations.create_delegation,
    update=delegations.update_delegation,
    detail_links=[
        Link(
            _("End today"),
            lambda row: reverse("delegation-end", kwargs={"pk": row.pk}),
            icon="check",
            permission=delegations.ANYBODY,
            when=lambda row: row.ends_on >= org_today(),
            post=True,
            ask=_("From today on the project manager writes the reports again, and nobody in their place."),
        )
    ],
    description=_("Who writes and submits the reports of a project manager who is away."),
    empty=_("No delegations yet. Name who writes your reports while you are away."),
)


def _once_published(column: str) -> Column:
    """A figure that a draft does not have yet: it is frozen with the report."""
    kind = "rag" if column == "band" else None

    def shown(value: Any, row: Any, lang: str) -> Any:
        if row.state == RollupReport.State.DRAFT:
            return EMPTY
        return rag_html(value, "word") if kind else value

    return Column(column, kind=kind, format=shown)


def rollup_url(row: Any) -> str:
    """The report's own page."""
    return reverse("rollup-page", kwargs={"pk": row.pk})


ROLLUPS = Register(
    key="rollup-reports",
    model=RollupReport,
    group="portfolio",
    icon="file",
    order=45,
    columns=[
        Column("code", primary=True, width="narrow"),
        Column("programme", link=True, sort="programme__code"),
        Column("portfolio", link=True, sort="portfolio__code"),
        Column("period_end"),
        *map(_once_published, ("band", "reds", "missing")),
        Column("state", kind="badge", tones={"draft": "quiet", "published": "good"}),
        Column("author"),
        Column("published_on"),
        Column("period_start"),
    ],
    default_columns=["code", "programme", "portfolio", "period_end", "band", "reds", "missing", "state", "author"],
    default_sort=["-period_end", "portfolio"],
    group_by=["portfolio", "programme", "state"],
    search_fields=["code", "summary", "portfolio__name_zh", "portfolio__name_en", "programme__name_zh"],
    form_fields=["portfolio", "programme", "period_start", "period_end", "summary", "next_period"],
    field_groups=[
        FieldGroup(_("Period"), ("portfolio", "programme", "period_start", "period_end")),
        FieldGroup(_("Text"), ("summary", "next_period")),
    ],
    state_field="state",
    create=rollups.create_rollup,
    update=rollups.update_rollup,
    delete=rollups.delete_rollup,
    detail_url=rollup_url,
    create_url=lambda: reverse("rollup-new"),
    description=_("Reports of programmes and portfolios, made of the published reports of their projects."),
    empty=_("No roll-up reports yet. One is made of the published reports of a programme or portfolio."),
)

ALL = (RULES, PERIODS, DELEGATIONS, ROLLUPS)
