"""The document of a report: read from history as of a day, or from what was frozen when it was published."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pmo.core.calendars.queries import org_today, organisation_zone, working_calendar
from pmo.core.history.queries import as_of
from pmo.core.people.models import OrgUnit, Person
from projects.models import Project, ReportRating, ReportSnapshot, StatusReport
from projects.queries.computed import Computed, computed_of, evidence_of
from projects.queries.report_document import colours
from projects.queries.report_document.changes import difference
from projects.queries.report_document.forecast import forecast_lines
from projects.queries.report_document.labels import LABELS
from projects.queries.report_document.milestones import milestones
from projects.queries.report_document.strip import strip_of
from projects.queries.report_document.texts import Text, both, day_text, money_text, name_of, words
from projects.queries.report_periods import last_published, period_label
from projects.queries.report_sections import ReportScope, Section, SectionRow, sections_of

SCHEMA = 1
Document = dict[str, Any]


def document_of(report: StatusReport) -> Document:
    """What the report says: the frozen content of a published one, else what holds now (or held when it was published)."""
    frozen = ReportSnapshot.objects.filter(report_id=report.pk).values_list("content", flat=True).first()
    if frozen is not None:
        found: Document = json.loads(frozen)
        return found
    published = report.state == StatusReport.State.PUBLISHED
    return build_document(report, (report.published_on or report.period_end) if published else org_today())


def build_document(report: StatusReport, day: datetime.date, *, compare: bool = True) -> Document:
    """The document as of the day. `compare` False leaves out the strip and the difference. About a dozen queries."""
    project = as_of(Project, day).filter(row_id=report.project_id).first() or report.project
    scope = ReportScope(report.project_id, report.period_start, report.period_end, day)
    computed = computed_of(report.project_id, day)
    evidence = evidence_of(report.project_id, day) if computed else None
    ratings = _ratings(report)
    previous = last_published(report.project_id, report) if compare else None
    before = _facts_of(previous) if previous else None
    known = before["colours"] if before else {}
    sections = sections_of(scope)
    stones, stone_facts = milestones(scope, working_calendar(day=day))
    people = _people(report, project, sections)
    labels = {section.key: words(section.label) for section in sections}
    facts = _facts(report, project, computed, ratings, stone_facts, sections)
    document = {
        "schema": SCHEMA,
        "labels": {key: words(text) for key, text in LABELS.items()},
        "project": _project(project, report.project_id, people, day),
        "report": _report(report, people),
        "overall": colours.overall(report, computed, evidence, known),
        "dimensions": colours.dimensions(ratings, computed, evidence, known),
        "computed_on": day_text(computed.date, report.period_end) if computed else None,
        "texts": {name: getattr(report, name) for name in ("summary", "achievements", "next_period", "help_needed")},
        "forecast": forecast_lines(report, project, computed, working_calendar(day=day)),
        "milestones": stones,
        "sections": [_section(section, labels[section.key], people, scope) for section in sections],
        "facts": facts,
    }
    if compare:
        document["strip"] = strip_of(report)
        document["changes"] = _changes(previous, before, facts, labels)
    return document


def _ratings(report: StatusReport) -> dict[str, ReportRating]:
    if report.pk is None:
        return {}
    return {row.dimension: row for row in ReportRating.objects.filter(report=report)}


def _facts_of(report: StatusReport) -> dict[str, Any]:
    """The facts of a published report: the frozen ones, else those of the day on which it was published."""
    frozen = ReportSnapshot.objects.filter(report_id=report.pk).values_list("content", flat=True).first()
    if frozen is not None:
        found: dict[str, Any] = json.loads(frozen)["facts"]
        return found
    facts: dict[str, Any] = build_document(report, report.published_on or report.period_end, compare=False)["facts"]
    return facts


def _people(report: StatusReport, project: Any, sections: Iterable[Section]) -> dict[int, Person]:
    """Everybody who is named, by id. One query."""
    ids = {report.author_id, report.reviewer_id, project.pm_id, project.sponsor_id}
    ids |= {row.who for section in sections for side in ("pending", "completed") for row in section.shown(side)}
    found: dict[int, Person] = Person.all_objects.in_bulk([pk for pk in ids if pk])
    return found


def _project(project: Any, pk: int, people: dict[int, Person], day: datetime.date) -> dict[str, Any]:
    unit = as_of(OrgUnit, day).filter(row_id=project.unit_id).first() if project.unit_id else None
    return {
        "id": pk,
        "code": project.code,
        "name": name_of(project),
        "pm": name_of(people.get(project.pm_id or 0)),
        "sponsor": name_of(people.get(project.sponsor_id or 0)),
        "unit": name_of(unit),
    }


def _report(report: StatusReport, people: dict[int, Person]) -> dict[str, Any]:
    author = name_of(people.get(report.author_id or 0))
    end = report.period_end
    return {
        "id": report.pk,
        "code": report.code,
        "period": both(lambda language: period_label(report.period_start, end, language)),
        "state": {"key": str(report.state), "label": words(StatusReport.State(report.state).label)},
        "author": author or report.rater or None,
        "reviewer": name_of(people.get(report.reviewer_id or 0)),
        "submitted_on": day_text(report.submitted_on, end),
        "published_on": day_text(report.published_on, end),
        "review_comment": report.review_comment,
        "original_word": report.original_word,
        "replaces": report.replaces.code if report.replaces else "",
        "frozen_at": timezone.now().astimezone(organisation_zone()).strftime("%Y-%m-%d %H:%M"),
    }


def _section(section: Section, label: Text, people: dict[int, Person], scope: ReportScope) -> dict[str, Any]:
    return {
        "key": section.key,
        "label": label,
        **{side: [_row(row, people, scope) for row in section.shown(side)] for side in ("pending", "completed")},
        "pending_count": len(section.pending),
        "completed_count": len(section.completed),
    }


def _row(row: SectionRow, people: dict[int, Person], scope: ReportScope) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "title": row.title,
        "who": name_of(people.get(row.who or 0)),
        "due": day_text(row.due, scope.end),
        "word": words(row.word) if row.word else None,
        "amount": money_text(row.amount, row.currency, open_to_all=True),
        "late": row.late,
        "grave": row.grave,
    }


def _facts(
    report: StatusReport,
    project: Any,
    computed: Computed | None,
    ratings: dict[str, ReportRating],
    stones: dict[str, list[Any]],
    sections: Iterable[Section],
) -> dict[str, Any]:
    figures = computed.figures if computed else None
    return {
        "start": report.period_start.isoformat(),
        "end": report.period_end.isoformat(),
        "colours": colours.colour_facts(report, ratings, computed),
        "finish": report.forecast_finish.isoformat() if report.forecast_finish else None,
        "cost": _amount(report.forecast_cost),
        "eac": _amount(figures.estimate) if figures else None,
        "currency": project.currency,
        "base": figures.currency if figures else "",
        "milestones": stones,
        "lists": {
            section.key: {
                "pending": {str(row.id): row.title for row in section.pending},
                "completed": {str(row.id): row.title for row in section.completed},
            }
            for section in sections
        },
    }


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _changes(
    previous: StatusReport | None, before: dict[str, Any] | None, facts: dict[str, Any], labels: dict[str, Text]
) -> dict[str, Any] | None:
    if previous is None or before is None:
        return None
    return {
        "against": both(lambda language: period_label(previous.period_start, previous.period_end, language)),
        "groups": difference(before, facts, labels),
    }
