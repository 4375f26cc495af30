"""Sign-in in the access table: everybody keeps their own account; logins, invitations and service accounts are the administrator's."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from pmo.core.people.models import Person, User
from pmo.core.registers.models import ApiToken
from pmo.core.sign_in.models import Invite, Session
from tests import factories
from tests.access.rights import ROLES, Rights

RIGHTS: dict[str, Rights] = {"invitations": Rights("A")}
TABS: dict[tuple[str, str], dict[str, int]] = {}
NONE = ""
INVITED = {"email": "new@example.org", "language": "en"}
ROUTES: dict[str, dict[str, Any]] = {
    "account-security": {"get": ROLES},
    "account-password": {"get": ROLES, "post": ROLES},
    "account-confirm": {"get": ROLES, "post": ROLES},
    "account-confirm-options": {"post": ROLES},
    "account-confirm-passkey": {"post": ROLES},
    "account-totp": {"get": ROLES, "post": ROLES},
    "account-codes": {"post": ROLES},
    "account-passkey-options": {"post": ROLES},
    "account-passkey-add": {"post": ROLES},
    "account-factor-remove": {"post": ROLES, "args": "factor"},
    "account-sessions": {"get": ROLES},
    "account-sessions-end": {"post": ROLES},
    "account-session-end": {"post": NONE, "args": "session", "hidden": ROLES},
    "user-new": {"get": "A", "post": "A"},
    "user-new-people": {"get": "A"},
    "user-act": {"post": "A", "args": "login_act"},
    "invites": {"get": "A", "post": "A", "form": INVITED},
    "invite-act": {"post": "A", "args": "invite_act"},
    "service-accounts": {"get": "A", "post": "A", "form": {"name": "Robot"}},
    "service-account": {"get": "A", "post": "A", "args": "service", "form": {"name": "T", "scope": "read", "days": 9}},
    "service-token-revoke": {"post": "A", "args": "service_token"},
}
_made: dict[str, dict[str, Any]] = {}


def rows(world: Any) -> dict[str, Any]:
    """A login with a session, an invitation, a service account with a token."""
    soon = timezone.now() + datetime.timedelta(days=5)
    login = factories.user()
    session = Session.objects.create(session_key="k" * 32, session_data="", expire_date=soon, user=login)
    invite = Invite.objects.create(email="i@example.org", digest="d", expires_at=soon, created_by=world.users["A"])
    robot = User.objects.create_user("svc-1", is_service=True, first_name="Robot")
    Person.objects.create(code="SVC-1", name_en="Robot", user=robot)
    token = ApiToken.objects.create(user=robot, name="T", prefix="bw_x", digest="x", expires_at=soon)
    _made.update(
        factor={"pk": 987654},
        session={"uid": session.uid},
        login_act={"pk": login.pk, "act": "deactivate"},
        invite_act={"uid": invite.uid, "act": "resend"},
        service={"pk": robot.pk},
        service_token={"pk": robot.pk, "token": token.pk},
    )
    return {"invitations": invite}


def form(world: Any, key: str) -> dict[str, Any]:
    """Nothing is added through a register."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The URL arguments that ROUTES names."""
    return _made.get(args)
