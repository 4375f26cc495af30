"""What the people of the demo company have been told lately: computed from its rows by the product's own rules, sent to nobody."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from pmo.core.messages.api import Notification, notify
from pmo.core.messages.models import MessageDelivery
from pmo.core.people.models import Person
from portfolio.models import HealthSnapshot
from portfolio.services.telling import tell_colour_changes
from projects.models import Action, Decision, StatusReport
from projects.models.ridac import WorkState

_EACH = 40
_READ_AFTER = datetime.timedelta(days=3)


def tell_demo(day: datetime.date) -> int:
    """Notifications of the logins for what is pending on the day; returns how many. A bounded number of statements."""
    before = Notification.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    logins = Person.objects.filter(user__isnull=False, user__is_active=True)
    for row in _returned(logins):
        _tell(
            "report.returned",
            row.project.pm,
            row,
            row.review_comment,
            "report-page",
            person=row.reviewer or row.project.pm,
        )
    for row in _decisions(logins):
        _tell("decision.needed", row.decider, row, "", "decisions", decision=row.title)
    for row in _actions(logins, day):
        _tell("assigned", row.owner, row, "", "actions", person=row.project.pm or row.owner, subject=row.title)
    last = HealthSnapshot.objects.order_by("-date").values_list("date", flat=True).first()
    if last is not None:
        tell_colour_changes(day=last)
    return _quieten(Notification.objects.filter(pk__gt=before))


def _returned(logins: Any) -> Any:
    rows = StatusReport.objects.filter(state=StatusReport.State.RETURNED, project__pm__in=logins)
    return rows.select_related("project__pm", "reviewer").order_by("-period_end")[:_EACH]


def _decisions(logins: Any) -> Any:
    rows = Decision.objects.filter(state=Decision.State.OPEN, decider__in=logins)
    return rows.select_related("project", "decider").order_by("-needed_by", "pk")[:_EACH]


def _actions(logins: Any, day: datetime.date) -> Any:
    rows = Action.objects.filter(state=WorkState.OPEN, owner__in=logins, due_on__gte=day).exclude(
        owner=F("project__pm")
    )
    return rows.select_related("project__pm", "owner").order_by("due_on", "pk")[:_EACH]


def _tell(event: str, to: Person, row: Any, text: str, page: str, **params: Any) -> None:
    url = (
        reverse(page, args=[row.pk]) if "-" in page else reverse("register-detail", kwargs={"key": page, "pk": row.pk})
    )
    given = {"project": row.project, "period": getattr(row, "period_end", ""), **params}
    notify(
        event=event, recipients=[to], params=given, text=text, url=url, about=row, key=f"demo:{row.pk}", broadcast=False
    )


def _quieten(made: QuerySet[Notification]) -> int:
    """Nobody of an invented company gets mail for its history; what is older than a few days counts as read."""
    MessageDelivery.objects.filter(notification__in=made).delete()
    made.update(for_digest=False)
    rows = list(made.order_by("pk"))
    now = timezone.now()
    for place, row in enumerate(reversed(rows)):
        row.created_at = now - datetime.timedelta(hours=3 + 5 * (place % 30), minutes=7 * (place % 8))
        row.read_at = now if now - row.created_at > _READ_AFTER else None
    Notification.objects.bulk_update(rows, ["created_at", "read_at"], batch_size=200)
    return len(rows)
