"""What the risk room registers with the kernel and with the project registry."""

from __future__ import annotations


def wire() -> None:
    """Permissions, registers, navigation, tabs."""
    from risks import access, navigation, registers
    from risks.views import tabs

    access.declare_roles()
    registers.declare()
    navigation.declare()
    tabs.contribute()
