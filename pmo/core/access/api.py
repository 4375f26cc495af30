"""The one place that decides access. Denied by default: a model without a declared scope or an unknown permission says no."""

from __future__ import annotations

import functools
from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pmo.core.access.decisions import YES, Decision
from pmo.core.access.grants import grants_of
from pmo.core.access.roles import READER, Role, roles_holding
from pmo.core.access.scopes import reach

NONE = Q(pk__in=[])


def permission_of(model: type[Model], action: str) -> str:
    """`projects.milestone.change` for (Milestone, "change"); a dotted action is a full permission name already."""
    if "." in action:
        return action
    return f"{model._meta.app_label}.{model._meta.model_name}.{action}"


def holds_everywhere(user: Any, permission: str) -> bool:
    """Whether the user holds the permission in the whole organisation."""
    if not getattr(user, "is_authenticated", False):
        return False
    held = grants_of(user).everywhere & roles_holding(permission)
    return bool(held - {READER})


def allowed_q(user: Any, model: type[Model], action: str) -> Q:
    """A filter on the model's rows that keeps those on which the user holds the permission."""
    if not getattr(user, "is_authenticated", False):
        return NONE
    return _held_q(user, model, permission_of(model, action)) & named_q(user, model)


def named_q(user: Any, model: type[Model]) -> Q:
    """Keeps the rows of which the user sees everything that they name (`Record.access_also`)."""
    found = Q()
    for name, target in _named(model):
        found &= _held_q(user, target, permission_of(target, "view"), f"{name}__")
    return found


def _named(model: type[Model]) -> list[tuple[str, Any]]:
    """Foreign keys of `access_also` with the models they point to."""
    names = getattr(model, "access_also", ())
    return [(name, model._meta.get_field(name).related_model) for name in names]


def _held_q(user: Any, model: type[Model], permission: str, way: str = "") -> Q:
    """Rows of the model on which the user holds the permission; `way` leads to them from the rows that are filtered."""
    roles = roles_holding(permission)
    kind, field = getattr(model, "access_scope", ("organisation", ""))
    alive = _parent_alive(field, way)
    if holds_everywhere(user, permission):
        return alive
    if kind == "organisation":
        return Q() if READER in roles else NONE
    return reach(user, kind, roles, f"{way}{field}") & alive


def decided_at_once(user: Any, model: type[Model], action: str) -> bool:
    """Whether the user holds the permission on every row of the model, and sees everything that they name."""
    asked = [permission_of(model, action), *(permission_of(target, "view") for _name, target in _named(model))]
    return all(holds_everywhere(user, permission) for permission in asked)


def _parent_alive(field: str, way: str = "") -> Q:
    """A row whose project (portfolio, unit) lies in the trash is not shown either."""
    if field in {"", "pk", "id"}:
        return Q()
    return Q(**{f"{way}{field.removesuffix('_id')}__deleted_at__isnull": True})


def scoped_q(user: Any, kind: str, permission: str, field: str) -> Q:
    """Like `allowed_q` for an id field of any queryset: keeps ids of the kind on which the user holds the permission."""
    if not getattr(user, "is_authenticated", False):
        return NONE
    if holds_everywhere(user, permission):
        return Q()
    return reach(user, kind, roles_holding(permission), field)


def has_any(user: Any, permission: str) -> bool:
    """Whether the user holds the permission organisation-wide, or its roles in a unit or in anything of a scope kind.

    What belongs to the whole organisation asks for a role in the whole organisation. For navigation and buttons only: rows are decided by `can` and `visible_to`. At most one query per provider.
    """
    if not getattr(user, "is_authenticated", False):
        return False
    roles = roles_holding(permission)
    grants = grants_of(user)
    if roles & grants.everywhere:
        return True
    return not _of_the_organisation(permission) and bool(roles & held_anywhere(user))


@functools.cache
def _of_the_organisation(permission: str) -> bool:
    """Whether the permission is about a model whose rows belong to no project, portfolio or unit."""
    app, model, _action = permission.split(".")
    try:
        found = apps.get_model(app, model)
    except LookupError:
        return False
    kind, _field = getattr(found, "access_scope", ("organisation", ""))
    return bool(kind == "organisation")


def held_anywhere(user: Any) -> frozenset[str]:
    """Every role the user holds in any scope."""
    return grants_of(user).anywhere


def can(user: Any, action: str, obj: Model | type[Model]) -> Decision:
    """May the user do the action on the row (or, with a model class, on rows of it at all)? The answer carries a reason."""
    if not getattr(user, "is_authenticated", False):
        return Decision(False, _("Please sign in first."))
    model = obj if isinstance(obj, type) else type(obj)
    permission = permission_of(model, action)
    if isinstance(obj, type):
        return YES if has_any(user, permission) else refusal(permission)
    if decided_at_once(user, model, permission):
        return YES
    if obj.pk is None:
        allowed = holds_everywhere(user, permission) or _new_row_allowed(user, permission, obj)
        return YES if allowed and _sees_named(user, obj) else refusal(permission)
    rows: Any = model._base_manager.filter(pk=obj.pk)
    return YES if rows.filter(allowed_q(user, model, permission)).exists() else refusal(permission)


def _new_row_allowed(user: Any, permission: str, obj: Model) -> bool:
    """For a row not saved yet: the scope it points to decides."""
    kind, field = getattr(type(obj), "access_scope", ("organisation", ""))
    if kind == "organisation":
        return READER in roles_holding(permission)
    if field in {"pk", "id"}:
        return has_any(user, permission)
    owner, field = _owner(obj, field)
    if owner is None:
        return False
    target = type(owner)._meta.get_field(field.removesuffix("_id")).related_model
    scope_id = getattr(owner, field)
    if scope_id is None or target is None:
        return False
    return bool(target._base_manager.filter(scoped_q(user, kind, permission, "pk"), pk=scope_id).exists())


def _sees_named(user: Any, obj: Model) -> bool:
    """Whether the user sees what a row not saved yet names; what it leaves open is for its validation."""
    for name, target in _named(type(obj)):
        pk = getattr(obj, f"{name}_id")
        rows = target._base_manager.filter(allowed_q(user, target, "view"), pk=pk)
        if pk is not None and not rows.exists():
            return False
    return True


def scope_id_of(obj: Model) -> int | None:
    """The id of the project (portfolio, unit) whose membership decides; None where there is none, or it is not said."""
    kind, field = getattr(type(obj), "access_scope", ("organisation", ""))
    if kind == "organisation":
        return None
    owner, last = _owner(obj, field)
    found: int | None = getattr(owner, last) if owner is not None else None
    return found


def _owner(obj: Model, field: str) -> tuple[Model | None, str]:
    """The record a path such as `person__unit_id` ends at, with the field there; None where the way is cut."""
    owner: Model | None = obj
    *way, last = field.split("__")
    for name in way:
        owner = getattr(owner, name) if owner is not None and getattr(owner, f"{name}_id") is not None else None
    return owner, last


def refusal(permission: str) -> Decision:
    """A no that names the roles which could."""
    names = gettext(", ").join(str(Role(role).label) for role in sorted(roles_holding(permission) & set(Role.values)))
    return Decision(False, _("You need one of these roles here: %(roles)s.") % {"roles": names})


def get_or_refuse(user: Any, model: type[Model], pk: int, action: str = "view") -> Any:
    """The row the user may act on: not visible raises Http404, visible but not allowed raises Refused (403)."""
    manager: Any = model._default_manager
    row = manager.visible_to(user).filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such record, or you may not see it."))
    if action != "view":
        can(user, action, row).or_raise()
    return row
