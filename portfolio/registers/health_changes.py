"""Filters of the health register that read each row on its own day: placement, unit, objective, and what changed."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.registers.declaration import Filter, contribute_filters
from pmo.core.registers.values import is_id
from portfolio.models import Contribution
from portfolio.queries.changes import CHANGES, changed
from portfolio.queries.groupings import business_units, themes
from portfolio.queries.reporting import newly_late
from portfolio.queries.scope import Scope, project_filter
from portfolio.registers.filters import portfolio_choices, programme_choices
from portfolio.registers.past import asked_day, held, in_portfolio, in_programme
from projects.models import Project

NONE = 0


def _ids(values: list[str]) -> list[int]:
    if not all(is_id(value) for value in values):
        raise ValidationError(_("%(value)s is not the number of a record.") % {"value": ", ".join(values)[:200]})
    return [int(value) for value in values]


def _portfolio(rows: Any, values: list[str], user: Any) -> Any:
    return in_portfolio(rows, _ids(values), "date")


def _programme(rows: Any, values: list[str], user: Any) -> Any:
    return in_programme(rows, _ids(values), "date")


def _business_unit(rows: Any, values: list[str], user: Any) -> Any:
    """Projects whose unit counted to one of the business units on the row's day; 0 stands for projects without a unit."""
    asked, counted = set(_ids(values)), business_units()
    units = [unit for unit, group in counted.items() if group in asked]
    inside = Q(unit_id__in=units) | Q(unit_id__isnull=True) if NONE in asked else Q(unit_id__in=units)
    return rows.filter(Exists(held(Project, OuterRef("date"), row_id=OuterRef("project_id")).filter(inside)))


def _theme(rows: Any, values: list[str], user: Any) -> Any:
    """Projects that contributed to an objective of one of the themes on the row's day."""
    asked, counted = set(_ids(values)), themes()
    objectives = [objective for objective, top in counted.items() if top in asked]
    placed = held(Contribution, OuterRef("date"), project_id=OuterRef("project_id"), objective_id__in=objectives)
    return rows.filter(Exists(placed))


def _changed(rows: Any, values: list[str], user: Any) -> Any:
    """Rows that differ from the run before: in colour, newly red, newly stale."""
    if values[-1] not in CHANGES:
        expected = ", ".join(CHANGES)
        raise ValidationError(
            _("%(value)s is no change; expected %(names)s.") % {"value": values[-1], "names": expected}
        )
    return changed(rows, values[-1])


def _placed(rows: Any, values: list[str], user: Any) -> Any:
    """Rows of projects that lay in a portfolio or programme on a day: `portfolio-3@2026-09-30`."""
    found = re.fullmatch(r"(portfolio|programme)-(\d{1,18})@(.+)", values[-1])
    if found is None:
        raise ValidationError(
            _("%(value)s cannot be used; expected portfolio-3@2026-09-30.") % {"value": values[-1][:60]}
        )
    return rows.filter(project_filter(Scope(found[1], int(found[2]), "", ""), asked_day([found[3]])))


def _newly_late(rows: Any, values: list[str], user: Any) -> Any:
    """Reports that are late on a day and were not on one before: `2026-09-29@2026-09-30`."""
    before, mark, day = values[-1].partition("@")
    if not mark:
        raise ValidationError(
            _("%(value)s cannot be used; expected 2026-09-29@2026-09-30.") % {"value": values[-1][:60]}
        )
    return newly_late(rows, asked_day([before]), asked_day([day]))


def contribute() -> None:
    """Add them."""
    contribute_filters(
        "report-periods",
        [
            Filter("placed", label=gettext_lazy("Portfolio or programme on a day"), apply=_placed, advanced=True),
            Filter("newly_late", label=gettext_lazy("Newly late"), apply=_newly_late, advanced=True),
        ],
    )
    contribute_filters(
        "health",
        [
            Filter("portfolio", label=gettext_lazy("Portfolio"), choices=portfolio_choices, apply=_portfolio),
            Filter(
                "programme", label=gettext_lazy("Programme"), choices=programme_choices, apply=_programme, advanced=True
            ),
            Filter("business_unit", label=gettext_lazy("Business unit"), apply=_business_unit, advanced=True),
            Filter("theme", label=gettext_lazy("Strategic theme"), apply=_theme, advanced=True),
            Filter(
                "changed",
                label=gettext_lazy("Since the last run"),
                choices=list(CHANGES.items()),
                apply=_changed,
                advanced=True,
            ),
        ],
    )
