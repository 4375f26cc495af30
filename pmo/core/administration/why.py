"""Why somebody may do something with a row, or may not: asked of the same functions that decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from pmo.core.access.api import can, named_q, permission_of
from pmo.core.access.decisions import Decision
from pmo.core.access.grants import grants_of
from pmo.core.access.roles import DELEGATE, OWNER, READER, Role, roles_holding
from pmo.core.access.scopes import reach
from pmo.core.people.models import OrgUnit, Person, User
from pmo.core.registers.declaration import Register


@dataclass(frozen=True)
class Answer:
    """The decision, the right that was asked, who would have it, and by what this user has it."""

    decision: Decision
    permission: str
    holders: list[Any]
    grounds: list[str]
    roles: list[str]


def find_user(text: str) -> User | None:
    """A login by user name, staff number or e-mail; None where none or several fit."""
    text = text.strip()
    if not text:
        return None
    rows = User.objects.select_related("person").filter(
        Q(username__iexact=text)
        | Q(person__code__iexact=text, person__deleted_at__isnull=True)
        | Q(email__iexact=text)
        | Q(person__email__iexact=text, person__deleted_at__isnull=True)
    )
    found = list(rows.distinct().order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def find_row(register: Register, asker: Any, text: str) -> Model | None:
    """A row of the register that the asker may see, by code or id."""
    text = text.strip()
    manager: Any = register.model._default_manager
    rows = register.visible(asker) if register.visible is not None else manager.visible_to(asker)
    code = {f.name for f in register.model._meta.concrete_fields} & {"code", "username", "name"}
    wanted = Q(pk=int(text)) if text.isascii() and text.isdigit() and len(text) < 18 else Q(pk__in=[])
    for name in code:
        wanted |= Q(**{f"{name}__iexact": text})
    found: Model | None = rows.filter(wanted).order_by("pk").first()
    return found


def answer(user: User, action: str, obj: Model | type[Model]) -> Answer:
    """The product's own decision, and the roles by which it comes about."""
    model = obj if isinstance(obj, type) else type(obj)
    permission = permission_of(model, action)
    wanted = roles_holding(permission)
    return Answer(
        can(user, action, obj),
        permission,
        [Role(role).label for role in Role.values if role in wanted],
        _grounds(user, model, obj, wanted),
        _held(user),
    )


def _grounds(user: User, model: type[Model], obj: Model | type[Model], wanted: frozenset[str]) -> list[str]:
    if not user.is_active:
        return []
    grants = grants_of(user)
    told = []
    for role in sorted(wanted & grants.everywhere):
        told.append(_everywhere(user, role))
    kind, field = getattr(model, "access_scope", ("organisation", ""))
    if isinstance(obj, type) or kind == "organisation" or told:
        return told
    rows: Any = model._base_manager.filter(named_q(user, model), pk=obj.pk)
    for role in [*Role.values, OWNER, DELEGATE, READER]:
        if role in wanted and rows.filter(reach(user, kind, frozenset({role}), field)).exists():
            told.append(_on_the_row(role))
    return told


def _everywhere(user: User, role: str) -> str:
    if role == READER:
        return _("Everybody who is signed in has this right.")
    if user.is_superuser and role == Role.PMO_ADMIN:
        return _("%(role)s in the whole organisation (superuser).") % {"role": Role(role).label}
    return _("%(role)s in the whole organisation.") % {"role": Role(role).label}


def _on_the_row(role: str) -> str:
    if role == READER:
        return _("The row is shown to everybody who is signed in.")
    if role == OWNER:
        return _("The row is their own.")
    if role == DELEGATE:
        return _("They stand in for somebody here.")
    return _("%(role)s here: by a grant in the unit or as a member of the project or portfolio.") % {
        "role": Role(role).label
    }


def _held(user: User) -> list[str]:
    """The roles of the user in sentences. One statement for the names of units."""
    grants = grants_of(user)
    told = [_everywhere(user, role) for role in sorted(grants.everywhere - {READER})]
    names = {unit.path: str(unit) for unit in OrgUnit.objects.filter(path__in={path for _role, path in grants.units})}
    told += [
        _("%(role)s in %(unit)s and below.") % {"role": Role(role).label, "unit": names.get(path, path)}
        for role, path in sorted(grants.units)
    ]
    in_units = {role for role, _path in grants.units}
    others = sorted((grants.anywhere & set(Role.values)) - grants.everywhere - in_units)
    told += [_("%(role)s in single projects or portfolios.") % {"role": Role(role).label} for role in others]
    return told


def people() -> Sequence[tuple[str, str]]:
    """User name and name of everybody with an active login, for the field of the page; at most five hundred."""
    rows = Person.objects.filter(user__is_active=True).select_related("user").order_by("code")[:500]
    return [(row.user.username, str(row)) for row in rows if row.user is not None]
