"""Saving, changing and removing views; marking them as favourite or default."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from pmo.core.access.decisions import Decision
from pmo.core.audit.actor import Actor, actor_of
from pmo.core.audit.services import Act, record
from pmo.core.features import api as features
from pmo.core.features.declaration import PUBLIC_VIEWS
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, delete_record, restore_record, update_record
from pmo.core.registers.declaration import Register
from pmo.core.registers.saved_views.models import SavedView, ViewMark
from pmo.core.registers.saved_views.queries import may_change, may_publish, may_set_default

MOST = 100


def unit_of(user: Any) -> Any:
    """The unit of the person behind the login, which a team view of theirs is shown to."""
    person = Person.objects.filter(user_id=user.pk).select_related("unit").first()
    return person.unit if person is not None else None


@transaction.atomic
def save_view(
    *, actor: Actor, register: Register, name: str, query: str, sharing: str = SavedView.Sharing.PRIVATE, role: str = ""
) -> SavedView:
    """A new view of the actor. Raises ValidationError by field, Refused where the actor may not share it so far."""
    if SavedView.objects.filter(owner=actor.user, register=register.key).count() >= MOST:
        raise ValidationError(_("You have %(count)s views of this list already; delete one first.") % {"count": MOST})
    row = SavedView(register=register.key, owner=actor.user, name=_short(name), query=query, sharing=sharing, role=role)
    row.unit = _unit(actor, sharing)
    _check_sharing(actor, "", sharing)
    _check_role(actor, row, "", role)
    _check_name(row)
    create_record(actor=actor, row=row)
    return row


@transaction.atomic
def change_view(*, actor: Actor, view: SavedView, expected_version: int | None = None, **values: Any) -> SavedView:
    """Rename, share or overwrite: `name`, `sharing`, `role`, `query`. Raises ValidationError, Refused, StaleRecord."""
    if not may_change(actor.user, view):
        Decision(False, _("This view belongs to somebody else.")).or_raise()
    if "name" in values:
        values["name"] = _short(values["name"])
    sharing = values.get("sharing", view.sharing)
    if "sharing" in values:
        _check_sharing(actor, view.sharing, sharing)
        if sharing != view.sharing:
            values["unit"] = _unit(actor, sharing)
    if "role" in values:
        row = SavedView(register=view.register, sharing=sharing)
        _check_role(actor, row, view.role, values["role"])
    name = values.get("name", view.name)
    if name != view.name or sharing != view.sharing:
        _check_name(_as_it_will_be(view, name, sharing, values.get("unit", view.unit)))
    return update_record(actor=actor, row=view, values=values, expected_version=expected_version)


def delete_view(*, actor: Actor, view: SavedView) -> None:
    """Move the view to the trash; it can be brought back. Raises Refused."""
    if not may_change(actor.user, view):
        Decision(False, _("This view belongs to somebody else.")).or_raise()
    delete_record(actor=actor, row=view)


def restore_view(*, actor: Actor, view: SavedView) -> None:
    """Take a view out of the trash. Raises Refused, ValidationError where another one took its name meanwhile."""
    if not may_change(actor.user, view):
        Decision(False, _("This view belongs to somebody else.")).or_raise()
    _check_name(view)
    restore_record(actor=actor, row=view)


@transaction.atomic
def mark_view(*, user: Any, view: SavedView, favourite: bool | None = None, is_default: bool | None = None) -> None:
    """Make it a favourite, or the view the list opens with (one for each list)."""
    values = {
        name: value for name, value in (("favourite", favourite), ("is_default", is_default)) if value is not None
    }
    before: Any = ViewMark.objects.filter(user=user, view=view).values("favourite", "is_default").first() or {}
    if is_default:
        ViewMark.objects.filter(user=user, view__register=view.register).exclude(view=view).update(is_default=False)
    ViewMark.objects.update_or_create(user=user, view=view, defaults=values)
    changes = {
        name: [bool(before.get(name)), value] for name, value in values.items() if bool(before.get(name)) != value
    }
    if changes:
        record(actor=actor_of(user), act=Act("update", view._meta.label_lower, view.pk, str(view), None, changes))


def _short(name: str) -> str:
    return " ".join(name.replace("\x00", "").split())[:80]


def _as_it_will_be(view: SavedView, name: str, sharing: str, unit: Any) -> SavedView:
    return SavedView(pk=view.pk, register=view.register, owner_id=view.owner_id, name=name, sharing=sharing, unit=unit)


def _check_name(row: SavedView) -> None:
    """A name tells a list's views apart: among those of one owner, and among those that the same people are shown."""
    same = Q(owner_id=row.owner_id)
    if row.sharing == SavedView.Sharing.PUBLIC:
        same |= Q(sharing=SavedView.Sharing.PUBLIC)
    elif row.sharing == SavedView.Sharing.TEAM:
        same |= Q(sharing=SavedView.Sharing.TEAM, unit_id=row.unit_id)
    others = SavedView.objects.filter(same, register=row.register, name__iexact=row.name).exclude(pk=row.pk)
    if others.exists():
        told = _("This list has a view called “%(name)s” already; choose another name.")
        raise ValidationError({"name": told % {"name": row.name}})


def _unit(actor: Actor, sharing: str) -> Any:
    if sharing != SavedView.Sharing.TEAM:
        return None
    unit = unit_of(actor.user)
    if unit is None:
        raise ValidationError({"sharing": _("You belong to no unit, so there is no team to share with.")})
    return unit


def _check_sharing(actor: Actor, before: str, after: str) -> None:
    if after != SavedView.Sharing.PUBLIC or before == after:
        return
    features.require(PUBLIC_VIEWS)
    if not may_publish(actor.user):
        Decision(False, _("Only the PMO shows views to everybody; share it with your team.")).or_raise()


def _check_role(actor: Actor, row: SavedView, before: str, after: str) -> None:
    """A default of a role is public, so that everybody of the role has it; one view of a list is."""
    if after and row.sharing != SavedView.Sharing.PUBLIC:
        raise ValidationError({"role": _("The default of a role must be shown to everybody.")})
    if after == before:
        return
    if not may_set_default(actor.user):
        Decision(False, _("Only a PMO administrator sets what a role's list opens with.")).or_raise()
    if after:
        others = SavedView.objects.filter(register=row.register, role=after).order_by("pk")
        for other in others:
            update_record(actor=actor, row=other, values={"role": ""})
