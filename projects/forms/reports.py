"""The status report form: the report, one colour and comment per dimension, and the decisions it asks for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.core.calendars.queries import org_today
from pmo.core.people.models import Person
from projects.forms.amounts import AmountField
from projects.models import Project, ReportRating, StatusReport
from projects.models.choices import Band, Dimension
from projects.queries.report_document.colours import RATED

TEXT_LENGTH = 5000
"""Longest text of a report beside its summary: some pages; a cell of the Excel form takes 32,767 characters."""
MOST_ASKS = 10
LONGEST_PERIOD, FURTHEST_END = datetime.timedelta(days=366), datetime.timedelta(days=62)
WHY = _("Why it is so, and by which date it recovers")


def _area(rows: int, **attributes: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


def _bound_length(field: Any) -> None:
    """Let a text of the report be no longer than `TEXT_LENGTH`, in the browser too."""
    field.max_length = TEXT_LENGTH
    field.validators.append(MaxLengthValidator(TEXT_LENGTH))
    field.widget.attrs["maxlength"] = TEXT_LENGTH


class ReportForm(forms.ModelForm):
    """What the project manager writes. `money` False leaves the cost forecast out."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    forecast_cost = AmountField(required=False, label=StatusReport._meta.get_field("forecast_cost").verbose_name)

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
            **{name: _area(3) for name in ("achievements", "next_period")},
            "help_needed": _area(2),
            "comment": _area(2, placeholder=WHY),
            "summary": _area(3, **{"data-counter": "count-summary"}),
            "declared": forms.RadioSelect,
        }

    def __init__(self, *args: Any, money: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declared"].choices = Band.choices  # type: ignore[attr-defined]
        for name in ("comment", "achievements", "next_period", "help_needed"):
            _bound_length(self.fields[name])
        if not money:
            del self.fields["forecast_cost"]
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        """Dates that can only be slips of the hand are refused: a year mistyped makes a report about nothing."""
        found: dict[str, Any] = super().clean() or {}
        start, end, finish = (found.get(name) for name in ("period_start", "period_end", "forecast_finish"))
        if start and end and end - start > LONGEST_PERIOD:
            self.add_error(
                "period_end", _("A report spans one year at most; its period begins on %(day)s.") % {"day": start}
            )
        elif end and end - org_today() > FURTHEST_END:
            self.add_error("period_end", _("This day is more than two months ahead."))
        begun = self.instance.project.planned_start
        if finish and begun and finish < begun:
            self.add_error("forecast_finish", _("The project is planned to start on %(day)s only.") % {"day": begun})
        return found


class RatingForm(forms.Form):
    """Colour and comment of one dimension."""

    declared = forms.ChoiceField(label=_("Declared"), choices=Band.choices, initial=Band.GREY)
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=TEXT_LENGTH, widget=_area(2, placeholder=WHY)
    )


class AskForm(forms.Form):
    """A decision that is needed: what, from whom, by when, and what each week of waiting costs."""

    title = forms.CharField(label=_("What is to be decided"), required=False, max_length=300)
    decider = forms.ModelChoiceField(label=_("From whom"), queryset=Person.objects.none(), required=False)
    needed_by = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    delay_cost = AmountField(label=_("Cost of delay per week"), required=False)

    def __init__(self, *args: Any, deciders: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if deciders is not None:
            field: Any = self.fields["decider"]
            field.queryset = deciders

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("title") and any(found.get(name) for name in ("decider", "needed_by", "delay_cost")):
            self.add_error("title", _("Say what is to be decided."))
        return found


AskFormSet = forms.formset_factory(AskForm, extra=1, max_num=MOST_ASKS)


def deciders_of(project: Project) -> Any:
    """Whom a decision can be asked from: sponsor, manager, members, stakeholders and earlier deciders of the project."""
    return (
        Person.objects.filter(
            Q(pk__in=[pk for pk in (project.sponsor_id, project.pm_id) if pk])
            | Q(pk__in=project.members.values("person_id"))
            | Q(pk__in=project.stakeholders.filter(person__isnull=False).values("person_id"))
            | Q(pk__in=project.decisions.filter(decider__isnull=False).values("decider_id"))
        )
        .order_by("code")
        .distinct()
    )


def rating_forms(ratings: Mapping[str, ReportRating], data: Any = None) -> dict[str, RatingForm]:
    """One form per rated dimension, filled from the ratings."""
    result = {}
    for dimension in RATED:
        row = ratings.get(dimension)
        initial = {"declared": row.declared, "comment": row.comment} if row else None
        result[dimension] = RatingForm(data, prefix=dimension, initial=initial)
    return result


def ratings_of(ratings: Mapping[str, RatingForm]) -> dict[str, tuple[str, str]]:
    """{dimension: (colour, comment)} of valid forms, leaving out what says nothing."""
    found = {
        name: (form.cleaned_data["declared"], form.cleaned_data["comment"])
        for name, form in ratings.items()
        if form.is_valid()
    }
    return {name: said for name, said in found.items() if said != (Band.GREY, "") or ratings[name].initial}


def asks_initial(asks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Stored decisions as the initial values of their forms."""
    return [
        {
            "title": ask.get("title", ""),
            "decider": ask.get("decider"),
            "needed_by": datetime.date.fromisoformat(ask["needed_by"]) if ask.get("needed_by") else None,
            "delay_cost": Decimal(ask["delay_cost"]) if ask.get("delay_cost") else None,
        }
        for ask in asks
    ]


def asks_of(formset: Any) -> list[dict[str, Any]]:
    """What is stored of the decisions typed so far; a line without a title, or a value that is wrong, is left out."""
    found = []
    for form in formset.forms:
        form.is_valid()
        values = form.cleaned_data
        if not values.get("title"):
            continue
        decider, needed, cost = (values.get(name) for name in ("decider", "needed_by", "delay_cost"))
        found.append(
            {
                "title": values["title"],
                "decider": decider.pk if decider else None,
                "needed_by": needed.isoformat() if needed else "",
                "delay_cost": "" if cost is None else str(cost),
            }
        )
    return found


class ReviewForm(forms.Form):
    """What the PMO makes of a submitted report."""

    reviewed = forms.ChoiceField(label=_("Reviewed"), choices=Band.choices, required=False, widget=forms.RadioSelect)
    comment = forms.CharField(label=_("Review comment"), required=False, widget=_area(3))


class WorkbookForm(forms.Form):
    """The Excel form that comes back."""

    file = forms.FileField(label=_("Excel form"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))


def dimension_label(name: str) -> str:
    """The name of a dimension."""
    return str(Dimension(name).label)
