"""Placing projects in portfolios and programmes."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_record, delete_record, update_record
from portfolio.models import Portfolio, PortfolioItem, Programme, ProgrammeItem
from projects.models import Project


def place_in_portfolio(
    *,
    actor: Actor,
    project: Project,
    portfolio: Portfolio,
    critical: bool | None = None,
    reason: str = "",
    day: datetime.date | None = None,
) -> PortfolioItem:
    """Make it the project's one primary portfolio. A programme of another portfolio is left."""
    with transaction.atomic():
        item: PortfolioItem | None = PortfolioItem.objects.filter(project=project).first()
        if item is None:
            row = PortfolioItem(portfolio=portfolio, project=project, critical=bool(critical))
            return create_record(actor=actor, row=row, reason=reason, day=day)
        values: dict[str, object] = {"portfolio": portfolio}
        if critical is not None:
            values["critical"] = critical
        update_record(actor=actor, row=item, values=values, reason=reason, day=day)
        stray = ProgrammeItem.objects.filter(project=project).exclude(programme__portfolio=portfolio).first()
        if stray is not None:
            delete_record(actor=actor, row=stray, reason=reason, day=day)
    return item


def place_in_programme(
    *, actor: Actor, project: Project, programme: Programme, reason: str = "", day: datetime.date | None = None
) -> ProgrammeItem:
    """Put the project in the programme and out of any other. Both must belong to one portfolio."""
    item = PortfolioItem.objects.filter(project=project).first()
    if item is None or item.portfolio_id != programme.portfolio_id:
        raise ValidationError(
            {"programme": _("%(programme)s belongs to another portfolio than the project.") % {"programme": programme}}
        )
    current: ProgrammeItem | None = ProgrammeItem.objects.filter(project=project).first()
    if current is None:
        return create_record(
            actor=actor, row=ProgrammeItem(programme=programme, project=project), reason=reason, day=day
        )
    return update_record(actor=actor, row=current, values={"programme": programme}, reason=reason, day=day)
