"""The kernel's own registers: the tree of units, grants, logins, jobs, the audit trail."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.services import Act, record
from pmo.core.history.queries import as_of
from pmo.core.jobs.models import Job
from pmo.core.people import services
from pmo.core.people.models import OrgUnit, Person, RoleGrant
from pmo.core.records.services import create_record, update_record
from pmo.core.registers.declaration import all_registers, get_register
from projects.models import BudgetLine
from tests import factories
from tests.conftest import UserClient, client_of
from tests.registers.pages import HTMX, api, shown, text, url

pytestmark = pytest.mark.django_db
KERNEL = [
    "audit",
    "calendar-exceptions",
    "currencies",
    "exchange-rates",
    "fiscal-periods",
    "import-mappings",
    "imports",
    "jobs",
    "org-units",
    "people",
    "role-grants",
    "users",
]


def test_the_kernel_declares_its_registers() -> None:
    assert set(KERNEL) <= {register.key for register in all_registers()}


def unit(code: str, parent: OrgUnit | None = None) -> OrgUnit:
    return services.create_unit(actor=SYSTEM, row=OrgUnit(code=code, name_en=code, parent=parent))


def paths() -> dict[str, str]:
    return dict(OrgUnit.objects.values_list("code", "path"))


def test_a_moved_unit_takes_its_subtree_along() -> None:
    top, other = unit("TOP"), unit("OTHER")
    middle = unit("MIDDLE", top)
    leaf = unit("LEAF", middle)
    assert paths()["LEAF"] == f"/{top.pk}/{middle.pk}/{leaf.pk}/"
    middle = services.update_unit(actor=SYSTEM, row=middle, values={"parent": other}, expected_version=1)
    assert paths() == {
        "TOP": f"/{top.pk}/",
        "OTHER": f"/{other.pk}/",
        "MIDDLE": f"/{other.pk}/{middle.pk}/",
        "LEAF": f"/{other.pk}/{middle.pk}/{leaf.pk}/",
    }
    from pmo.core.calendars.queries import org_today

    assert as_of(OrgUnit, org_today()).get(row_id=leaf.pk).path == paths()["LEAF"]


def test_no_unit_lies_below_itself() -> None:
    top = unit("TOP")
    leaf = unit("LEAF", unit("MIDDLE", top))
    with pytest.raises(ValidationError) as caught:
        services.update_unit(actor=SYSTEM, row=top, values={"parent": leaf}, expected_version=1)
    assert "parent" in caught.value.message_dict
    assert paths()["TOP"] == f"/{top.pk}/"


def test_unit_codes_are_unique_and_names_are_given() -> None:
    unit("TOP")
    with pytest.raises(ValidationError):
        unit("TOP")
    with pytest.raises(ValidationError) as caught:
        services.create_unit(actor=SYSTEM, row=OrgUnit(code="X"))
    assert "name_zh" in caught.value.message_dict


def test_a_unit_in_use_is_not_deleted(pmo_admin: UserClient) -> None:
    top = unit("TOP")
    unit("LEAF", top)
    page = pmo_admin.post(url("delete", "org-units", pk=top.pk), {"version": "1"}, follow=True)
    assert "TOP still has 1 units and 0 people; move them first." in text(page)
    assert OrgUnit.objects.filter(pk=top.pk).exists()


def test_units_through_the_form_and_the_api(pmo_admin: UserClient) -> None:
    top = unit("TOP")
    sent = {"code": "NEW", "name_zh": "新部门", "name_en": "", "kind": "team", "parent": top.pk}
    assert pmo_admin.post(url("create", "org-units"), sent).status_code == 302
    made = OrgUnit.objects.get(code="NEW")
    assert made.path == f"/{top.pk}/{made.pk}/"
    loop = pmo_admin.patch(
        api("org-units", top.pk), {"parent": made.pk}, content_type="application/json", headers={"If-Match": '"1"'}
    )
    assert loop.status_code == 400
    assert loop.json()["errors"][0]["field"] == "parent"


def test_a_role_is_granted_once_and_the_last_administrator_stays(pmo_admin: UserClient) -> None:
    person = factories.person()
    sent = {"person": person.pk, "role": "auditor", "unit": ""}
    assert pmo_admin.post(url("create", "role-grants"), sent).status_code == 302
    again = pmo_admin.post(url("create", "role-grants"), sent)
    assert "This person holds this role there already." in text(again)
    last = RoleGrant.objects.get(role=Role.PMO_ADMIN)
    page = pmo_admin.post(url("delete", "role-grants", pk=last.pk), {"version": "1"}, follow=True)
    assert "This is the last PMO administrator" in text(page)
    changed = pmo_admin.post(
        url("cell", "role-grants", pk=last.pk, field="role"), {"role": "auditor", "version": "1"}, headers=HTMX
    )
    assert changed.status_code == 422
    factories.user(Role.PMO_ADMIN)
    pmo_admin.post(url("delete", "role-grants", pk=last.pk), {"version": "1"})
    assert not RoleGrant.objects.filter(pk=last.pk).exists()


def test_only_administrators_grant_roles(pmo_analyst: UserClient, outsider: UserClient) -> None:
    for client in (pmo_analyst, outsider):
        assert client.get(url("create", "role-grants")).status_code == 403
        body = {"person": client.user.person.pk, "role": "pmo_admin"}
        answer = client.post(api("role-grants"), body, content_type="application/json")
        assert answer.status_code == 403
    assert not RoleGrant.objects.filter(role=Role.PMO_ADMIN).exists()


def test_nobody_is_their_own_line_manager(pmo_admin: UserClient) -> None:
    person = factories.person()
    page = pmo_admin.post(
        url("cell", "people", pk=person.pk, field="line_manager"),
        {"line_manager": person.pk, "version": "1"},
        headers=HTMX,
    )
    assert page.status_code == 422
    assert "Nobody is their own line manager." in text(page)


def test_logins_show_no_password(pmo_admin: UserClient, outsider: UserClient) -> None:
    fields = {column.field for column in get_register("users").all_columns}
    assert not fields & {"password", "is_superuser"}
    body = pmo_admin.get(api("users")).json()["results"]
    assert {row["username"] for row in body} == {"pmo_admin", "outsider"}
    assert "password" not in str(body)
    assert body[0]["labels"]["person"]
    assert outsider.get(url("list", "users")).status_code == 403


def test_everybody_sees_their_own_jobs_the_pmo_all(pmo_analyst: UserClient, outsider: UserClient) -> None:
    own = Job.objects.create(kind="a.own", owner=outsider.user, owner_name="outsider")
    other = Job.objects.create(kind="a.other", owner=pmo_analyst.user, owner_name="analyst")
    assert shown(outsider.get(url("list", "jobs"))) == [own.pk]
    assert set(shown(pmo_analyst.get(url("list", "jobs")))) == {own.pk, other.pk}
    assert outsider.get(api("jobs", other.pk)).status_code == 404
    assert outsider.get(api("jobs", own.pk)).json()["state"] == "queued"


def test_the_audit_trail_is_for_pmo_and_auditors(auditor: UserClient, outsider: UserClient) -> None:
    record(actor=SYSTEM, act=Act("update", "projects.milestone", 7, "Handover", changes={"name": ["Hand", "Handover"]}))
    page = text(auditor.get(url("list", "audit")))
    assert "changed" in page
    assert "Milestone" in page
    assert outsider.get(url("list", "audit")).status_code == 403
    assert outsider.get(api("audit")).status_code == 403


def test_an_audit_entry_tells_its_changes_and_masks_protected_ones(
    auditor: UserClient, pmo_admin: UserClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pmo.core.access import roles

    line = create_record(
        actor=actor_of(pmo_admin.user), row=BudgetLine(project=factories.project(), amount="4321.00", note="crane")
    )
    entry = line_entry(line)
    address = url("tab", "audit", pk=entry.pk, tab="changes")
    assert "4,321" in text(auditor.get(address, headers=HTMX))
    bundle = roles._bundles[Role.AUDITOR.value] - {"projects.money.view"}
    monkeypatch.setitem(roles._bundles, Role.AUDITOR.value, bundle)
    masked = text(auditor.get(address, headers=HTMX))
    assert "crane" in masked
    assert "4,321" not in masked
    assert "Amount hidden" in masked


def line_entry(line: Any) -> Any:
    from pmo.core.audit.models import AuditEntry

    return AuditEntry.objects.get(model="projects.budgetline", object_id=line.pk)


def test_history_shows_people_choices_and_dates_in_words(pmo_admin: UserClient) -> None:
    actor = actor_of(pmo_admin.user)
    row = factories.issue(factories.project(), title="Leak")
    keeper = factories.person(name_en="Ann Able")
    update_record(actor=actor, row=row, values={"owner": keeper, "severity": "1_critical"}, reason="escalated")
    Person.objects.filter(pk=pmo_admin.user.person.pk).update(name_en="Su Qing")
    page = text(pmo_admin.get(url("tab", "issues", pk=row.pk, tab="history"), headers=HTMX))
    assert "Su Qing changed" in page
    assert "Ann Able" in page
    assert "Major became Critical" in page
    assert "escalated" in page


def test_history_is_paged_and_of_this_record_only(pmo_admin: UserClient) -> None:
    actor = actor_of(pmo_admin.user)
    row, other = factories.issue(factories.project()), factories.issue(factories.project())
    for number in range(25):
        update_record(actor=actor, row=row, values={"title": f"Title {number}"})
    update_record(actor=actor, row=other, values={"title": "Elsewhere"})
    first = text(pmo_admin.get(url("tab", "issues", pk=row.pk, tab="history"), headers=HTMX))
    second = text(pmo_admin.get(url("tab", "issues", pk=row.pk, tab="history"), {"page": "2"}, headers=HTMX))
    assert "25 entries" in first
    assert "Title 24" in first
    assert "Title 24" not in second
    assert "Title 1 " in second
    assert "Elsewhere" not in first + second


def test_tabs_stand_alone_for_htmx_and_in_the_page_otherwise(pmo_admin: UserClient) -> None:
    row = factories.issue(factories.project(), title="Leak")
    address = url("tab", "issues", pk=row.pk, tab="history")
    assert "<html" not in pmo_admin.get(address, headers=HTMX).content.decode()
    page = pmo_admin.get(address).content.decode()
    assert "<html" in page
    assert 'aria-current="page">History' in page
    assert pmo_admin.get(url("tab", "issues", pk=row.pk, tab="nothing")).status_code == 404


def test_a_grant_in_a_unit_holds_below_it_in_lists() -> None:
    top = unit("TOP")
    below, beside = unit("LEAF", top), unit("BESIDE")
    analyst = client_of(factories.user(Role.PMO_ANALYST, within=top))
    inside = factories.project(unit=below, visibility="private")
    factories.project(unit=beside, visibility="private")
    assert shown(analyst.get(url("list", "projects"))) == [inside.pk]


def test_history_does_not_name_records_the_reader_may_not_see(pmo_admin: UserClient) -> None:
    secret, own = factories.project(name_en="Secret merger", visibility="private"), factories.project()
    row = factories.issue(secret)
    update_record(actor=actor_of(pmo_admin.user), row=row, values={"project": own})
    reader = client_of(factories.user())
    page = text(reader.get(url("tab", "issues", pk=row.pk, tab="history"), headers=HTMX))
    assert "Secret merger" not in page
    assert f"record {secret.pk} became" in page
