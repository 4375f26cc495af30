"""Java's values as the JSON that `projects.calc.plan.stored` reads."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from jpype import JClass

Json = dict[str, Any]
MONEY_PLACES = 4
MOST = 1e12
"""Figures beyond this come from damaged files."""
PERCENT_UNITS = ("%", "e%")


class Values:
    """Conversions that depend on the project: its hours per day decide what a day is."""

    def __init__(self, project: Any) -> None:
        self._defaults = project.getProjectProperties()
        self._factors: dict[str, float] = {}
        self._units: dict[int, str] = {}

    def minutes(self, duration: Any) -> float | None:
        """A duration in working minutes (elapsed units in minutes of the clock)."""
        if duration is None:
            return None
        return _finite(float(duration.getDuration()) * self._factor(duration.getUnits()))

    def span(self, duration: Any, *, estimated: bool = False) -> Json | None:
        """A duration as minutes with the unit in which people wrote it. Percent stay percent."""
        if duration is None:
            return None
        units = duration.getUnits()
        name = self._unit(units)
        amount = float(duration.getDuration())
        minutes = _finite(amount if name in PERCENT_UNITS else amount * self._factor(units))
        if minutes is None:
            return None
        result: Json = {"minutes": minutes, "unit": name}
        if estimated:
            result["estimated"] = True
        return result

    def _unit(self, units: Any) -> str:
        value = int(units.ordinal())
        if value not in self._units:
            self._units[value] = str(units.toString())
        return self._units[value]

    def _factor(self, units: Any) -> float:
        """Minutes in one unit, by Java's own rule for the project."""
        name = self._unit(units)
        if name not in self._factors:
            minutes = JClass("org.mpxj.TimeUnit").MINUTES
            one = JClass("org.mpxj.Duration").getInstance(1.0, units)
            converted = one if name in PERCENT_UNITS else one.convertUnits(minutes, self._defaults)
            self._factors[name] = float(converted.getDuration())
        return self._factors[name]

    def rate(self, rate: Any) -> Json | None:
        if rate is None:
            return None
        return {"amount": money(rate.getAmount()), "per": self._unit(rate.getUnits())}

    def field_value(self, kind: str, value: Any) -> Any:
        """The value of a custom field; None where there is none of that kind."""
        if kind == "duration":
            return self.span(value)
        return _FIELD_VALUES[kind](value)


def _finite(minutes: float) -> float | None:
    return round(minutes, 6) if abs(minutes) < MOST else None


def moment(value: Any) -> str | None:
    """A date and time without a zone. Dates that are no dates of any plan stay out."""
    if value is None:
        return None
    text = str(value)
    if len(text) < 16 or _no_date(text):
        return None
    return text[:19]


def day(value: Any) -> str | None:
    """A date; None for one that no calendar of Python has."""
    return None if value is None or _no_date(str(value)) else str(value)


def _no_date(text: str) -> bool:
    """Years before 1 or beyond 9999: Java writes a sign before them, or zeros."""
    return not text[:4].isdigit() or text[:4] == "0000" or text[4:5] != "-"


def number(value: Any) -> float | None:
    """A finite number."""
    if value is None:
        return None
    result = float(value)
    return result if abs(result) < MOST else None


def money(value: Any) -> str | None:
    """An amount without the noise of binary fractions: four places, as columns keep."""
    result = number(value)
    if result is None:
        return None
    return exact(round(result, MONEY_PLACES))


def exact(value: float) -> str:
    """A number as a person would write it."""
    return format(Decimal(repr(value)).normalize(), "f")


def text(value: Any) -> str:
    """Text as it is; the parent takes out what cannot be kept, and says so."""
    return "" if value is None else str(value)


def word(value: Any) -> str:
    """The name of an enumeration in lower case, such as must_start_on."""
    return "" if value is None else str(value.name()).lower()


def put(target: Json, name: str, value: Any) -> None:
    """Set what is there: missing values and empty text are left out."""
    if value is not None and value != "" and value != []:
        target[name] = value


def number_of(row: Any) -> int | None:
    """The id of a row; damaged files have rows without one."""
    uid = row.getUniqueID()
    return None if uid is None else int(uid)


def _number_text(value: Any) -> str | None:
    result = number(value)
    return None if result is None else exact(result)


_FIELD_VALUES: dict[str, Any] = {
    "text": lambda value: text(value) or None,
    "number": _number_text,
    "money": money,
    "date": moment,
    "flag": bool,
}
_KINDS = {
    "STRING": "text",
    "NOTES": "text",
    "DATE": "date",
    "CURRENCY": "money",
    "BOOLEAN": "flag",
    "NUMERIC": "number",
    "UNITS": "number",
    "PERCENTAGE": "number",
    "INTEGER": "number",
    "SHORT": "number",
    "DURATION": "duration",
    "WORK": "duration",
    "DELAY": "duration",
    "RATE": "text",
    "ACCRUE": "text",
    "CONSTRAINT": "text",
    "PRIORITY": "text",
    "TASK_TYPE": "text",
    "GUID": "text",
    "EARNED_VALUE_METHOD": "text",
    "BOOKING_TYPE": "text",
    "TIME_UNITS": "text",
    "RESOURCE_REQUEST_TYPE": "text",
    "RESOURCE_TYPE": "text",
    "PERCENT_COMPLETE_TYPE": "text",
    "ACTIVITY_STATUS": "text",
    "ACTIVITY_TYPE": "text",
    "RATE_SOURCE": "text",
    "TIME": "text",
    "WORKGROUP": "text",
    "WORK_UNITS": "text",
}


@cache
def kind_of(data_type: str) -> str:
    """The kind of a field by Java's data type; "" for lists and objects that no field holds."""
    return _KINDS.get(data_type, "")
