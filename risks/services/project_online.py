"""Risks of a Project Online file into the risk register, when the plan of the file is imported.

Names and values: "EntityType: Risk (ProjectData service)", Microsoft. Choices carry their number in every language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.imports.register_names import Names
from projects.calc.plan.document import Entry
from projects.calc.plan.entries import choice, unnumbered, with_lines
from projects.plan_files.project_online.values import exact
from projects.services.plans.taking.contract import Mapped, Source, Taker, register_taker
from projects.services.plans.taking.issues import ACTIVE, CLOSED, STATUS_WORDS
from projects.services.plans.taking.reading import columns_beside, day, own_fields, owner_of
from risks.calc.project_online import impact_step, percent_factor, percent_of, step_of
from risks.models import Risk, RiskCategory, Status
from risks.queries.matrices import default_matrix
from risks.services.risks import create_risk, prepare_risk, update_risk

_TRIGGER = 300
_TAKEN = frozenset(
    {
        "Title",
        "Status",
        "Category",
        "AssignedToResource",
        "Probability",
        "Cost",
        "CreatedDate",
        "DueDate",
        "Description",
        "MitigationPlan",
        "ContingencyPlan",
        "TriggerDescription",
    }
)


@dataclass(frozen=True)
class _Scales:
    """What all rows share: the factor of their probabilities, the steps of the default matrix, the categories, the currency."""

    factor: int
    percents: list[Decimal]
    categories: Names
    currency: str


def reader(source: Source) -> Callable[[Entry], Mapped]:
    """What reads one risk after another."""
    figures = [[_exact(one, name) for name in ("Probability", "Impact", "Exposure")] for one in source.entries]
    currency = source.plan.currency if len(source.plan.currency) == 3 else source.project.currency
    scales = _Scales(
        percent_factor((probability, impact, exposure) for probability, impact, exposure in figures),
        [Decimal(str(one["percent"])) for one in default_matrix().probability_steps],
        Names(RiskCategory, RiskCategory.objects.all()),
        currency,
    )
    return lambda entry: _mapped(source, scales, entry)


def _mapped(source: Source, scales: _Scales, entry: Entry) -> Mapped:
    told = entry.values
    lines = set(columns_beside(source, entry, _TAKEN))
    owner = owner_of(source, entry, lines)
    trigger = told.get("TriggerDescription", "")
    if len(trigger) > _TRIGGER:
        lines.add("TriggerDescription")
        source.notes.add("columns_as_text", "TriggerDescription")
    values = {
        "title": told.get("Title", ""),
        "category_id": _category(source, scales, entry, lines),
        "owner_id": owner,
        "trigger": " ".join((trigger if len(trigger) <= _TRIGGER else f"{trigger[: _TRIGGER - 1]}…").split()),
        "response": with_lines(told.get("MitigationPlan", ""), entry, {"ContingencyPlan"}),
        "review_on": day(entry, "DueDate"),
        "identified_on": day(entry, "CreatedDate"),
        **_assessment(source, scales, entry),
    }
    values |= _status(source, entry, lines, assessed=values["probability"] is not None)
    values["event"] = with_lines(told.get("Description", ""), entry, lines)
    return Mapped(values["title"] or entry.uid, values, own_fields(source, entry, _TAKEN))


def _assessment(source: Source, scales: _Scales, entry: Entry) -> dict[str, Any]:
    """The one impact of the file is one on cost where it names costs, else one on time; its figure stands in the text too."""
    percent = percent_of(_exact(entry, "Probability"), scales.factor)
    impact, cost = _exact(entry, "Impact"), _exact(entry, "Cost")
    step = impact_step(impact)
    if impact is not None:
        source.notes.add(
            "impact_converted" if step is not None else "values_without_counterpart", f"{impact.normalize():f}"
        )
    return {
        "percent": percent,
        "probability": step_of(percent, scales.percents),
        "impact_cost": step if cost else None,
        "impact_time": None if cost else step,
        "impact_money": cost.quantize(Decimal("0.01")) if cost else None,
        "currency": scales.currency,
    }


def _status(source: Source, entry: Entry, lines: set[str], *, assessed: bool) -> dict[str, Any]:
    status = choice(entry.values.get("Status", ""), STATUS_WORDS)
    if entry.values.get("Status") and status not in {ACTIVE, CLOSED}:
        lines.add("Status")
        source.notes.add("values_without_counterpart", entry.values["Status"])
    if status == CLOSED:
        return {"status": Status.CLOSED.value, "closed_on": day(entry, "ModifiedDate") or day(entry, "CreatedDate")}
    return {"status": (Status.ANALYSED if assessed else Status.IDENTIFIED).value, "closed_on": None}


def _category(source: Source, scales: _Scales, entry: Entry, lines: set[str]) -> int | None:
    """The category of this name or code; one that nobody keeps here becomes a line of the text."""
    name = unnumbered(entry.values.get("Category", ""))
    if not name:
        return None
    found = scales.categories.find(name)
    if len(found) == 1:
        return found[0]
    lines.add("Category")
    source.notes.add("categories_unknown", name)
    return None


def _exact(entry: Entry, name: str) -> Decimal | None:
    return exact(dict(entry.values), name)


def register() -> None:
    """Let risks come in with plans."""
    register_taker(
        Taker(
            kind="risks",
            model=Risk,
            label=_("Risks"),
            permissions={name: f"risks.risk.{name}" for name in ("add", "change", "delete")},
            reader=reader,
            create=create_risk,
            update=update_risk,
            prepare=prepare_risk,
            order=10,
        )
    )
