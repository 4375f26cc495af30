"""What each role may do, from the code that decides it: registers by action, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.access.api import permission_of
from pmo.core.access.roles import Role, permissions_of, roles_holding
from pmo.core.administration.rights import in_words
from pmo.core.people.models import RoleGrant
from pmo.core.registers.declaration import Register, all_registers
from pmo.core.web.nav import GROUPS

ACTIONS: dict[str, Any] = {
    "view": gettext_lazy("see"),
    "add": gettext_lazy("add"),
    "change": gettext_lazy("change"),
    "delete": gettext_lazy("delete"),
}
SCOPES: dict[str, Any] = {
    "organisation": gettext_lazy("whole organisation"),
    "project": gettext_lazy("project"),
    "portfolio": gettext_lazy("portfolio"),
    "programme": gettext_lazy("programme"),
    "unit": gettext_lazy("unit"),
}
ALL = gettext_lazy("all")
OF_THE_ROW = gettext_lazy("by row")


@dataclass(frozen=True)
class Line:
    """One register or one special right: for each role the actions it has."""

    title: Any
    key: str
    scope: Any
    permissions: tuple[str, ...]
    cells: tuple[tuple[str, tuple[Any, ...]], ...]


@dataclass
class Section:
    """Lines under one heading of the navigation."""

    label: Any
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Holder:
    """A role, how many people hold it in the whole organisation and in units, and how many rights it is made of."""

    role: str
    label: Any
    everywhere: int
    units: int
    rights: int


def matrix(words: Iterable[str] = (), role: str = "") -> list[Section]:
    """The registers by group, then the special rights; only lines with every word, and something for the role."""
    wanted = [word.casefold() for word in words]
    sections = [
        Section(label or _("Home"), [_register_line(one) for one in all_registers() if one.group == key])
        for key, label in (*GROUPS, ("none", _("Further lists")))
    ]
    hidden = [_register_line(one) for one in all_registers() if one.group not in dict(GROUPS)]
    sections[-1].lines += hidden
    sections.append(Section(_("Further rights"), _special_lines()))
    for section in sections:
        section.lines = [line for line in section.lines if _fits(section, line, wanted, role)]
    return [section for section in sections if section.lines]


def _fits(section: Section, line: Line, words: list[str], role: str) -> bool:
    text = f"{section.label} {line.title} {line.key} {' '.join(line.permissions)}".casefold()
    return all(word in text for word in words) and (not role or any(cell for key, cell in line.cells if key == role))


def _register_line(register: Register) -> Line:
    permissions = {action: permission_of(register.model, action) for action in ACTIONS}
    holders = {action: roles_holding(permission) for action, permission in permissions.items()}
    possible = ["view"] if register.read_only else list(ACTIONS)
    cells = tuple((role, _words([action for action in possible if role in holders[action]])) for role in Role.values)
    kind = getattr(register.model, "access_scope", ("organisation", ""))[0]
    return Line(register.title, register.key, SCOPES.get(kind, OF_THE_ROW), tuple(permissions.values()), cells)


def _words(actions: list[str]) -> tuple[Any, ...]:
    """The actions in words; one word for all four."""
    return (ALL,) if len(actions) == len(ACTIONS) else tuple(ACTIONS[action] for action in actions)


def _special_lines() -> list[Line]:
    """Rights that are not one of the four actions on the rows of a register, by what they are about."""
    usual = {permission_of(one.model, action) for one in all_registers() for action in ACTIONS}
    known = sorted({permission for role in Role.values for permission in permissions_of(role)} - usual)
    return sorted((_special(permission) for permission in known), key=lambda line: line.title)


def _special(permission: str) -> Line:
    holders = roles_holding(permission)
    cells = tuple((role, (_("yes"),) if role in holders else ()) for role in Role.values)
    return Line(in_words(permission), permission, "", (permission,), cells)


def holders() -> list[Holder]:
    """Every role with the people it is granted to. One statement."""
    alive = RoleGrant.objects.filter(person__deleted_at__isnull=True).order_by()
    rows = alive.values("role").annotate(
        everywhere=Count("person", filter=Q(unit__isnull=True), distinct=True),
        units=Count("person", filter=Q(unit__isnull=False), distinct=True),
    )
    numbers = {row["role"]: row for row in rows}
    return [
        Holder(
            role,
            label,
            numbers.get(role, {}).get("everywhere", 0),
            numbers.get(role, {}).get("units", 0),
            len(permissions_of(role)),
        )
        for role, label in Role.choices
    ]
