"""Issues of a Project Online file into the register of issues.

Names and values: "EntityType: Issue (ProjectData service)", Microsoft. Choices carry their number in every language.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from pmo.core.records.services import create_record, update_record
from projects.calc.plan.document import Entry
from projects.calc.plan.entries import choice, with_lines
from projects.models.ridac import Issue, Severity, WorkState
from projects.plan_files.project_online.values import text
from projects.services.plans.taking.contract import Mapped, Source, Taker, register_taker
from projects.services.plans.taking.reading import columns_beside, day, own_fields, owner_of

ACTIVE, POSTPONED, CLOSED = 1, 2, 3
STATUS_WORDS = {
    "active": ACTIVE,
    "postponed": POSTPONED,
    "closed": CLOSED,
    "活动": ACTIVE,
    "推迟": POSTPONED,
    "关闭": CLOSED,
}
PRIORITY_WORDS = {"high": 1, "normal": 2, "medium": 2, "low": 3, "高": 1, "普通": 2, "中": 2, "低": 3}
_SEVERITIES = {1: Severity.CRITICAL, 2: Severity.MAJOR, 3: Severity.MINOR}
_TAKEN = frozenset(
    {
        "Title",
        "Status",
        "Priority",
        "AssignedToResource",
        "CreatedDate",
        "DueDate",
        "Discussion",
        "Resolution",
    }
)


def reader(source: Source) -> Callable[[Entry], Mapped]:
    """What reads one issue after another."""

    def read(entry: Entry) -> Mapped:
        title = text(dict(entry.values), "Title")
        lines = set(columns_beside(source, entry, _TAKEN))
        owner = owner_of(source, entry, lines)
        status = choice(entry.values.get("Status", ""), STATUS_WORDS)
        severity = _SEVERITIES.get(choice(entry.values.get("Priority", ""), PRIORITY_WORDS) or 0)
        for name, fits in (("Status", status in {ACTIVE, CLOSED}), ("Priority", severity is not None)):
            if not fits and entry.values.get(name):
                lines.add(name)
                source.notes.add("values_without_counterpart", entry.values[name])
        closed = status == CLOSED
        return Mapped(
            title or entry.uid,
            {
                "title": title,
                "description": with_lines(entry.values.get("Discussion", ""), entry, lines),
                "severity": (severity or Severity.MAJOR).value,
                "state": (WorkState.DONE if closed else WorkState.OPEN).value,
                "owner_id": owner,
                "raised_on": day(entry, "CreatedDate"),
                "due_on": day(entry, "DueDate"),
                "closed_on": day(entry, "ModifiedDate") if closed else None,
                "resolution": entry.values.get("Resolution", ""),
            },
            own_fields(source, entry, _TAKEN),
        )

    return read


def register() -> None:
    """Let issues come in with plans. Nobody is told of each: an export of years comes in at once."""
    register_taker(
        Taker(
            kind="issues",
            model=Issue,
            label=_("Issues"),
            permissions={name: f"projects.issue.{name}" for name in ("add", "change", "delete")},
            reader=reader,
            create=create_record,
            update=update_record,
            order=20,
        )
    )
