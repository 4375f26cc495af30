"""The status report form: the report, and one colour and comment per dimension."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import ReportRating, StatusReport
from projects.models.choices import Band, Dimension

RATED = tuple(
    dimension for dimension in Dimension.values if dimension not in {Dimension.BENEFITS, Dimension.GOVERNANCE}
)


class ReportForm(forms.ModelForm):
    """What the project manager writes. `money` False leaves the cost forecast out."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = StatusReport
        fields = (
            "period_start",
            "period_end",
            "declared",
            "comment",
            "summary",
            "achievements",
            "next_period",
            "help_needed",
            "forecast_finish",
            "forecast_cost",
        )
        widgets = {
            **{
                name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
                for name in ("period_start", "period_end", "forecast_finish")
            },
            **{
                name: forms.Textarea(attrs={"rows": 3})
                for name in ("comment", "summary", "achievements", "next_period", "help_needed")
            },
            "declared": forms.RadioSelect,
        }

    def __init__(self, *args: Any, money: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declared"].choices = Band.choices  # type: ignore[attr-defined]
        if not money:
            del self.fields["forecast_cost"]
        if self.instance.pk:
            self.initial["version"] = self.instance.version


class RatingForm(forms.Form):
    """Colour and comment of one dimension."""

    declared = forms.ChoiceField(label=_("Declared"), choices=Band.choices, initial=Band.GREY)
    comment = forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


def rating_forms(report: StatusReport | None, data: Any = None) -> list[tuple[str, RatingForm]]:
    """One form per rated dimension, filled from the report's ratings. One query for a saved report."""
    known: dict[str, ReportRating] = {}
    if report is not None and report.pk:
        known = {row.dimension: row for row in ReportRating.objects.filter(report=report)}
    result = []
    for dimension in RATED:
        row = known.get(dimension)
        initial = {"declared": row.declared, "comment": row.comment} if row else None
        result.append((str(Dimension(dimension).label), RatingForm(data, prefix=dimension, initial=initial)))
    return result


def ratings_of(forms_: list[tuple[str, RatingForm]]) -> dict[str, tuple[str, str]]:
    """{dimension: (colour, comment)} of valid forms, leaving out what says nothing."""
    return {
        str(form.prefix): (form.cleaned_data["declared"], form.cleaned_data["comment"])
        for _label, form in forms_
        if form.has_changed() or form.initial
    }


class ReviewForm(forms.Form):
    """What the PMO makes of a submitted report."""

    reviewed = forms.ChoiceField(label=_("Reviewed"), choices=Band.choices, required=False, widget=forms.RadioSelect)
    comment = forms.CharField(label=_("Review comment"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
