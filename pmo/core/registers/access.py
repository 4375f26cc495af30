"""What may be done with a register's rows, with the reason where it may not."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.access.decisions import Decision
from pmo.core.registers.declaration import Register


def may_add(register: Register, user: Any) -> Decision:
    """May the user add a row at all? A register nobody adds to says so."""
    if register.read_only or not register.creatable or not register.form_fields:
        return Decision(False, _("Rows of this register are made by the system."))
    return can(user, "add", register.model)


def may_change(register: Register, user: Any, row: Any) -> Decision:
    """May the user change the row?"""
    if register.read_only or not register.form_fields:
        return Decision(False, _("Rows of this register are not edited."))
    return can(user, "change", row)


def may_delete(register: Register, user: Any, row: Any) -> Decision:
    """May the user delete the row?"""
    if register.read_only or not register.deletable:
        return Decision(False, _("Rows of this register are not deleted."))
    return can(user, "delete", row)


def may_edit_some(register: Register, user: Any) -> Decision:
    """May the user change rows of the register at all, and so choose several of them for that?"""
    if register.read_only or not register.form_fields:
        return Decision(False, _("Rows of this register are not edited."))
    return can(user, "change", register.model)


def selectable(register: Register, user: Any) -> bool:
    """Whether the user can do anything with several rows at once. No query beside that of the user's roles."""
    return bool(may_edit_some(register, user)) or bool(may_see_trash(register, user))


def may_see_trash(register: Register, user: Any) -> Decision:
    """May the user delete rows at all, and so look at what was deleted?"""
    if register.read_only or not register.deletable:
        return Decision(False, _("Rows of this register are not deleted."))
    return can(user, "delete", register.model)
