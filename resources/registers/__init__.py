"""The registers of the pool."""

from pmo.core.registers.declaration import register
from resources.registers.allocations import ALLOCATIONS
from resources.registers.equipment import BOOKINGS, EQUIPMENT
from resources.registers.people import POOL, ROLES
from resources.registers.skills import CERTIFICATES, PERSON_SKILLS, SKILLS

ALL = (POOL, ALLOCATIONS, PERSON_SKILLS, CERTIFICATES, EQUIPMENT, BOOKINGS, ROLES, SKILLS)


def declare() -> None:
    """Make all of them known."""
    for declared in ALL:
        register(declared)
