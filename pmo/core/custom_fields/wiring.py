"""What custom fields register with the kernel."""

from __future__ import annotations


def wire() -> None:
    """The three registers, their rights, what extends every other register, and the stamp that is read with the login."""
    from pmo.core.custom_fields import access, registers, stamp
    from pmo.core.custom_fields.extension import extended
    from pmo.core.custom_fields.keeping import ColumnKeeper
    from pmo.core.imports.keeping import keep_with
    from pmo.core.people.backend import read_with_login
    from pmo.core.registers.declaration import extend_with

    access.declare_roles()
    registers.declare()
    extend_with(extended)
    keep_with(ColumnKeeper())
    read_with_login("custom_fields", stamp.expression, stamp.take)
