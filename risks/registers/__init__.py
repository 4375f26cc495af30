"""The registers of the risk room."""

from pmo.core.registers.declaration import register
from risks.registers.categories import CATEGORIES
from risks.registers.matrices import MATRICES
from risks.registers.risks import RISKS

ALL = (RISKS, CATEGORIES, MATRICES)


def declare() -> None:
    """Make all of them known."""
    for declared in ALL:
        register(declared)
