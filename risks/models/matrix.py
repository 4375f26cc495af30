"""Matrices: which combinations of probability and impact are red, amber and green, and what the steps are called."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.people.names import BilingualName, localised
from pmo.core.records.models import Record, unique_if_alive
from risks.calc.scales import COMMON
from risks.calc.scoring import STEPS

_COMMON: dict[str, Any] = COMMON.values()


def common_probability_steps() -> list[dict[str, Any]]:
    """The probability steps of the common matrix."""
    return [dict(step) for step in _COMMON["probability_steps"]]


def common_impact_steps() -> list[dict[str, Any]]:
    """The impact steps of the common matrix."""
    return [dict(step) for step in _COMMON["impact_steps"]]


def check_labels(steps: Any) -> None:
    """Five steps, each with a Chinese or an English label. Raises ValidationError."""
    fine = isinstance(steps, list) and len(steps) == STEPS and all(isinstance(step, dict) for step in steps)
    if not fine or not all(_text(step, "zh") or _text(step, "en") for step in steps):
        raise ValidationError(_("Five steps are expected, each with a label in Chinese or in English."))


def check_percents(steps: Any) -> None:
    """Five labelled steps with rising percents between 0 and 100. Raises ValidationError."""
    check_labels(steps)
    percents = [step.get("percent") for step in steps]
    if not all(isinstance(p, int | float) and not isinstance(p, bool) and 0 <= p <= 100 for p in percents):
        raise ValidationError(_("Each step of probability needs a percent between 0 and 100."))
    if any(low >= high for low, high in zip(percents, percents[1:], strict=False)):
        raise ValidationError(_("The percents must rise from step 1 to step 5."))


def _text(step: dict[str, Any], key: str) -> bool:
    value = step.get(key)
    return isinstance(value, str) and 0 < len(value) <= 60


class RiskMatrix(BilingualName, Record):
    """A 5x5 matrix: 25 letters G, A, R (probability 1 first, in it impact 1 first) and the labels of its steps."""

    code_pattern = "RM-{:02d}"

    code = models.CharField(_("Code"), max_length=40, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    cells = models.CharField(
        _("Cells"),
        max_length=25,
        default=COMMON.cells,
        validators=[RegexValidator(r"^[GAR]{25}$", _("25 letters are expected: G, A or R for each cell."))],
    )
    probability_steps = models.JSONField(
        _("Steps of probability"), default=common_probability_steps, validators=[check_percents]
    )
    impact_steps = models.JSONField(_("Steps of impact"), default=common_impact_steps, validators=[check_labels])
    is_default = models.BooleanField(_("Default"), default=False)

    class Meta(Record.Meta):
        verbose_name = _("Risk matrix")
        verbose_name_plural = _("Risk matrices")
        ordering = ["code"]
        constraints = [
            unique_if_alive("code", name="risk_matrix_code"),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(deleted_at__isnull=True, is_default=True),
                name="risk_matrix_one_default",
            ),
        ]

    def probability_labels(self) -> list[str]:
        """What the five steps of probability are called in the reader's language."""
        return [localised(step.get("zh", ""), step.get("en", "")) for step in self.probability_steps]

    def impact_labels(self) -> list[str]:
        """What the five steps of impact are called in the reader's language."""
        return [localised(step.get("zh", ""), step.get("en", "")) for step in self.impact_steps]


RiskMatrixVersion = version_model(RiskMatrix)
