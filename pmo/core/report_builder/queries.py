"""Which reports a person has."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from pmo.core.people.models import Person
from pmo.core.registers.saved_views.queries import may_publish
from pmo.core.report_builder.models import BuiltReport, ReportReader

Sharing = BuiltReport.Sharing


def visible_reports(user: Any) -> QuerySet[BuiltReport]:
    """Reports the user owns, those of their unit and the units above it, and the public ones."""
    mine = Person.objects.filter(user_id=user.pk, unit__path__startswith=OuterRef("unit__path"))
    rows: QuerySet[BuiltReport] = BuiltReport.objects.filter(
        Q(owner_id=user.pk) | Q(sharing=Sharing.PUBLIC) | Q(Exists(mine), sharing=Sharing.TEAM, unit__isnull=False)
    )
    return rows


def listed(user: Any) -> list[BuiltReport]:
    """The user's reports by name, with `subscribed`. One statement."""
    told = Exists(ReportReader.objects.filter(report=OuterRef("pk"), user_id=user.pk))
    return list(visible_reports(user).annotate(subscribed=told).select_related("owner__person").order_by("name", "pk"))


def may_change(user: Any, report: BuiltReport) -> bool:
    """Its owner, and who keeps the public ones."""
    return report.owner_id == user.pk or (report.sharing == Sharing.PUBLIC and may_publish(user))
