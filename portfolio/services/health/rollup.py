"""The finaliser: roll-ups of a date from its snapshots."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import FloatField, IntegerField, Min
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from portfolio.calc.health import AMBER, BAND_CODES, GREEN, GREY, RED, HealthModelSpec
from portfolio.calc.health.bands import is_watermelon
from portfolio.calc.health.rollup import Membership, ProjectHealth, ProjectMoney, roll_up_health, roll_up_money
from portfolio.models import HealthSnapshot, ReportPeriod, RollupSnapshot
from portfolio.queries.health_chunk import IntArray, qualifying_ids
from portfolio.queries.health_fetch import FloatArray, fetch_columns, floats, ints
from portfolio.queries.health_groups import Groups, Kind, groups_on
from portfolio.queries.health_models import overrides_on
from portfolio.queries.reporting import late_on
from portfolio.services.health.snapshots import MONEY, lock_date

Key = tuple[str, int]
_CODE = {band: code for code, band in enumerate(BAND_CODES)}
_FIELDS = (
    "overall",
    "uncapped",
    "computed_band",
    "band",
    "green",
    "amber",
    "red",
    "grey",
    *MONEY,
    "milestones_due",
    "milestones_met",
    "watermelons",
    "reports",
    "stale",
    "late",
)


@dataclass(frozen=True)
class DaySnapshots:
    """The snapshots of a date in ascending order of project, as arrays. Money is in cents, so that sums are exact."""

    ids: IntArray
    overall: FloatArray
    band: np.typing.NDArray[np.int8]
    declared: np.typing.NDArray[np.int8]
    stale: np.typing.NDArray[np.bool_]
    money: dict[str, FloatArray]
    due: IntArray
    met: IntArray
    late: np.typing.NDArray[np.bool_] | None
    """Whose report was late by the reporting cycle; None on days before any report was due."""


def read_snapshots(day: datetime.date) -> DaySnapshots:
    """The snapshots of the date, and whose report was late on it. Three queries."""
    rows = (
        HealthSnapshot.objects.filter(date=day)
        .order_by("project_id")
        .values_list(
            "project_id",
            "overall",
            "band",
            "declared",
            "stale",
            *(Cast(KeyTextTransform(name, "inputs"), IntegerField()) for name in ("milestones_due", "milestones_met")),
            *(Cast(name, FloatField()) for name in MONEY),
        )
    )
    ids, overall, band, declared, stale, due, met, *money = fetch_columns(rows, 7 + len(MONEY))
    return DaySnapshots(
        ids=ints(ids),
        overall=floats(overall),
        band=_codes(band),
        declared=_codes(declared),
        stale=np.array(stale, dtype=np.bool_),
        money={name: np.rint(floats(column) * 100) for name, column in zip(MONEY, money, strict=True)},
        due=ints(due),
        met=ints(met),
        late=_late(day, ints(ids)),
    )


def _late(day: datetime.date, ids: IntArray) -> np.typing.NDArray[np.bool_] | None:
    """Which of the projects owed a report that was late on the day. Two queries."""
    if not ReportPeriod.objects.filter(due_on__lt=day).exists():
        return None
    late = late_on(day).order_by().values_list("project_id", flat=True)
    return np.isin(ids, np.fromiter(late, dtype=np.int64))


def _codes(bands: tuple[Any, ...]) -> np.typing.NDArray[np.int8]:
    return np.array([_CODE[band] for band in bands], dtype=np.int8)


def roll_up(day: datetime.date, spec: HealthModelSpec, *, scope: IntArray | None = None) -> int:
    """Write the roll-ups of a date from its snapshots; returns how many rows changed, came or went.

    With `scope` (the projects of a partial run) only the groups those belong to are written, and of these only the ones
    of which every qualifying project has a snapshot on the date: a colour from half of a group would be wrong. Runs
    inside the caller's transaction. Twelve queries.
    """
    snapshots = read_snapshots(day)
    have = set(snapshots.ids.tolist())
    if scope is None:
        groups = groups_on(day, have)
        rows = _rows(day, spec, snapshots, groups, list(groups.members))
        return _write(day, rows) + _remove_gone(day, groups)
    groups = groups_on(day, have | set(qualifying_ids(day).tolist()))
    wanted = set(scope.tolist())
    keys = [key for key, members in groups.members.items() if members & wanted and members <= have]
    return _write(day, _rows(day, spec, snapshots, groups, keys))


def fill_late(*, day: datetime.date, days: int = 190) -> int:
    """Count the late reports in roll-ups of the days up to `day` that were made before these were counted.

    For an installation that comes from an older version: the course of a figure needs its past. Returns the dates filled.
    """
    first_due = ReportPeriod.objects.aggregate(first=Min("due_on"))["first"]
    if first_due is None:
        return 0
    since = max(first_due + datetime.timedelta(days=1), day - datetime.timedelta(days=days))
    empty = RollupSnapshot.objects.filter(late__isnull=True, date__gte=since, date__lte=day)
    dates = sorted(set(empty.order_by().values_list("date", flat=True)))
    for date in dates:
        with transaction.atomic():
            lock_date(date)
            _fill(date)
    return len(dates)


def _fill(date: datetime.date) -> None:
    late = set(late_on(date).order_by().values_list("project_id", flat=True))
    ids = set(HealthSnapshot.objects.filter(date=date).order_by().values_list("project_id", flat=True))
    members = groups_on(date, ids).members
    rows = list(RollupSnapshot.objects.filter(date=date))
    for row in rows:
        row.late = len(members.get((row.kind, row.ref_id), set()) & late)
    RollupSnapshot.objects.bulk_update(rows, ["late"], batch_size=500)


def _rows(
    day: datetime.date, spec: HealthModelSpec, snapshots: DaySnapshots, groups: Groups, keys: list[Key]
) -> list[RollupSnapshot]:
    members = _membership(snapshots, groups, keys)
    health = roll_up_health(spec, members, _project_health(snapshots, groups))
    money = roll_up_money(members, ProjectMoney(**snapshots.money))
    counts = {
        "milestones_due": members.total(snapshots.due).astype(np.int64),
        "milestones_met": members.total(snapshots.met).astype(np.int64),
        "watermelons": members.count(is_watermelon(snapshots.declared, snapshots.band)),
        "reports": members.count(snapshots.declared != GREY),
        "stale": health.stale_count,
    }
    late = None if snapshots.late is None else members.count(snapshots.late)
    overrides = overrides_on(day)
    rows = []
    for index, (kind, ref_id) in enumerate(keys):
        computed = BAND_CODES[int(health.band[index])]
        colours = health.counts[index].tolist()
        rows.append(
            RollupSnapshot(
                kind=kind,
                ref_id=ref_id,
                date=day,
                overall=_number(health.overall[index]),
                uncapped=_number(health.raw[index]),
                computed_band=computed,
                band=overrides.get(ref_id, computed) if kind == Kind.PORTFOLIO else computed,
                green=colours[GREEN],
                amber=colours[AMBER],
                red=colours[RED],
                grey=colours[GREY],
                **{name: _amount(getattr(money, name)[index]) for name in MONEY},
                eac_over=_amount(money.eac_over_budget[index]),
                eac_over_pct=_number(money.eac_over_budget_pct[index]),
                cpi=_number(money.cpi[index]),
                spi=_number(money.spi[index]),
                **{name: int(values[index]) for name, values in counts.items()},
                late=None if late is None else int(late[index]),
            )
        )
    return rows


def _membership(snapshots: DaySnapshots, groups: Groups, keys: list[Key]) -> Membership:
    """Pairs in order of group and project, none twice, as `Membership` wants them."""
    parts = [np.sort(np.fromiter(groups.members[key], dtype=np.int64)) for key in keys]
    group = np.repeat(np.arange(len(keys)), [part.size for part in parts])
    project = np.searchsorted(snapshots.ids, np.concatenate([*parts, np.zeros(0, dtype=np.int64)]))
    return Membership(group, project, len(keys))


def _project_health(snapshots: DaySnapshots, groups: Groups) -> ProjectHealth:
    critical = np.fromiter(groups.critical, dtype=np.int64, count=len(groups.critical))
    return ProjectHealth(
        overall=snapshots.overall,
        band=snapshots.band,
        budget=snapshots.money["bac"],
        critical=np.isin(snapshots.ids, critical),
        stale=snapshots.stale,
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _amount(cents: float) -> Decimal | None:
    return None if np.isnan(cents) else Decimal(int(cents)).scaleb(-2)


def _write(day: datetime.date, rows: list[RollupSnapshot]) -> int:
    found = RollupSnapshot.objects.filter(date=day).order_by()
    stored = {row[:2]: row[2:] for row in found.values_list("kind", "ref_id", *_FIELDS)}
    changed = [row for row in rows if stored.get((row.kind, row.ref_id)) != _values(row)]
    RollupSnapshot.objects.bulk_create(
        sorted(changed, key=lambda row: (row.kind, row.ref_id)),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "ref_id", "date"],
        update_fields=list(_FIELDS),
    )
    return len(changed)


def _values(row: RollupSnapshot) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _FIELDS)


def _remove_gone(day: datetime.date, groups: Groups) -> int:
    found = RollupSnapshot.objects.filter(date=day).values_list("pk", "kind", "ref_id")
    gone = [pk for pk, kind, ref_id in found if (kind, ref_id) not in groups.members]
    return RollupSnapshot.objects.filter(pk__in=gone).delete()[0] if gone else 0
