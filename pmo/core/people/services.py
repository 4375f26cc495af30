"""Writing people's reference data: the tree of units, and grants that must not end with nobody at the helm."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from pmo.core.records.services import create_record, delete_record, update_record
from pmo.core.records.trees import create_in_tree, update_in_tree


def create_unit(*, actor: Actor, row: OrgUnit, reason: str = "", day: datetime.date | None = None) -> OrgUnit:
    """Save a new unit below its parent. Raises ValidationError by field."""
    _check_named(row)
    made: OrgUnit = create_in_tree(actor=actor, row=row, reason=reason, day=day)
    return made


def update_unit(
    *,
    actor: Actor,
    row: OrgUnit,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
    day: datetime.date | None = None,
) -> OrgUnit:
    """Change a unit; a new parent moves the whole subtree. Raises ValidationError for a cycle, StaleRecord."""
    names = {name: values.get(name, getattr(row, name)) for name in ("name_zh", "name_en")}
    _check_named(OrgUnit(**names))
    changed: OrgUnit = update_in_tree(
        actor=actor, row=row, values=values, expected_version=expected_version, reason=reason, day=day
    )
    return changed


def delete_unit(*, actor: Actor, row: OrgUnit, expected_version: int | None = None, reason: str = "") -> None:
    """Move a unit to the trash. Raises ValidationError while units or people belong to it."""
    below = OrgUnit.objects.filter(parent=row).count()
    members = Person.objects.filter(unit=row).count()
    if below or members:
        raise ValidationError(
            _("%(name)s still has %(units)s units and %(people)s people; move them first."),
            params={"name": row, "units": below, "people": members},
        )
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def _check_named(row: OrgUnit) -> None:
    if not (row.name_zh or row.name_en):
        raise ValidationError({"name_zh": _("Give a name in Chinese or in English.")})


def create_person(*, actor: Actor, row: Person, reason: str = "") -> Person:
    """Save a new person. Raises ValidationError by field."""
    _check_person(row)
    return create_record(actor=actor, row=row, reason=reason)


def update_person(
    *, actor: Actor, row: Person, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Person:
    """Change a person. Raises ValidationError by field, StaleRecord."""
    wanted = ("name_zh", "name_en", "line_manager")
    _check_person(Person(pk=row.pk, **{name: values.get(name, getattr(row, name)) for name in wanted}))
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def _check_person(row: Person) -> None:
    if not (row.name_zh or row.name_en):
        raise ValidationError({"name_zh": _("Give a name in Chinese or in English.")})
    if row.pk and row.line_manager_id == row.pk:
        raise ValidationError({"line_manager": _("Nobody is their own line manager.")})


def create_grant(*, actor: Actor, row: RoleGrant, reason: str = "") -> RoleGrant:
    """Grant a role. Raises ValidationError where the person holds it there already."""
    held = RoleGrant.objects.filter(person_id=row.person_id, role=row.role, unit_id=row.unit_id)
    if held.exists():
        raise ValidationError({"role": _("This person holds this role there already.")})
    return create_record(actor=actor, row=row, reason=reason)


def update_grant(
    *, actor: Actor, row: RoleGrant, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> RoleGrant:
    """Change a grant. Raises ValidationError where it is the last one of a PMO administrator."""
    changed = {**{name: getattr(row, name) for name in ("person", "role", "unit")}, **values}
    if changed["role"] != Role.PMO_ADMIN or changed["unit"] is not None:
        _check_last_admin(row)
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def delete_grant(*, actor: Actor, row: RoleGrant, expected_version: int | None = None, reason: str = "") -> None:
    """Take a role back. Raises ValidationError for the last PMO administrator's."""
    _check_last_admin(row)
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def _check_last_admin(row: RoleGrant) -> None:
    """Somebody must be able to grant roles tomorrow."""
    if row.role != Role.PMO_ADMIN or row.unit_id is not None:
        return
    others = RoleGrant.objects.filter(role=Role.PMO_ADMIN, unit__isnull=True, person__user__is_active=True)
    superusers = User.objects.filter(is_superuser=True, is_active=True)
    if not others.exclude(pk=row.pk).exists() and not superusers.exists():
        raise ValidationError(_("This is the last PMO administrator; grant the role to somebody else first."))
