"""The registers of the office."""

from office.registers import assessments, charters, filters, metrics, rights, units
from pmo.core.registers.declaration import register


def declare() -> None:
    """Make them known to the kernel."""
    for one in (units.UNITS, charters.CHARTERS, rights.RIGHTS, assessments.ASSESSMENTS, metrics.METRICS):
        register(one)
    filters.contribute()
