"""The small forms of a charter's course and of acceptance."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ApproveForm(forms.Form):
    """From which day the charter holds."""

    effective_on = forms.DateField(
        label=_("Valid from"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class ReopenForm(forms.Form):
    """Why the charter is opened again."""

    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class AcceptanceForm(forms.Form):
    """The verdict on a deliverable."""

    open_defects = forms.IntegerField(label=_("Open defects"), min_value=0, initial=0)
    note = forms.CharField(label=_("Note on acceptance"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
