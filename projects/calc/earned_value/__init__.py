"""Earned value and earned schedule: one project in Decimal, many projects as arrays, and performance in time."""

from projects.calc.earned_value.arrays import EarnedValueArrays, earned_value_arrays
from projects.calc.earned_value.indices import EAC_METHODS, EacMethod, EarnedValue
from projects.calc.earned_value.schedule import (
    EarnedSchedule,
    EarnedScheduleArrays,
    earned_schedule,
    earned_schedule_arrays,
)

__all__ = [
    "EAC_METHODS",
    "EacMethod",
    "EarnedSchedule",
    "EarnedScheduleArrays",
    "EarnedValue",
    "EarnedValueArrays",
    "earned_schedule",
    "earned_schedule_arrays",
    "earned_value_arrays",
]
