"""A version of the health model in plain words, and what differs between two versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from portfolio.calc.health.model import HealthModelSpec, MeasureSpec
from portfolio.measure_words import (
    EXPLAINED,
    UNITS,
    dimension_label,
    driver_label,
    measure_label,
    plain_number,
    threshold_text,
    unit_of,
)

NUMBERS: dict[str, str | Promise] = {
    "green_from": gettext_lazy("On track from"),
    "amber_from": gettext_lazy("At risk from"),
    "cap_one_red": gettext_lazy("Cap with one dimension off track"),
    "cap_two_red": gettext_lazy("Cap with two or more"),
    "stale_after_cycles": gettext_lazy("Stale after, reporting cycles"),
    "stale_penalty": gettext_lazy("Points a stale figure loses"),
    "min_weight_share": gettext_lazy("Least share of the weight with data, 0 to 1"),
}


def rule_sentences(spec: HealthModelSpec) -> list[str]:
    """The rules, a sentence each."""
    return [
        _(
            "Health is the weighted mean of the dimensions that have data, 0 to 100; missing ones are named, never counted as on track."
        ),
        _("From %(green)s it is on track, from %(amber)s at risk, below that off track.")
        % {"green": plain_number(spec.green_from), "amber": plain_number(spec.amber_from)},
        _("One dimension off track caps health at %(one)s, two or more at %(two)s.")
        % {"one": plain_number(spec.cap_one_red), "two": plain_number(spec.cap_two_red)},
        _(
            "A figure is stale when the last report is older than %(cycles)s reporting cycles; that costs %(points)s points."
        )
        % {"cycles": plain_number(spec.stale_after_cycles), "points": plain_number(spec.stale_penalty)},
        _("A project has a colour when at least %(share)s%% of the weight has data.")
        % {"share": plain_number(100 * spec.min_weight_share)},
    ]


@dataclass(frozen=True)
class DimensionWords:
    """A dimension: its weight, its share of all in percent, its measures."""

    code: str
    label: str
    weight: str
    share: int
    measures: list[MeasureWords]


@dataclass(frozen=True)
class MeasureWords:
    """A measure: what it is, its weight inside the dimension, its colours' edges, its points as value: score."""

    code: str
    label: str
    explained: str
    unit: str
    weight: str
    green: str
    red: str
    points: str


def dimensions_of(spec: HealthModelSpec) -> list[DimensionWords]:
    """The dimensions with their measures, in their fixed order."""
    weights = spec.weights_for()
    total = sum(weights.values()) or 1.0
    return [
        DimensionWords(
            code,
            dimension_label(code),
            plain_number(weight),
            round(100 * weight / total),
            [_measure(spec, one) for one in spec.measures if one.dimension == code],
        )
        for code, weight in weights.items()
    ]


def _measure(spec: HealthModelSpec, one: MeasureSpec) -> MeasureWords:
    return MeasureWords(
        code=one.code,
        label=measure_label(one.code),
        explained=str(EXPLAINED.get(one.code, "")),
        unit=str(UNITS[unit_of(one.code)]),
        weight=plain_number(one.weight),
        green=threshold_text(one.direction, one.value_at(spec.green_from), good=True),
        red=threshold_text(one.direction, one.value_at(spec.amber_from), good=False),
        points=_points(one.points),
    )


def _points(points: Any) -> str:
    return pgettext("list", ", ").join(f"{plain_number(value)}: {plain_number(score)}" for value, score in points)


def driver_sentences(spec: HealthModelSpec) -> list[tuple[str, str]]:
    """(driver, what it shifts) for each delivery driver."""
    found = []
    for driver, shifts in spec.driver_shifts.items():
        parts = [f"{dimension_label(code)} × {plain_number(factor)}" for code, factor in shifts.items() if factor != 1]
        found.append((driver_label(driver), _(", ").join(parts) or _("no shift")))
    return found


@dataclass(frozen=True)
class Difference:
    """One rule that two versions have differently; "—" where one of them has none."""

    label: str
    before: str
    after: str


def differences(old: HealthModelSpec, new: HealthModelSpec) -> list[Difference]:
    """What the new version changes, in the order of the rules."""
    before, after = _flat(old), _flat(new)
    labels = before | after
    return [
        Difference(label, before.get(label, "—"), after.get(label, "—"))
        for label in labels
        if before.get(label) != after.get(label)
    ]


def _flat(spec: HealthModelSpec) -> dict[str, str]:
    """{label: value} of every rule."""
    found = {
        _("Weight of %(name)s") % {"name": dimension_label(code)}: plain_number(weight)
        for code, weight in spec.weights_for().items()
    }
    for one in spec.measures:
        name = {"name": measure_label(one.code)}
        found[_("Weight of %(name)s") % name] = plain_number(one.weight)
        found[_("Points of %(name)s") % name] = _points(one.points)
    found |= {str(label): plain_number(getattr(spec, name)) for name, label in NUMBERS.items()}
    return found | {_("Weights: %(driver)s") % {"driver": driver}: shifts for driver, shifts in driver_sentences(spec)}
