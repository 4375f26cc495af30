"""A form sent twice makes one row; the same code saved twice at once is the field's error; the past is not overwritten."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import org_today
from pmo.core.imports.models import ImportMapping
from pmo.core.records import services
from pmo.core.records.services import create_record, update_record
from projects.models import Milestone, Project
from tests import factories
from tests.conftest import UserClient, client_of
from tests.registers.pages import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> UserClient:
    return client_of(factories.user(username="manager"))


@pytest.fixture
def project(manager: UserClient) -> Project:
    return factories.project(name_en="Crane", pm=manager.user.person)


def token_of(client: UserClient) -> str:
    html = client.get(url("create", "milestones")).content.decode()
    found = re.search(r'name="form_token" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def test_a_form_sent_twice_makes_one_row_and_leads_to_it(manager: UserClient, project: Project) -> None:
    form = {"project": project.pk, "name": "Handover", "form_token": token_of(manager)}
    answers = [manager.post(url("create", "milestones"), form) for _time in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    row = Milestone.objects.get()
    assert answers[0]["Location"] == answers[1]["Location"] == url("detail", "milestones", pk=row.pk)
    assert "Handover" in manager.get(answers[1]["Location"]).content.decode()


def test_a_form_with_a_code_is_not_told_that_its_own_row_has_the_code(manager: UserClient, project: Project) -> None:
    form = {"project": project.pk, "code": "M-1", "name": "Handover", "form_token": token_of(manager)}
    assert [manager.post(url("create", "milestones"), form).status_code for _time in range(2)] == [302, 302]
    assert Milestone.objects.count() == 1


def test_what_was_refused_can_be_corrected_and_sent_with_the_same_token(manager: UserClient, project: Project) -> None:
    token = token_of(manager)
    refused = manager.post(url("create", "milestones"), {"project": project.pk, "name": "", "form_token": token})
    assert refused.status_code == 422 and token in refused.content.decode()
    form = {"project": project.pk, "name": "Handover", "form_token": token}
    assert manager.post(url("create", "milestones"), form).status_code == 302
    assert Milestone.objects.count() == 1


def test_every_empty_form_has_a_token_of_its_own_and_nobody_elses_counts(manager: UserClient, project: Project) -> None:
    first, second = token_of(manager), token_of(manager)
    assert first != second
    for token in (first, second):
        manager.post(url("create", "milestones"), {"project": project.pk, "name": "Handover", "form_token": token})
    assert Milestone.objects.count() == 2
    other = client_of(project_manager_of(project))
    other.post(url("create", "milestones"), {"project": project.pk, "name": "Handover", "form_token": first})
    assert Milestone.objects.count() == 3


def project_manager_of(project: Project) -> Any:
    from pmo.core.access.roles import Role

    user = factories.user(username="second")
    factories.member(project, user, Role.COORDINATOR)
    return user


@pytest.mark.parametrize("token", ["x" * 200, "\x00", "风", "a\nb"])
def test_a_token_that_is_none_is_no_error(manager: UserClient, project: Project, token: str) -> None:
    form = {"project": project.pk, "name": "Handover", "form_token": token}
    assert manager.post(url("create", "milestones"), form).status_code == 302


class _Rival:
    """Somebody who saves the same code just after it was checked."""

    def __init__(self, monkeypatch: Any, model: type, save: Any) -> None:
        self.check, self.save, self.late = model.full_clean, save, True  # type: ignore[attr-defined]
        rival = self

        def full_clean(row: Any, *args: Any, **kwargs: Any) -> None:
            rival.check(row, *args, **kwargs)
            if rival.late:
                rival.late = False
                rival.save()

        monkeypatch.setattr(model, "full_clean", full_clean)


@pytest.mark.usefixtures("english")
def test_two_at_once_with_one_code_get_the_error_of_the_check(project: Project, monkeypatch: Any) -> None:
    _Rival(monkeypatch, Milestone, lambda: factories.milestone(project, code="M-1", name="Rival"))
    with pytest.raises(ValidationError) as refused:
        create_record(actor=SYSTEM, row=Milestone(project=project, code="M-1", name="Late"))
    assert "already exists" in refused.value.message_dict["code"][0]
    assert [row.name for row in Milestone.objects.all()] == ["Rival"]


def test_the_late_one_sees_the_form_again(manager: UserClient, project: Project, monkeypatch: Any) -> None:
    late = [True]
    real = services._hold_code

    def hold(rows: Any) -> Any:
        if late.pop() if late else False:
            factories.milestone(project, code="M-1", name="Rival")
        return real(rows)

    monkeypatch.setattr(services, "_hold_code", hold)
    answer = manager.post(url("create", "milestones"), {"project": project.pk, "code": "M-1", "name": "Late"})
    assert answer.status_code == 422
    assert "already exists" in answer.content.decode()


@pytest.mark.usefixtures("english")
def test_an_update_to_a_code_taken_meanwhile_is_refused_and_the_row_stays(monkeypatch: Any) -> None:
    mapping = create_record(actor=SYSTEM, row=ImportMapping(name="One", target="projects", spec={"fields": {}}))
    _Rival(monkeypatch, ImportMapping, lambda: ImportMapping.objects.create(name="Two", target="projects", spec={}))
    with pytest.raises(ValidationError) as refused:
        update_record(actor=SYSTEM, row=mapping, values={"name": "Two"})
    assert "already exists" in refused.value.message_dict["name"][0]
    mapping.refresh_from_db()
    assert (mapping.name, mapping.version) == ("One", 1)


def test_another_broken_rule_of_the_database_is_not_taken_for_a_repeated_code(
    project: Project, monkeypatch: Any
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError("disk")

    monkeypatch.setattr(services, "write_versions", broken)
    with pytest.raises(IntegrityError, match="disk"):
        create_record(actor=SYSTEM, row=Milestone(project=project, name="Late"))


def test_a_day_before_what_the_history_says_is_refused(project: Project) -> None:
    today = org_today()
    row = create_record(actor=SYSTEM, row=Milestone(project=project, name="First"), day=today)
    with pytest.raises(ValueError, match="history after"):
        update_record(actor=SYSTEM, row=row, values={"name": "Second"}, day=today - datetime.timedelta(days=1))
    assert Milestone.objects.get().name == "First"
    later = update_record(actor=SYSTEM, row=Milestone.objects.get(), values={"name": "Third"}, day=today)
    assert later.name == "Third"
