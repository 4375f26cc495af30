"""Rows of registers that come along with a plan file: taken over, brought up to date and taken back with the plan."""

from projects.services.plans.taking.contract import Mapped, Notes, Source, Taker, register_taker
from projects.services.plans.taking.undoing import take_back
from projects.services.plans.taking.writing import preview, take

__all__ = ["Mapped", "Notes", "Source", "Taker", "preview", "register_taker", "take", "take_back"]
