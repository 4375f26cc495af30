"""Invitations and service accounts as lists: filtered by state, taken away without anything that lets somebody in."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.people.models import User
from pmo.core.sign_in.models import Invite
from pmo.core.sign_in.services import accounts, invites
from tests import factories
from tests.conftest import UserClient
from tests.registers.pages import api, shown, text, url

pytestmark = pytest.mark.django_db


def invited(admin: User, email: str, **values: Any) -> Invite:
    row, _token = invites.invite(
        actor=actor_of(admin), email=email, name="", roles=["auditor"], unit=None, language="en"
    )
    Invite.objects.filter(pk=row.pk).update(**values)
    return row


def test_invitations_are_filtered_by_how_they_stand(pmo_admin: UserClient) -> None:
    now, past = timezone.now(), timezone.now() - datetime.timedelta(days=1)
    rows = {
        "open": invited(pmo_admin.user, "a@example.org"),
        "accepted": invited(pmo_admin.user, "b@example.org", accepted_at=now, expires_at=past),
        "revoked": invited(pmo_admin.user, "c@example.org", revoked_at=now),
        "expired": invited(pmo_admin.user, "d@example.org", expires_at=past),
    }
    for state, row in rows.items():
        assert shown(pmo_admin.get(url("list", "invitations"), {"state": state})) == [row.pk]
    page = pmo_admin.get(url("list", "invitations"), {"sort": "email"})
    assert shown(page) == [row.pk for row in sorted(rows.values(), key=lambda row: row.email)]
    assert "Auditor" in text(page)
    assert pmo_admin.get(url("detail", "invitations", pk=rows["open"].pk)).status_code == 200


def test_a_file_of_invitations_holds_nothing_that_lets_somebody_in(pmo_admin: UserClient) -> None:
    row = invited(pmo_admin.user, "a@example.org")
    file = b"".join(pmo_admin.get(url("export", "invitations", kind="csv"))).decode("utf-8-sig")  # type: ignore[call-overload]
    assert "a@example.org" in file and "Auditor" in file
    assert row.digest not in file and "/invite/" not in file


def test_only_the_administrator_sees_them(pmo_admin: UserClient, pmo_analyst: UserClient) -> None:
    invited(pmo_admin.user, "a@example.org")
    assert pmo_analyst.get(url("list", "invitations")).status_code == 403
    assert pmo_analyst.get(api("invitations")).status_code == 403
    (told,) = pmo_admin.get(api("invitations")).json()["results"]
    assert told["roles"] == ["auditor"] and "digest" not in told


def test_service_accounts_are_the_logins_of_programs(pmo_admin: UserClient) -> None:
    robot = accounts.create_service(actor=actor_of(pmo_admin.user), name="Robot", roles=[], unit=None)
    factories.user(Role.AUDITOR)
    target = reverse("register-list", kwargs={"key": "users"}) + "?is_service=true"
    assert f'href="{target}"' in pmo_admin.get(reverse("service-accounts")).content.decode()
    assert shown(pmo_admin.get(target)) == [robot.pk]
