"""What the office registers with the kernel and with the rooms below it."""

from __future__ import annotations


def wire() -> None:
    """Permissions, registers, navigation, the rules of the PMO's type, the demo's PMO."""
    from office import access, navigation, personal, registers
    from office.demo.room import in_world
    from office.queries.units import governance_of_the_organisation
    from pmo.core.decision_rights.governance import set_governance_source
    from portfolio.demo.above import register_room_above

    access.declare_roles()
    personal.declare()
    registers.declare()
    navigation.declare()
    set_governance_source(governance_of_the_organisation)
    register_room_above(in_world)
