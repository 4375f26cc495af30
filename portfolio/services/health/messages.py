"""What is wrong with a health model, in the reader's language: what was received, what is expected."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.calc.health import ModelError

_TYPES: dict[str, str | Promise] = {
    "a number": _("a number"),
    "a whole number": _("a whole number"),
    "text": _("text"),
    "an object": _("a group of named values"),
    "a list": _("a list"),
    "[value, score]": _("a value and a score"),
}
_TEXTS: dict[str, str | Promise] = {
    "wrong_type": _("Received %(received)s, expected %(expected)s."),
    "out_of_range": _("Received %(received)s, expected %(expected)s."),
    "too_fine": _("Received %(received)s, but scores are shown with one decimal."),
    "not_increasing": _("Received %(received)s, expected %(expected)s: the values of the points must rise."),
    "wrong_direction": _("Received %(received)s, expected %(expected)s: scores must follow the measure's direction."),
    "too_few": _("A measure needs at least two points."),
    "not_finite": _("Received %(received)s, expected a number."),
    "never_green": _("The best score is %(received)s, so the measure is never green; expected %(expected)s."),
    "no_measure": _("It weighs %(received)s but no measure feeds it: set 0, or give one of its measures a weight."),
    "all_zero": _("All weights are 0; at least one must be above 0."),
    "governance_alone": _("With %(received)s, reporting alone would give a colour; expected %(expected)s."),
    "unknown_dimension": _("%(received)s is not a dimension; expected one of %(expected)s."),
    "unknown_direction": _("%(received)s is not a direction; expected one of %(expected)s."),
    "unknown_field": _("There is no such field."),
    "duplicate": _("The measure appears twice."),
    "required": _("A value is needed."),
}


def model_messages(errors: Iterable[ModelError]) -> dict[str, list[str]]:
    """{dotted field: [message]}; the fields are those of the rules as JSON."""
    messages: dict[str, list[str]] = {}
    for error in errors:
        messages.setdefault(error.field, []).append(model_message(error))
    return messages


def model_message(error: ModelError) -> str:
    """One sentence for one error, in the active language."""
    values = {"received": _received(error.value), "expected": _TYPES.get(error.expected, error.expected)}
    return str(_TEXTS[error.code]) % values


def _received(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
