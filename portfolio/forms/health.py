"""The editor of the health model: one field per rule, named by its path, so that every error finds its field."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from portfolio.calc.health import DIMENSIONS, DRIVERS, HealthModelSpec
from portfolio.calc.health.model import MeasureSpec
from portfolio.measure_words import dimension_label, driver_label, measure_label
from portfolio.model_words import NUMBERS


def _number(label: Any, initial: float, *, required: bool = True) -> forms.FloatField:
    shown = int(initial) if float(initial).is_integer() else initial
    widget = forms.NumberInput(attrs={"step": "any"})
    return forms.FloatField(label=label, initial=shown, required=required, widget=widget)


class HealthModelForm(forms.Form):
    """Weights, thresholds, caps, bands and driver shifts of the next version. `base` is the version it starts from."""

    valid_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Today or later: past days keep the rules they were computed with."),
    )
    note = forms.CharField(
        label=gettext_lazy("What changed and why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, base: HealthModelSpec, today: datetime.date) -> None:
        super().__init__(data, initial={"valid_from": today})
        self.base = base
        weights = base.weights_for()
        for code in DIMENSIONS:
            self.fields[f"dimension_weights.{code}"] = _number(dimension_label(code), weights[code])
        for name, label in NUMBERS.items():
            self.fields[name] = _number(label, getattr(base, name))
        for one in base.measures:
            self._add_measure(one)
        for driver in DRIVERS:
            for code in DIMENSIONS:
                label = pgettext("list", ", ").join([str(driver_label(driver)), str(dimension_label(code))])
                factor = base.driver_shifts.get(driver, {}).get(code, 1.0)
                self.fields[f"driver_shifts.{driver}.{code}"] = _number(label, factor, required=False)

    def _add_measure(self, one: MeasureSpec) -> None:
        name = measure_label(one.code)
        label = _("%(measure)s, weight") % {"measure": name}
        self.fields[f"measures.{one.code}.weight"] = _number(label, one.weight)
        for place, (value, score) in enumerate(one.points):
            words = {"measure": name, "number": place + 1}
            field = f"measures.{one.code}.points.{place}"
            self.fields[f"{field}.value"] = _number(_("%(measure)s, value %(number)s") % words, value)
            self.fields[f"{field}.score"] = _number(_("%(measure)s, score %(number)s") % words, score)

    def spec(self) -> HealthModelSpec:
        """The rules as typed; only after `is_valid`. Rules the form does not show are the base's."""
        typed = self.cleaned_data
        return dataclasses.replace(
            self.base,
            dimension_weights={code: typed[f"dimension_weights.{code}"] for code in DIMENSIONS},
            driver_shifts={driver: self._shifts(driver) for driver in DRIVERS},
            measures=tuple(self._measure(one) for one in self.base.measures),
            **{name: typed[name] for name in NUMBERS},
        )

    def _shifts(self, driver: str) -> dict[str, float]:
        """Factors other than 1; a field left empty is 1."""
        typed = {code: self.cleaned_data.get(f"driver_shifts.{driver}.{code}") for code in DIMENSIONS}
        return {code: factor for code, factor in typed.items() if factor is not None and factor != 1}

    def _measure(self, one: MeasureSpec) -> MeasureSpec:
        typed, field = self.cleaned_data, f"measures.{one.code}"
        points = tuple(
            (typed[f"{field}.points.{place}.value"], typed[f"{field}.points.{place}.score"])
            for place in range(len(one.points))
        )
        return dataclasses.replace(one, weight=typed[f"{field}.weight"], points=points)

    def refuse(self, error: ValidationError) -> None:
        """Put each message at its field; what belongs to a group of fields stands at the first of them."""
        for path, texts in error.message_dict.items():
            self.add_error(self._field_of(path), texts)

    def _field_of(self, path: str) -> str | None:
        if path in self.fields:
            return path
        return next((name for name in self.fields if name.startswith(f"{path}.")), None)

    def number_rows(self) -> list[forms.BoundField]:
        """Bands, caps and the stale rule."""
        return [self[name] for name in NUMBERS]

    def weight_rows(self) -> list[dict[str, Any]]:
        """A row per dimension: its weight and the factor of each driver."""
        return [
            {
                "label": dimension_label(code),
                "weight": self[f"dimension_weights.{code}"],
                "shifts": [self[f"driver_shifts.{driver}.{code}"] for driver in DRIVERS],
            }
            for code in DIMENSIONS
        ]

    def measure_rows(self) -> list[dict[str, Any]]:
        """A row per measure: its weight and its points."""
        return [
            {
                "label": measure_label(one.code),
                "dimension": dimension_label(one.dimension),
                "weight": self[f"measures.{one.code}.weight"],
                "points": [
                    (
                        self[f"measures.{one.code}.points.{place}.value"],
                        self[f"measures.{one.code}.points.{place}.score"],
                    )
                    for place in range(len(one.points))
                ],
            }
            for one in self.base.measures
        ]

    @property
    def drivers(self) -> list[str]:
        """Headers of the shift columns."""
        return [driver_label(driver) for driver in DRIVERS]

    @property
    def most_points(self) -> range:
        """Numbers of the point columns."""
        return range(1, 1 + max((len(one.points) for one in self.base.measures), default=0))
