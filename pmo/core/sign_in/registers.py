"""Invitations as a list: filtered, sorted, taken away as a file. Their links are kept nowhere and are in no list."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from pmo.core.access.roles import Role
from pmo.core.registers.declaration import Column, Link, Register
from pmo.core.sign_in.models import Invite
from pmo.core.sign_in.services.invites import KEEP

STATES = (
    ("open", pgettext_lazy("invitation", "open")),
    ("accepted", pgettext_lazy("invitation", "accepted")),
    ("expired", _("expired")),
    ("revoked", pgettext_lazy("invitation", "revoked")),
)


def _state(user: Any) -> Any:
    """How each invitation stands at this moment."""
    return Case(
        When(accepted_at__isnull=False, then=Value("accepted")),
        When(revoked_at__isnull=False, then=Value("revoked")),
        When(expires_at__lte=timezone.now(), then=Value("expired")),
        default=Value("open"),
        output_field=CharField(),
    )


def _roles(value: Any, row: Any, language: str) -> str:
    return pgettext("list", ", ").join(str(Role(role).label) for role in value or () if role in Role.values)


INVITATIONS = Register(
    key="invitations",
    model=Invite,
    icon="send",
    read_only=True,
    code_field="",
    columns=[
        Column("email", primary=True),
        Column("name", label=pgettext_lazy("person", "Name")),
        Column("person", link=True),
        Column("roles", kind="text", format=_roles, sortable=False, filterable=False, several=True),
        Column("unit", sort="unit__path"),
        Column(
            "state", label=_("Status"), kind="choice", choices=STATES, annotate=_state,
            tones={"open": "warn", "accepted": "good", "expired": "quiet", "revoked": "quiet"},
        ),
        Column("expires_at"),
        Column("created_at"),
        Column("created_by"),
        Column("accepted_at"),
    ],
    default_columns=["email", "name", "roles", "unit", "state", "expires_at", "created_at", "created_by"],
    default_sort=["-created_at"],
    group_by=["state", "unit"],
    search_fields=["email", "name"],
    list_links=[Link(_("Invite somebody"), lambda request: reverse("invites"), "send", permission=KEEP)],
    empty=_("Nobody is invited yet."),
)  # fmt: skip
