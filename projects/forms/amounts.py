"""An amount of money as people write it: 1,234.50, 2.03 亿, 850万."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.imports.amounts import Written, read_number

_CENT = Decimal("0.01")


class AmountField(forms.DecimalField):
    """Whole units of the currency that stands beside the field; grouping, 万 and 亿 are understood, percent is not."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=18, decimal_places=2, min_value=0, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "class": "num-input", "autocomplete": "off"}
        self.widget.is_localized = False

    def to_python(self, value: Any) -> Any:
        """The amount as a Decimal; None for nothing. Raises ValidationError for what is no number."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        written = read_number(str(value))
        if written is None:
            return None
        if not isinstance(written, Written) or written.percent or written.currency:
            raise ValidationError(
                _("%(value)s is not an amount; expected a number such as 1,234.50, or with a unit such as 2.03亿.")
                % {"value": str(value)[:40]}
            )
        amount = written.value * (written.unit or 1)
        return amount.quantize(_CENT) if amount == amount.quantize(_CENT) else amount
