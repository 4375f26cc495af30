"""The life of a charter, by service and by page."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from office.models import CharterRight, PMOCharter
from office.services import charters
from pmo.core.access.decisions import Refused
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.decision_rights.queries import may_decide
from tests.office.conftest import browser

LINE = {"kind": "stop_project", "role": "pmo_admin", "unit": None, "up_to": Decimal(1000), "currency": "CNY", "days": None, "remark": ""}  # fmt: skip


def sign(office, part):
    user = getattr(office, part)
    return charters.sign_charter(actor=actor_of(user), charter=office.charter, part=part, person=user.person)


def sign_all(office):
    for part in ("head", "hr", "executive"):
        sign(office, part)


def test_the_third_signature_puts_charter_and_rights_in_force(office):
    charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE])
    sign(office, "head")
    sign(office, "hr")
    assert office.charter.state == "draft" and not may_decide("pmo_admin", "stop_project", Decimal(1))
    sign(office, "executive")
    row = PMOCharter.objects.get(pk=office.charter.pk)
    assert row.state == "signed" and row.signed_on is not None and row.signatures == 3
    assert may_decide("pmo_admin", "stop_project", Decimal(1000))
    assert AuditEntry.objects.filter(model="office.pmocharter", action="sign").count() == 3


def test_only_the_named_person_signs_and_the_refusal_says_who(office):
    with pytest.raises(Refused) as refused:
        charters.sign_charter(
            actor=actor_of(office.admin), charter=office.charter, part="hr", person=office.admin.person
        )
    assert str(office.hr.person) in str(refused.value.reason)
    assert PMOCharter.objects.get(pk=office.charter.pk).signatures == 0


@pytest.mark.usefixtures("english")
def test_nobody_signs_before_all_three_are_named(office):
    charters.update_charter(actor=SYSTEM, row=office.charter, values={"hr": None})
    with pytest.raises(ValidationError, match="HR"):
        sign(office, "head")


def test_a_signature_freezes_the_text_until_it_is_taken_back(office):
    sign(office, "head")
    with pytest.raises(ValidationError):
        charters.update_charter(actor=SYSTEM, row=office.charter, values={"mandate": "More"})
    with pytest.raises(ValidationError):
        charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE])
    with pytest.raises(ValidationError):
        charters.take_back_signatures(actor=SYSTEM, charter=office.charter, reason=" ")
    charters.take_back_signatures(actor=SYSTEM, charter=office.charter, reason="A typing mistake")
    charters.update_charter(actor=SYSTEM, row=office.charter, values={"mandate": "More"})
    assert PMOCharter.objects.get(pk=office.charter.pk).mandate == "More"


def test_a_signed_charter_is_only_revised(office):
    charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE])
    sign_all(office)
    for act in (
        lambda: charters.update_charter(actor=SYSTEM, row=office.charter, values={"mandate": "More"}),
        lambda: charters.delete_charter(actor=SYSTEM, row=office.charter),
        lambda: charters.take_back_signatures(actor=SYSTEM, charter=office.charter, reason="Why"),
        lambda: sign(office, "head"),
        lambda: charters.revise_charter(actor=SYSTEM, charter=office.charter, note=""),
    ):
        with pytest.raises(ValidationError):
            act()


def test_the_next_revision_takes_the_place_of_the_one_before(office):
    charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE])
    sign_all(office)
    first = office.charter
    second = charters.revise_charter(actor=SYSTEM, charter=first, note="More power")
    assert (second.revision, second.code, second.state, second.signatures) == (2, first.code, "draft", 0)
    with pytest.raises(ValidationError):
        charters.revise_charter(actor=SYSTEM, charter=first, note="Another")
    copied = charters.rights_of(second)
    charters.set_rights(actor=SYSTEM, charter=second, lines=[LINE | {"id": copied[0].pk, "up_to": Decimal(5000)}])
    assert not may_decide("pmo_admin", "stop_project", Decimal(5000))
    office.charter = second
    sign_all(office)
    assert PMOCharter.objects.get(pk=first.pk).state == "replaced"
    assert may_decide("pmo_admin", "stop_project", Decimal(5000))
    ended = charters.rights_of(first)[0]
    assert ended.in_force_until is not None and ended.up_to == 1000


@pytest.mark.usefixtures("english")
def test_lines_left_out_are_dropped_and_a_wrong_line_is_named(office):
    charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE, LINE | {"kind": "pass_gate"}])
    kept = charters.rights_of(office.charter)[0]
    charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE | {"id": kept.pk, "kind": kept.kind}])
    assert [row.pk for row in charters.rights_of(office.charter)] == [kept.pk]
    with pytest.raises(ValidationError, match="Line 2"):
        charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE, LINE | {"currency": "XXX"}])
    assert DecisionRight.objects.count() == 1


def test_a_draft_comes_back_from_the_trash_with_the_rights_it_had(office):
    charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE, LINE | {"kind": "pass_gate"}])
    kept = next(row for row in charters.rights_of(office.charter) if row.kind == "pass_gate")
    charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE | {"id": kept.pk, "kind": "pass_gate"}])
    charters.delete_charter(actor=SYSTEM, row=office.charter)
    assert not DecisionRight.objects.exists()
    charters.restore_charter(actor=SYSTEM, row=PMOCharter.all_objects.get(pk=office.charter.pk))
    assert [row.kind for row in charters.rights_of(office.charter)] == ["pass_gate"]
    assert CharterRight.objects.count() == 1


def test_one_charter_per_pmo(office):
    with pytest.raises(ValidationError) as refused:
        charters.create_charter(actor=SYSTEM, row=PMOCharter(unit=office.enterprise, problem="Again", mandate="Again"))
    assert "unit" in refused.value.error_dict


def test_the_page_offers_signing_to_the_signer_and_says_to_others_why_not(office):
    url = reverse("pmo-charter", kwargs={"pk": office.charter.pk})
    action = reverse("pmo-charter-sign", kwargs={"pk": office.charter.pk})
    assert browser(office.executive).get(url).content.decode().count(f'action="{action}"') == 1
    page = browser(office.admin).get(url).content.decode()
    assert f'action="{action}"' not in page and f"Only {office.hr.person} may sign here" in page
    refused = browser(office.admin).post(action, {"part": "hr"})
    assert refused.status_code == 403 and f"Only {office.hr.person}" in refused.content.decode()
    assert browser(office.hr).post(action, {"part": "hr"}).status_code == 302
    assert PMOCharter.objects.get(pk=office.charter.pk).hr_signed_at is not None
    assert browser(office.hr).post(action, {"part": "nobody"}).status_code == 404


def form_of(page) -> dict[str, str]:
    """What the browser sends back of the decision rights as they stand on the page."""
    formset = page.context["formset"]
    data = {f"right-{name}": formset.management_form[name].value() for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for form in formset:
        for field in form:
            if field.value() not in (None, False):
                data[field.html_name] = field.value()
    return data


def test_decision_rights_are_edited_as_a_table(office):
    charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE])
    client, url = browser(office.admin), reverse("pmo-charter-rights", kwargs={"pk": office.charter.pk})
    data = form_of(client.get(url))
    data |= {
        "right-0-up_to": "2,500.50",
        "right-1-kind": "use_reserve",
        "right-1-role": "executive",
        "right-1-days": "5",
    }
    response = client.post(url, data)
    assert response.status_code == 302, response.context["formset"].errors
    found = {(row.kind, row.up_to, row.days) for row in charters.rights_of(office.charter)}
    assert found == {("stop_project", Decimal("2500.50"), None), ("use_reserve", None, 5)}
    data = form_of(client.get(url)) | {"right-0-DELETE": "on"}
    assert client.post(url, data).status_code == 302
    assert len(charters.rights_of(office.charter)) == 1


def test_a_line_without_a_role_is_refused_and_named(office):
    client, url = browser(office.admin), reverse("pmo-charter-rights", kwargs={"pk": office.charter.pk})
    data = form_of(client.get(url)) | {"right-0-kind": "use_reserve"}
    page = client.post(url, data)
    assert page.status_code == 422 and "Line 1" in page.content.decode()
    assert not DecisionRight.objects.exists()


def test_the_editor_of_a_signed_charter_leads_back(office):
    sign_all(office)
    response = browser(office.admin).get(reverse("pmo-charter-rights", kwargs={"pk": office.charter.pk}), follow=True)
    assert response.redirect_chain[-1][0] == reverse("pmo-charter", kwargs={"pk": office.charter.pk})
    assert "a change needs a new revision" in response.content.decode()


@pytest.mark.usefixtures("english")
def test_rights_of_a_text_that_was_signed_meanwhile_stay(office):
    charters.set_rights(actor=SYSTEM, charter=office.charter, lines=[LINE])
    read_before = PMOCharter.objects.get(pk=office.charter.pk)
    sign(office, "head")
    with pytest.raises(ValidationError, match="signed this text"):
        charters.set_rights(actor=SYSTEM, charter=read_before, lines=[])
    assert charters.rights_of(office.charter)
