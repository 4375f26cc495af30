"""Statements of access are made once and used again: for other people, after other grants and on other days they still hold."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from pmo.core.access.api import allowed_q
from pmo.core.access.grants import forget, grants_of
from pmo.core.access.roles import DELEGATE, Role
from pmo.core.kept import keeping
from pmo.core.people.models import RoleGrant
from portfolio.models import ReportDelegation
from projects.models import Project
from projects.models.choices import Visibility
from tests import factories

pytestmark = pytest.mark.django_db


def seen(user) -> set[int]:
    """Ids of the projects the user may see, as a request that only reads asks for them."""
    forget(user)
    with keeping():
        return set(Project.objects.filter(allowed_q(user, Project, "view")).values_list("pk", flat=True))


def hidden_project() -> Project:
    return factories.project(visibility=Visibility.PRIVATE)


def test_two_people_in_turn_each_see_their_own() -> None:
    first, second, nobody = (factories.user() for _ in range(3))
    mine, yours = hidden_project(), hidden_project()
    factories.member(mine, first)
    factories.member(yours, second)
    for _turn in range(2):
        assert (seen(first), seen(second), seen(nobody)) == ({mine.pk}, {yours.pk}, set())


def test_a_membership_or_grant_shows_in_the_next_request_and_its_end_too() -> None:
    user, project = factories.user(), hidden_project()
    assert seen(user) == set()
    member = factories.member(project, user)
    assert seen(user) == {project.pk}
    member.delete()
    assert seen(user) == set()
    grant = RoleGrant.objects.create(person=user.person, role=Role.AUDITOR)
    assert seen(user) == {project.pk}
    RoleGrant.objects.filter(pk=grant.pk).update(deleted_at=timezone.now())
    assert seen(user) == set()


def test_a_unit_that_takes_another_place_in_the_tree_takes_its_projects_along() -> None:
    here, there = factories.unit(), factories.unit()
    user = factories.user(Role.PMO_ANALYST, within=here)
    project = factories.project(visibility=Visibility.PRIVATE, unit=there)
    assert seen(user) == set()
    type(there).objects.filter(pk=there.pk).update(path=f"{here.path}{there.pk}/")
    assert seen(user) == {project.pk}


def test_standing_in_for_somebody_ends_with_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    manager, deputy = factories.user(), factories.user()
    project = factories.project(visibility=Visibility.PRIVATE, pm=manager.person)
    now = timezone.now()
    today = now.date()
    ReportDelegation.objects.create(
        from_person=manager.person,
        to_person=deputy.person,
        project=project,
        starts_on=today - datetime.timedelta(days=3),
        ends_on=today + datetime.timedelta(days=1),
    )
    for days, held in ((0, True), (5, False), (0, True)):
        monkeypatch.setattr(timezone, "now", lambda days=days: now + datetime.timedelta(days=days))
        forget(deputy)
        assert (DELEGATE in grants_of(deputy).anywhere) == held, days
        assert (project.pk in seen(deputy)) == held, days
