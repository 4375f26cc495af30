"""The decision rights of a charter as lines of a form, and the reasons for taking back and revising."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.money.models import Currency
from pmo.core.people.models import OrgUnit
from pmo.core.registers.forms import FigureInput

EXTRA = 3


def _figure() -> FigureInput:
    return FigureInput(attrs={"inputmode": "decimal", "class": "num-input"})


class RightForm(forms.Form):
    """One line. A line without decision and role is empty."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Decision"), required=False, choices=[("", "—"), *DecisionRight.Kind.choices])
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", "—"), *Role.choices])
    up_to = forms.DecimalField(
        label=_("Up to amount"),
        required=False,
        max_digits=18,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        widget=_figure(),
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    days = forms.IntegerField(
        label=_("Up to working days"), required=False, validators=[MinValueValidator(0)], widget=_figure()
    )
    unit = forms.ModelChoiceField(
        label=_("Unit"), required=False, queryset=OrgUnit.objects.none(), empty_label=_("Whole organisation")
    )
    remark = forms.CharField(label=_("Remark"), required=False, max_length=300)

    def __init__(self, *args: Any, currencies: Sequence[tuple[str, str]], units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = currencies  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        return not any(data.get(name) not in (None, "") for name in ("kind", "role", "up_to", "days", "unit", "remark"))

    def clean(self) -> dict[str, Any]:
        """Decision and role belong together; an amount without a currency is in the base currency."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("currency") and (choices := self.fields["currency"].choices):  # type: ignore[attr-defined]
            data["currency"] = choices[0][0]
        if not self.is_empty and not data.get("DELETE"):
            for name in ("kind", "role"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose one."))
        return data


class RightsFormSet(BaseFormSet):
    """The lines of a charter."""

    def lines(self) -> list[dict[str, Any]]:
        """The values of the lines that stay, for the service."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if not form.cleaned_data.get("DELETE") and not form.is_empty
        ]


def rights_formset(user: Any, rights: Sequence[DecisionRight], base: str, data: Any = None) -> RightsFormSet:
    """The form of these rights with a few empty lines. `base` is the currency an empty line begins with."""
    made = formset_factory(RightForm, formset=RightsFormSet, extra=EXTRA, can_delete=True, max_num=60)
    codes = list(Currency.objects.order_by("code").values_list("code", flat=True))
    units = OrgUnit.objects.visible_to(user).order_by("path")
    initial = [
        {
            "id": row.pk,
            "kind": row.kind,
            "role": row.role,
            "up_to": row.up_to,
            "currency": row.currency,
            "days": row.days,
            "unit": row.unit_id,
            "remark": row.remark,
        }
        for row in rights
    ]
    first = [base] if base in codes else []
    ordered = [*first, *(code for code in codes if code != base)]
    choices = [(code, code) for code in ordered]
    formset: RightsFormSet = made(
        data, initial=initial, form_kwargs={"currencies": choices, "units": units}, prefix="right"
    )  # type: ignore[assignment]
    return formset


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
