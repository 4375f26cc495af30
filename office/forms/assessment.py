"""The statements as a form, and the verdict on the recommendation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from office.words import ANSWERS, STATEMENTS


class AssessmentForm(forms.Form):
    """One choice per statement."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for code, text in STATEMENTS.items():
            self.fields[code] = forms.TypedChoiceField(
                label=str(text),
                coerce=int,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose an answer.")},
            )

    def answers(self) -> dict[str, int]:
        """{statement: answer} of a valid form."""
        return {code: self.cleaned_data[code] for code in STATEMENTS}


class VerdictForm(forms.Form):
    """Apply or keep, and why."""

    verdict = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[("apply", _("Apply the recommended type")), ("keep", _("Keep the present type"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
