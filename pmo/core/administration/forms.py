"""The forms of the administration."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Any

from django import forms
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _

from pmo.core.calendars.models import Organisation
from pmo.core.money.models import Currency


class OrganisationForm(forms.Form):
    """The settings of the organisation."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=200)
    name_en = forms.CharField(label=_("English name"), max_length=200)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Says when a day ends: for due dates, “today” and the nightly run.")
    )
    base_currency = forms.ChoiceField(
        label=_("Base currency"), help_text=_("Totals over several currencies are shown in it.")
    )
    fiscal_start_month = forms.TypedChoiceField(
        label=_("First month of the fiscal year"), coerce=int, choices=list(MONTHS.items())
    )
    nightly_time = forms.TimeField(
        label=_("Nightly run"),
        help_text=_("When health, warnings and reports due are computed, by the organisation's clock."),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    working_weekdays = forms.MultipleChoiceField(
        label=_("Working weekdays"),
        choices=[(str(number + 1), name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Organisation, **kwargs: Any) -> None:
        initial = {name: getattr(row, name) for name in self.base_fields if hasattr(row, name)}
        initial |= {"working_weekdays": list(row.working_weekdays), "reason": ""}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        zones: Any = self.fields["time_zone"]
        known = sorted(name for name in zoneinfo.available_timezones() if "/" in name or name == "UTC")
        zones.choices = [(name, name) for name in dict.fromkeys([row.time_zone, *known])]
        currencies: Any = self.fields["base_currency"]
        codes = list(Currency.objects.order_by("code").values_list("code", flat=True))
        currencies.choices = [(code, code) for code in dict.fromkeys([*codes, row.base_currency])]

    def clean_working_weekdays(self) -> str:
        """The digits in their order."""
        return "".join(sorted(self.cleaned_data["working_weekdays"]))

    def clean_nightly_time(self) -> datetime.time:
        """Whole minutes."""
        found: datetime.time = self.cleaned_data["nightly_time"]
        return found.replace(second=0, microsecond=0)
