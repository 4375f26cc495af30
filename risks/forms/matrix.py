"""The form of a matrix: 25 choices of colour and the labels of ten steps. Works without script."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pmo.core.people.names import localised
from risks.calc.scales import SCALES
from risks.calc.scoring import STEPS, cell_place
from risks.models import RiskMatrix

_STEPS = range(1, STEPS + 1)
COLOURS = [
    ("G", pgettext_lazy("risk zone", "Green")),
    ("A", pgettext_lazy("risk zone", "Amber")),
    ("R", pgettext_lazy("risk zone", "Red")),
]


def preset_choices() -> list[tuple[str, str]]:
    """The ready-made matrices by name."""
    return [(scale.key, localised(scale.name_zh, scale.name_en)) for scale in SCALES.values()]


class MatrixForm(forms.Form):
    """`matrix` is what the form starts from; `preset` fills it from a ready-made scale instead."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, matrix: RiskMatrix, preset: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        start: dict[str, Any] = {
            "cells": matrix.cells,
            "probability_steps": matrix.probability_steps,
            "impact_steps": matrix.impact_steps,
        }
        if preset in SCALES:
            start |= SCALES[preset].values()
        self.fields["version"].initial = matrix.version
        for chance in _STEPS:
            self._add_labels("p", chance, start["probability_steps"][chance - 1], _("Probability"))
            self.fields[f"p{chance}_percent"] = forms.DecimalField(
                label=_("Percent of probability step %(step)s") % {"step": chance},
                min_value=0,
                max_value=100,
                max_digits=5,
                decimal_places=2,
                initial=start["probability_steps"][chance - 1]["percent"],
            )
            self._add_labels("i", chance, start["impact_steps"][chance - 1], _("Impact"))
            for effect in _STEPS:
                self.fields[f"cell_{chance}_{effect}"] = forms.ChoiceField(
                    label=_("Probability %(probability)s, impact %(impact)s")
                    % {"probability": chance, "impact": effect},
                    choices=COLOURS,
                    initial=start["cells"][cell_place(chance, effect)],
                )

    def _add_labels(self, prefix: str, step: int, start: dict[str, Any], what: str) -> None:
        for lang, name in (("zh", gettext_lazy("Chinese")), ("en", gettext_lazy("English"))):
            self.fields[f"{prefix}{step}_{lang}"] = forms.CharField(
                label=_("%(what)s %(step)s, %(language)s") % {"what": what, "step": step, "language": name},
                max_length=60,
                required=False,
                initial=start.get(lang, ""),
            )

    def cell_rows(self) -> list[tuple[int, list[BoundField]]]:
        """The choices of colour, the highest probability first."""
        return [(chance, [self[f"cell_{chance}_{effect}"] for effect in _STEPS]) for chance in reversed(_STEPS)]

    def step_rows(self) -> list[tuple[int, list[BoundField], list[BoundField]]]:
        """For each step the fields of probability (two labels, percent) and of impact (two labels)."""
        return [
            (
                step,
                [self[f"p{step}_zh"], self[f"p{step}_en"], self[f"p{step}_percent"]],
                [self[f"i{step}_zh"], self[f"i{step}_en"]],
            )
            for step in _STEPS
        ]

    def values(self) -> dict[str, Any]:
        """The fields of the matrix record, after `is_valid`."""
        typed = self.cleaned_data
        return {
            "cells": "".join(typed[f"cell_{chance}_{effect}"] for chance in _STEPS for effect in _STEPS),
            "probability_steps": [
                {"zh": typed[f"p{n}_zh"], "en": typed[f"p{n}_en"], "percent": float(typed[f"p{n}_percent"])}
                for n in _STEPS
            ],
            "impact_steps": [{"zh": typed[f"i{n}_zh"], "en": typed[f"i{n}_en"]} for n in _STEPS],
        }

    def refuse(self, messages: dict[str, list[str]]) -> None:
        """Show what the record refused; its fields are no fields of the form."""
        for lines in messages.values():
            for line in lines:
                self.add_error(None, line)
