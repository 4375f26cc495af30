"""Portfolio and programme as filters of every register that hangs on projects."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, Value
from django.utils.translation import gettext_lazy as _

from pmo.core.kept import kept
from pmo.core.people.names import localised
from pmo.core.registers.declaration import Filter, contribute_filters
from pmo.core.registers.values import is_id
from portfolio.models import Portfolio, PortfolioItem, Programme, ProgrammeItem

REGISTERS = {
    "projects": "pk",
    "milestones": "project_id",
    "budget-lines": "project_id",
    "cost-lines": "project_id",
    "contracts": "project_id",
    "issues": "project_id",
    "decisions": "project_id",
    "actions": "project_id",
    "stakeholders": "project_id",
    "status-reports": "project_id",
    "health": "project_id",
    "risks": "project_id",
}


def _ids(values: list[str], label: Any) -> list[int]:
    if not all(is_id(value) for value in values):
        raise ValidationError(
            _("%(field)s: %(value)s is not the number of a record.")
            % {"field": label, "value": ", ".join(values)[:200]}
        )
    return [int(value) for value in values]


def _by_portfolio(field: str) -> Any:
    def apply(rows: Any, values: list[str], user: Any) -> Any:
        items = PortfolioItem.objects.filter(portfolio_id__in=_ids(values, _("Portfolio")))
        return rows.filter(**{f"{field}__in": items.order_by().values("project_id")})

    return apply


def _by_programme(field: str) -> Any:
    def apply(rows: Any, values: list[str], user: Any) -> Any:
        from django.db.models import Q

        below = Q(pk__in=[])
        for pk in _ids(values, _("Programme")):
            below |= Q(path__contains=f"/{pk}/")
        programmes = Programme.objects.visible_to(user).filter(below).order_by().values("pk")
        items = ProgrammeItem.objects.filter(programme_id__in=programmes)
        return rows.filter(**{f"{field}__in": items.order_by().values("project_id")})

    return apply


def portfolio_choices(user: Any) -> list[tuple[int, str]]:
    return kept(f"scope choices {user.pk}", lambda: _choices(user))["portfolio"]


def programme_choices(user: Any) -> list[tuple[int, str]]:
    return kept(f"scope choices {user.pk}", lambda: _choices(user))["programme"]


def _choices(user: Any) -> dict[str, list[tuple[int, str]]]:
    """Number and name of the portfolios and programmes the user may see, by code: both in one statement."""
    fields = ("pk", "code", "name_zh", "name_en")
    portfolios, programmes = (
        model.objects.visible_to(user).order_by().values_list(Value(kind, output_field=CharField()), *fields)
        for kind, model in (("portfolio", Portfolio), ("programme", Programme))
    )
    found: dict[str, list[tuple[int, str]]] = {"portfolio": [], "programme": []}
    for kind, pk, code, zh, en in sorted(portfolios.union(programmes, all=True), key=lambda row: row[2]):
        found[kind].append((pk, localised(zh, en) or code))
    return found


def contribute_scope_filters() -> None:
    """Add both filters to each register."""
    for key, field in REGISTERS.items():
        if key == "health":  # rows of many days: placed as they were on their day
            continue
        contribute_filters(
            key,
            [
                Filter("portfolio", label=_("Portfolio"), choices=portfolio_choices, apply=_by_portfolio(field)),
                Filter(
                    "programme",
                    label=_("Programme"),
                    choices=programme_choices,
                    apply=_by_programme(field),
                    advanced=True,
                ),
            ],
        )
