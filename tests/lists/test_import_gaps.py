"""What people who brought their first lists stumbled over."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.imports.targets import target_of_register
from pmo.core.registers.declaration import all_registers
from projects.models import Project
from risks.models import Risk
from tests import factories
from tests.conftest import UserClient
from tests.registers.pages import text, url
from tests.wizard.build import reasons
from tests.wizard.test_registers import batch_of, imported

pytestmark = pytest.mark.django_db


def test_a_file_without_the_key_begins_with_every_row_is_new(pmo_admin: UserClient) -> None:
    """Allocations get their code from the house: the first page after the upload shows no error."""
    project, who = factories.project(code="P-1"), factories.person(code="E77")
    file = f"Project,Person,Starts on,Ends on\n{project.code},{who.code},2027-01-01,2027-02-01\n"
    batch = batch_of("allocations", file, actor=actor_of(pmo_admin.user))
    assert batch.mapping["match"]["by"] == ["new"]
    page = text(pmo_admin.get(reverse("import-columns", kwargs={"pk": batch.pk})))
    assert "Map them, or choose" not in page
    keyed = batch_of("milestones", "Project,Code,Milestone,Baseline date\nP-1,M1,Start,2027-01-01\n")
    assert keyed.mapping.get("match", {}).get("by", ["key"]) == ["key"]


def test_a_project_manager_is_found_by_login_and_by_e_mail(pmo_admin: UserClient) -> None:
    login = factories.user(Role.PROJECT_MANAGER, username="shenli").person
    mailed = factories.person(email="bo@example.org")
    file = "Code,Project name,Project manager\nA-1,Alpha,shenli\nA-2,Beta,BO@example.org\n"
    assert reasons(imported("projects", file, actor=actor_of(pmo_admin.user))) == []
    found = dict(Project.objects.values_list("code", "pm_id"))
    assert found == {"A-1": login.pk, "A-2": mailed.pk}


@pytest.mark.parametrize(
    ("kind", "word", "meant"), [("threat", "减轻", "mitigate"), ("opportunity", "利用", "exploit")]
)
def test_usual_words_for_strategies_are_known(pmo_admin: UserClient, kind: str, word: str, meant: str) -> None:
    project = factories.project(code="P-1")
    file = f"Project,Risk,Kind,Response strategy,Currency\n{project.code},Late steel,{kind},{word},CNY\n"
    assert reasons(imported("risks", file, actor=actor_of(pmo_admin.user))) == []
    assert Risk.objects.get().strategy == meant


def test_the_users_list_has_headers_of_its_own(pmo_admin: UserClient, recwarn: pytest.WarningsRecorder) -> None:
    page = text(pmo_admin.get(url("list", "users")))
    for label in ("User name", "E-mail", "Active", "Last sign-in"):
        assert label in page
    assert "email address" not in page and "last login" not in page
    assert not [one for one in recwarn if "unordered object_list" in str(one.message)]


def test_every_register_that_people_add_to_takes_an_import_from_its_toolbar(pmo_admin: UserClient) -> None:
    without = []
    for register in all_registers():
        if register.read_only or not register.creatable or not register.form_fields:
            continue
        if target_of_register(register.key) is None:
            without.append(register.key)
        else:
            assert "/imports/new" in pmo_admin.get(url("list", register.key)).content.decode(), register.key
    assert without == []
