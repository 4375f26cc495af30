"""What the tables of this app hold about people."""

from __future__ import annotations

from pmo.core.privacy.declaration import declare_personal


def declare() -> None:
    """Every text and JSON value of the app's tables."""
    declare_personal("resources.Allocation", plain="code", text="note")
    declare_personal("resources.Certificate", text="name body number", gone="person")
    declare_personal("resources.Equipment", plain="code", text="name_zh name_en location note")
    declare_personal("resources.EquipmentBooking", plain="code", text="note")
    declare_personal("resources.PersonSkill", gone="person")
    declare_personal("resources.PoolMember", plain="currency", text="location")
    declare_personal("resources.ResourceRole", plain="code", text="name_zh name_en note")
    declare_personal("resources.Skill", plain="code", text="name_zh name_en")
