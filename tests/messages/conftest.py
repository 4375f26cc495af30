"""People and rows that these tests share."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from pmo.core.access.roles import Role
from pmo.core.messages.models import DeliveryLane, MessageDelivery, Notification
from pmo.core.messages.services import notify
from pmo.core.people.models import Person, RoleGrant, User
from tests import factories

PERIOD: dict[str, Any] = {"period": "2026-11", "due": datetime.date(2026, 11, 27)}


def reader(**values: Any) -> User:
    """A login with an address."""
    number = factories.number()
    return factories.user(**{"email": f"reader{number}@example.org", **values})


def tell(*recipients: Any, **values: Any) -> list[Notification]:
    """A reminder of a report of a project that everybody sees."""
    project = values.pop("project", None) or factories.project(name_zh="城轨", name_en="Metro")
    given = {
        "event": "report.due",
        "recipients": recipients,
        "params": {"project": project, **PERIOD},
        "url": "/r/projects/",
        "about": project,
    }
    return notify(**{**given, **values})


def now_due() -> None:
    """Time passes: everything that waits may be tried, every lane is open."""
    MessageDelivery.objects.filter(state="waiting").update(next_at=timezone.now())
    DeliveryLane.objects.update(until=None)


@pytest.fixture
def many(db: None) -> Callable[[int], list[User]]:
    """`many(1000)`: so many logins with addresses, in a few statements."""

    def make(number: int) -> list[User]:
        users = [
            User(username=f"many{index}", email=f"many{index}@example.org", language="en", password="!")
            for index in range(number)
        ]
        made = User.objects.bulk_create(users)
        people = [Person(code=f"M{user.pk}", name_en=user.username, user=user) for user in made]
        RoleGrant.objects.bulk_create(
            [RoleGrant(person=person, role=Role.TEAM_MEMBER) for person in Person.objects.bulk_create(people)]
        )
        return made

    return make
