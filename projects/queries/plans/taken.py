"""What a file did, or would do, to the registers of the project, and its hours, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from pmo.core.custom_fields.definitions import definitions
from pmo.core.imports.texts import in_language
from pmo.core.registers.declaration import declared_register
from pmo.core.web.formats import format_number
from projects.calc.plan.timesheets import TaskHours
from projects.queries.plans.words import area_label

VERDICTS: dict[str, Any] = {
    "new": pgettext_lazy("rows of a file", "New"),
    "changed": pgettext_lazy("rows of a file", "Changed"),
    "adopted": pgettext_lazy("rows of a file", "Tied to a record of the same title"),
    "unchanged": pgettext_lazy("rows of a file", "Unchanged"),
    "kept": pgettext_lazy("rows of a file", "Changed here, left as it is"),
    "in_trash": pgettext_lazy("rows of a file", "Deleted here, not brought back"),
    "refused": pgettext_lazy("rows of a file", "Refused"),
    "denied": pgettext_lazy("rows of a file", "Not allowed"),
}


@dataclass(frozen=True)
class Named:
    """A row that the report names: why it does not come in, or which fields people's edits held."""

    title: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class Taken:
    """One register: its numbers by verdict (those that are none left out), the rows to name."""

    kind: str
    label: str
    done: bool
    rows: int
    counts: list[tuple[str, int]]
    named: list[Named]

    @property
    def sentence(self) -> str:
        """The numbers as one line."""
        return _(", ").join(f"{label} {count}" for label, count in self.counts)


def registers_shown(outcomes: Sequence[Mapping[str, Any]]) -> list[Taken]:
    """The registers of a report, in its order."""
    return [_taken(one) for one in outcomes]


def _taken(outcome: Mapping[str, Any]) -> Taken:
    kind, numbers = str(outcome["kind"]), outcome["counts"]
    named = [
        Named(one["title"], str(VERDICTS[one["verdict"]]), str(in_language(one["reason"]) if one["reason"] else ""))
        for one in outcome["named"]
    ]
    named += [
        Named(one["title"], str(VERDICTS["kept"]), _(", ").join(_fields(kind, one["fields"])))
        for one in outcome["held"]
    ]
    return Taken(
        kind=kind,
        label=area_label(kind),
        done=bool(outcome["done"]),
        rows=outcome["rows"],
        counts=[(str(label), numbers[key]) for key, label in VERDICTS.items() if numbers.get(key)],
        named=named,
    )


def _fields(kind: str, names: Sequence[str]) -> list[str]:
    model = declared_register(kind).model
    own = {f"+{one.name}": str(one.label) for one in definitions().of(kind, past=True)}
    return [
        own.get(name, name.removeprefix("+")) if name.startswith("+") else str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in names
    ]


def hours_text(hours: Decimal | str | None) -> str:
    """Hours with at most two places, "" for none."""
    if hours is None:
        return ""
    exact = Decimal(hours)
    shown = exact.quantize(Decimal("0.01")).normalize()
    exponent = shown.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return format_number(exact, places, "zh" if (get_language() or "").startswith("zh") else "en")


def hours_sentence(one: TaskHours) -> str:
    """Hours of a task's lines, and what the plan says."""
    told = {"hours": hours_text(one.hours), "plan": hours_text(one.planned)}
    return _("%(hours)s h, plan %(plan)s h") % told if one.planned is not None else _("%(hours)s h") % told


@dataclass(frozen=True)
class Hours:
    """The sums over the lines of timesheets, formatted."""

    lines: int
    hours: str
    task_hours: str
    tasks: int
    strangers: int
    first: str
    last: str
    plan_hours: str
    difference: str


def timesheets_shown(totals: Mapping[str, Any] | None) -> Hours | None:
    """The sums of a report; None where the file has no such lines. The difference is what lines of its tasks say more than the plan."""
    if not totals:
        return None
    plan = totals["plan_hours"]
    more = None if plan is None else Decimal(totals["task_hours"]) - Decimal(plan)
    return Hours(
        lines=totals["lines"],
        hours=hours_text(totals["hours"]),
        task_hours=hours_text(totals["task_hours"]),
        tasks=totals["tasks"],
        strangers=totals["strangers"],
        first=totals["first"],
        last=totals["last"],
        plan_hours=hours_text(plan),
        difference=hours_text(more) if more else "",
    )
