"""The form of a report with everything beside it: computed colours, evidence, milestones, lists, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language

from pmo.core.access.api import can
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from projects.access import MONEY, SUBMIT
from projects.calc.report_guard import BETTER
from projects.forms.reports import (
    AskFormSet,
    RatingForm,
    ReportForm,
    asks_initial,
    asks_of,
    deciders_of,
    dimension_label,
    rating_forms,
    ratings_of,
)
from projects.models import ReportRating, StatusReport
from projects.models.choices import Band
from projects.queries.computed import Computed, Evidence, Mark, computed_of, evidence_of
from projects.queries.report_document import build_document, shown_to
from projects.queries.report_periods import last_published
from projects.queries.report_prefill import copied, drafted, estimate_of
from projects.services import reports as services
from projects.services.reports.guard import RATING, gap_text, open_gaps

ASKS = "asks-TOTAL_FORMS"


@dataclass
class RateRow:
    """One dimension of the form: its computed mark, the evidence of it, the trend, and whether it starts open."""

    name: str
    label: str
    form: RatingForm
    mark: Mark | None
    evidence: str
    trend: Any
    opened: bool


class Drafting:
    """A report in its form, with or without what was posted."""

    def __init__(self, request: HttpRequest, report: StatusReport, data: Any = None) -> None:
        self.request, self.report, self.project = request, report, report.project
        self.lang = get_language() or "zh-hans"
        self.money = bool(can(request.user, MONEY, self.project))
        day = org_today()
        self.computed: Computed | None = computed_of(report.project_id, day)
        self.evidence: Evidence | None = evidence_of(report.project_id, day) if self.computed else None
        self.document = build_document(report, day)
        self.drafts = drafted(self.document, self.computed, self.evidence, self.lang, money=self.money)
        if report.pk is None:
            self._start_from_figures()
        self.bind(data)

    def _start_from_figures(self) -> None:
        for name, value in self.drafts.items():
            setattr(self.report, name, value)
        self.report.forecast_cost = estimate_of(self.project, self.computed)

    def bind(self, data: Any) -> None:
        """Make the forms from the report, or from what was posted."""
        rows = (
            {} if self.report.pk is None else {r.dimension: r for r in ReportRating.objects.filter(report=self.report)}
        )
        self.data = data
        self.form = ReportForm(data, instance=self.report, money=self.money)
        self.ratings = rating_forms(rows, data)
        self._declare_computed()
        asked = data if data is not None and ASKS in data else None
        self.asks = AskFormSet(
            asked,
            prefix="asks",
            # Posted lines equal to the stored ones would count as untouched extra lines and be dropped.
            initial=asks_initial(self.report.asks) if asked is None else None,
            form_kwargs={"deciders": deciders_of(self.project)},
        )

    def _declare_computed(self) -> None:
        """Declare what is computed where nothing is stored, so that the author touches only what they see otherwise."""
        for name, form in self.ratings.items():
            mark = self.mark(name)
            if mark is not None and not form.initial:
                form.initial = {"declared": mark.band, "comment": ""}

    def mark(self, name: str) -> Mark | None:
        """The computed colour of a dimension, \"\" for the whole; None where the figures say nothing."""
        if not name:
            return self.computed.overall if self.computed else None
        return self.computed.dimensions.get(name) if self.computed else None

    def is_valid(self) -> bool:
        """Whether everything that was posted can be stored; every form is looked at."""
        found = [self.form.is_valid(), *(form.is_valid() for form in self.ratings.values())]
        if self.asks.is_bound:
            found.append(self.asks.is_valid())
        return all(found)

    def store(self) -> StatusReport:
        """Store what was posted; fields with errors stay as they are. Errors of the services come through."""
        values = {name: self.form.cleaned_data[name] for name in self.form.fields if name in self.form.cleaned_data}
        expected = values.pop("version", None)
        stored = self.report
        if self.report.pk is not None:
            stored = StatusReport.objects.get(pk=self.report.pk)
        return services.save_draft(
            actor=request_actor(self.request),
            report=stored,
            values=values,
            ratings=ratings_of(self.ratings),
            asks=asks_of(self.asks) if self.asks.is_bound else None,
            expected_version=expected,
        )

    def copy_last(self) -> StatusReport | None:
        """Put the last report's texts and colours where the author has not written their own; None without a last one."""
        last = last_published(self.report.project_id, self.report)
        if last is None:
            return None
        data = self.data.copy()
        for name, value in copied(last, data, self.drafts).items():
            data[name] = value
        for row in ReportRating.objects.filter(report=last):
            if row.declared != Band.GREY and not data.get(f"{row.dimension}-comment"):
                data[f"{row.dimension}-declared"], data[f"{row.dimension}-comment"] = row.declared, row.comment
        self.bind(data)
        return last

    def add_errors(self, error: ValidationError) -> None:
        """Put each error at its field, and those of fields that the form does not show at its head."""
        for name, found in by_field(error).items():
            dimension = name.removeprefix(RATING)
            if name.startswith(RATING) and dimension in self.ratings:
                self.ratings[dimension].add_error("comment", found)
            else:
                self.form.add_error(name if name in self.form.fields else None, found)

    def unsaved(self) -> dict[str, str]:
        """Why a value that was posted could not be stored, by the name of its control."""
        forms = [self.form, *self.ratings.values(), *(self.asks.forms if self.asks.is_bound else ())]
        return {
            form.add_prefix(name): " ".join(str(text) for text in found)
            for form in forms
            for name, found in form.errors.items()
            if name in form.fields
        }

    def gaps(self) -> list[str]:
        """What is missing before the report can be submitted, a sentence each."""
        declared = {"": self.form["declared"].value() or Band.GREY}
        ratings = {
            name: (form["declared"].value() or Band.GREY, form["comment"].value() or "")
            for name, form in self.ratings.items()
        }
        declared |= {name: colour for name, (colour, _comment) in ratings.items()}
        found = open_gaps(declared[""], self.form["comment"].value() or "", ratings, self.computed)
        return [
            gap_text(gap, declared[gap.place], self.computed, self.evidence, money=self.money)
            for gap in found
            if declared[gap.place] in Band.values
        ]

    def rows(self) -> list[RateRow]:
        """The dimensions, those that differ or lack a comment first and open."""
        shown = {row["key"]: row for row in shown_to(self.document, self.lang, money=self.money)["dimensions"]}
        found = []
        for name, form in self.ratings.items():
            mark = self.mark(name)
            declared, comment = form["declared"].value(), form["comment"].value()
            differs = mark is not None and declared != mark.band
            opened = differs or bool(form.errors) or (declared in {Band.AMBER, Band.RED} and not comment)
            evidence = self.evidence.sentence(name, self.lang, money=self.money) if self.evidence and mark else ""
            trend = shown.get(name, {}).get("trend")
            found.append(RateRow(name, dimension_label(name), form, mark, evidence, trend, opened))
        return sorted(found, key=lambda row: not row.opened)

    def filled(self) -> tuple[int, int]:
        """How many items of the form have a value, and how many there are with those that are missing."""
        names = [name for name in self.form.fields if name not in {"version", "comment", "help_needed"}]
        done = sum(bool(self.form[name].value()) for name in names)
        done += sum(form["declared"].value() not in {None, "", Band.GREY} for form in self.ratings.values())
        done += len(self.document["milestones"]) + sum(bool(one["pending_count"]) for one in self.document["sections"])
        missing = sum(not self.form[name].value() for name in names)
        return done, done + missing + len(self.gaps())

    def context(self) -> dict[str, Any]:
        """Everything the page shows."""
        done, items = self.filled()
        return {
            "form": self.form,
            "rows": self.rows(),
            "asks": self.asks,
            "project": self.project,
            "report": self.report,
            "computed": self.computed,
            "overall_evidence": self.evidence.sentence("", self.lang, money=self.money) if self.evidence else "",
            "doc": shown_to(self.document, self.lang, money=self.money),
            "gaps": self.gaps(),
            "done": done,
            "items": items,
            "better": BETTER,
            "can_submit": can(self.request.user, SUBMIT, self.report),
            "last": last_published(self.report.project_id, self.report),
        }


def by_field(error: ValidationError) -> dict[str, Any]:
    """The messages of an error by field; "" for those without one."""
    return dict(error.error_dict) if hasattr(error, "error_dict") else {"": error.error_list}
