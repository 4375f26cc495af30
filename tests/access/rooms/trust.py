"""Personal data and the checks of the audit trail: one's own data is everybody's, that of others the PMO administrator's."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from pmo.core.models import Person, PersonErasure
from tests.access.rights import ROLES, Rights

RIGHTS: dict[str, Rights] = {}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ROUTES: dict[str, dict[str, Any]] = {
    "audit-check": {"get": "ANU"},
    "audit-check-run": {"post": "ANU"},
    "privacy-mine": {"get": ROLES},
    "privacy-mine-export": {"post": ROLES},
    "privacy-file": {"get": "", "args": "personal_file", "hidden": ROLES},
    "privacy-person": {"get": "A", "args": "someone"},
    "privacy-person-export": {"post": "A", "args": "someone"},
    "privacy-ask": {"post": "A", "args": "someone", "form": {"reason": "Asked by letter"}},
    "privacy-confirm": {"post": "A", "args": "asked", "form": {"typed": "ASKED-1"}},
    "privacy-drop": {"post": "A", "args": "someone"},
}


def rows(world: Any) -> dict[str, Any]:
    """Somebody without a login, and somebody whose erasure waits for its second step."""
    Person.objects.create(code="SOMEONE-1", name_en="Some One")
    asked = Person.objects.create(code="ASKED-1", name_en="Asked For")
    PersonErasure.objects.create(person=asked, reason="Asked by letter", asked_at=timezone.now())
    return {}


def form(world: Any, key: str) -> dict[str, Any] | None:
    """No register of its own."""
    return None


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The URL arguments of the routes above."""
    if args in {"someone", "asked"}:
        return {"pk": Person.objects.get(code=f"{args.upper()}-1").pk}
    return {"uid": uuid.UUID(int=7)} if args == "personal_file" else None
