"""Who sees and may do what: membership, units, portfolios, visibility, and nothing beyond."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from pmo.core.access.api import can, get_or_refuse, has_any
from pmo.core.access.decisions import Refused
from pmo.core.access.grants import forget
from pmo.core.access.roles import Role, permissions_of
from pmo.core.models import RoleGrant
from portfolio.models import PortfolioMember, Programme, ProgrammeItem
from projects.models import BudgetLine, Milestone, Project, ProjectMember
from tests.core import build

pytestmark = pytest.mark.django_db


def seen(user) -> set[int]:
    return set(Project.objects.visible_to(user).values_list("pk", flat=True))


def test_a_stranger_sees_only_what_is_shown_to_the_whole_organisation():
    hidden, shown = build.project(), build.project(visibility="organisation")
    assert seen(build.user()) == {shown.pk}
    assert hidden.pk not in seen(build.user())


def test_nobody_signed_in_sees_nothing():
    build.project(visibility="organisation")
    assert seen(AnonymousUser()) == set()
    assert not can(AnonymousUser(), "view", Project)


def test_an_inactive_user_holds_nothing():
    build.project(visibility="organisation")
    assert seen(build.user(Role.PMO_ADMIN, is_active=False)) == set()


def test_the_project_manager_and_the_sponsor_named_on_the_project_hold_their_role():
    pm, sponsor = build.user(), build.user()
    project = build.project(pm=pm.person, sponsor=sponsor.person)
    assert seen(pm) == {project.pk} == seen(sponsor)
    assert can(pm, "change", project)
    assert not can(sponsor, "change", project)


def test_a_role_in_a_unit_holds_below_it_and_not_beside_it():
    top = build.unit()
    below, beside = build.unit(build.unit(top)), build.unit()
    inside, outside = build.project(unit=below), build.project(unit=beside)
    user = build.user(Role.RESOURCE_MANAGER, in_unit=top)
    assert seen(user) == {inside.pk}
    assert outside.pk not in seen(user)


def test_a_unit_whose_number_begins_alike_is_not_below():
    first = build.unit()
    type(first).objects.filter(pk=first.pk).update(path="/1/")
    other = build.unit()
    type(other).objects.filter(pk=other.pk).update(path="/12/")
    build.project(unit=other)
    assert seen(build.user(Role.EXECUTIVE, in_unit=first)) == set()


def test_a_portfolio_member_reaches_its_projects_even_private_ones():
    project, foreign = build.project(), build.project()
    portfolio = build.portfolio(project)
    build.portfolio(foreign)
    user = build.user()
    PortfolioMember.objects.create(portfolio=portfolio, person=user.person, role=Role.EXECUTIVE)
    assert seen(user) == {project.pk}
    assert can(user, "projects.money.view", project)


def test_visibility_within_the_portfolio_and_within_the_programme():
    mine, neighbour, secret, sibling = (
        build.project(),
        build.project(visibility="portfolio"),
        build.project(),
        build.project(visibility="programme"),
    )
    portfolio = build.portfolio(mine, neighbour, secret, sibling)
    programme = Programme.objects.create(code="G1", name_en="G1", portfolio=portfolio)
    for item in (mine, sibling):
        ProgrammeItem.objects.create(programme=programme, project=item)
    user = build.user()
    ProjectMember.objects.create(project=mine, person=user.person, role=Role.TEAM_MEMBER)
    assert seen(user) == {mine.pk, neighbour.pk, sibling.pk}
    assert not can(user, "projects.money.view", neighbour)


def test_children_follow_their_project_and_vanish_with_it():
    project = build.project()
    stone = Milestone.objects.create(project=project, name="Start", code="M1")
    admin = build.user(Role.PMO_ADMIN)
    assert stone in Milestone.objects.visible_to(admin)
    assert stone not in Milestone.objects.visible_to(build.user())
    Project.objects.filter(pk=project.pk).update(deleted_at="2026-01-01T00:00Z")
    assert stone not in Milestone.objects.visible_to(admin)


def test_not_visible_is_404_and_visible_but_not_allowed_is_403_with_the_reason():
    project = build.project()
    with pytest.raises(Http404):
        get_or_refuse(build.user(), Project, project.pk)
    auditor = build.user(Role.AUDITOR)
    assert get_or_refuse(auditor, Project, project.pk) == project
    with pytest.raises(Refused) as refused:
        get_or_refuse(auditor, Project, project.pk, "change")
    assert "PMO" in str(refused.value.reason)


def test_a_new_row_is_allowed_where_its_project_allows_it():
    pm = build.user()
    mine, other = build.project(pm=pm.person), build.project()
    assert can(pm, "add", Milestone(project=mine))
    assert not can(pm, "add", Milestone(project=other))
    assert not can(pm, "add", Milestone())
    assert not can(pm, "add", BudgetLine(project=mine))


def test_the_auditor_writes_nothing():
    written = [
        name
        for name in permissions_of(Role.AUDITOR)
        if name.rsplit(".", 1)[1] in {"add", "change", "delete", "recompute", "publish", "review", "submit"}
    ]
    assert written == []


def test_a_grant_in_the_trash_no_longer_holds():
    user = build.user(Role.PMO_ADMIN)
    assert has_any(user, "projects.project.delete")
    RoleGrant.objects.update(deleted_at="2026-01-01T00:00Z")
    forget(user)
    assert not has_any(user, "projects.project.delete")


@pytest.mark.parametrize("role", Role.values)
def test_visibility_takes_a_constant_number_of_queries(role, django_assert_max_num_queries):
    for _ in range(30):
        build.project()
    user = build.user(role)
    with django_assert_max_num_queries(3):
        list(Project.objects.visible_to(user))
