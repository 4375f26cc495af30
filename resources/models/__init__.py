"""The pool: people and what they can do, equipment, and who or what is promised to which project."""

from resources.models.allocation import Allocation, AllocationVersion
from resources.models.equipment import Equipment, EquipmentBooking, EquipmentBookingVersion, EquipmentVersion
from resources.models.pool import PoolMember, PoolMemberVersion, ResourceRole
from resources.models.skills import Certificate, PersonSkill, Skill

__all__ = [
    "Allocation",
    "AllocationVersion",
    "Certificate",
    "Equipment",
    "EquipmentBooking",
    "EquipmentBookingVersion",
    "EquipmentVersion",
    "PersonSkill",
    "PoolMember",
    "PoolMemberVersion",
    "ResourceRole",
    "Skill",
]
