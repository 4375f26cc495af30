"""Many projects with two years of history, made inside PostgreSQL: the same numbers give the same rows.

Per project 8 milestones in several versions, 24 budget lines (some revised once), 104 cost lines (one a week), 52
fortnightly reports, 12 actions, 6 issues, 4 decisions. Rows lie in the tables in the order of time, as in real life.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone
from psycopg2 import sql

from pmo.core.history.models import version_of, versioned_fields

WEEKS = 104
MILESTONES, BUDGET_LINES, REPORTS, ACTIONS, ISSUES, DECISIONS = 8, 24, 52, 12, 6, 4
PROJECTS_PER_PORTFOLIO = 100


def seed(projects: int, last_day: datetime.date) -> None:
    """Fill the empty database with `projects` projects whose history ends on `last_day`."""
    _organisation(last_day)
    first = last_day - datetime.timedelta(weeks=WEEKS)
    values = {
        "projects": projects,
        "first": first,
        "last": last_day,
        "portfolios": -(-projects // PROJECTS_PER_PORTFOLIO),
    }
    for table, source, columns in _PLAN:
        _fill(_model(table), source, columns, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _organisation(last_day: datetime.date) -> None:
    from pmo.core.audit.actor import SYSTEM
    from pmo.core.calendars.models import CalendarException, Organisation
    from pmo.core.money.models import ExchangeRate
    from pmo.core.records.services import create_many, create_record
    from portfolio.services.health.models import ensure_default_model

    first = last_day - datetime.timedelta(weeks=WEEKS)
    create_record(actor=SYSTEM, row=Organisation(name_zh="基准集团", name_en="Bench Group"), day=first)
    rates = [ExchangeRate(currency=code, valid_from_date=first, rate=rate) for code, rate in (("USD", 7), ("SAR", 2))]
    create_many(actor=SYSTEM, rows=rates, day=first)
    holidays = [
        CalendarException(day=datetime.date(year, 10, day)) for year in (2024, 2025, 2026) for day in range(1, 8)
    ]
    create_many(actor=SYSTEM, rows=holidays, day=first)
    ensure_default_model()


def _model(name: str) -> type[models.Model]:
    from django.apps import apps

    return apps.get_model(name)


def _fill(model: type[models.Model], source: str, columns: dict[str, str], values: dict[str, Any]) -> None:
    """Insert the versions in the order of time, then the living rows from the newest versions."""
    version: Any = version_of(model)
    names = ["row_id", "valid_from", "valid_to", *versioned_fields(model)]
    chosen = [columns.get(name) or _default(model, name) for name in names]
    select = f"SELECT {', '.join(chosen)} FROM {source} ORDER BY 2, 1"
    _run(_insert(version, names, select), values)
    _run(_living(model, version), {"now": timezone.now()})


def _insert(model: Any, names: list[str], select: str) -> sql.Composed:
    columns = sql.SQL(", ").join(sql.Identifier(model._meta.get_field(name).column) for name in names)
    return sql.SQL("INSERT INTO {} ({}) ").format(sql.Identifier(model._meta.db_table), columns) + sql.SQL(select)


def _living(model: type[models.Model], version: Any) -> sql.Composed:
    """The registers' own rows: what the version without an end says. A row of a version that ended is in the trash."""
    fields = versioned_fields(model)
    columns = [model._meta.get_field(name).column for name in fields]
    listed = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    return sql.SQL(
        "INSERT INTO {} (id, uid, version, created_at, updated_at, {}) SELECT row_id, gen_random_uuid(), 1, %(now)s, %(now)s, {} "
        "FROM {} WHERE valid_to IS NULL ORDER BY row_id"
    ).format(sql.Identifier(model._meta.db_table), listed, listed, sql.Identifier(version._meta.db_table))


def _default(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    if field.null:
        return "NULL"
    value = field.get_default()
    if isinstance(value, bool | int):
        return str(value).upper()
    return f"'{value}'"


def _run(statement: sql.Composed, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _random(modulus: int, *keys: str) -> str:
    """A number from 0 to modulus - 1 that looks random but follows from the keys. For use in SQL with parameters."""
    mixed = " + ".join(f"{key} * {factor}" for key, factor in zip(keys, (7919, 104729, 1299709), strict=False))
    return f"((hashint8(({mixed})::bigint)::bigint & 2147483647) %% {modulus})::int"


_ONE = "generate_series(1, %(projects)s) AS p"
_BASELINE = f"(%(first)s::date + m * 105 + {_random(30, 'p', 'm')})"
_REVISED = f"(%(first)s::date + (m - 1) * 84 + v * 35 + {_random(9, 'p', 'm', 'v')})"
_LATER = f"(%(first)s::date + (m - 1) * 84 + (v + 1) * 35 + {_random(9, 'p', 'm', '(v + 1)')})"
_DONE = f"(m < 6 + {_random(3, 'p')} AND v = 3)"
_CURRENCY = f"CASE WHEN {_random(20, 'p')} = 0 THEN 'SAR' WHEN {_random(20, 'p')} = 1 THEN 'USD' ELSE 'CNY' END"
_BOOKED = f"(%(first)s::date + k * 7 - {_random(7, 'p', 'k')})"
_DUE = f"(%(first)s::date + k * (700 / per) + {_random(60, 'p', 'k')})"

_PLAN: list[tuple[str, str, dict[str, str]]] = [
    (
        "portfolio.Portfolio",
        "generate_series(1, %(portfolios)s) AS p",
        {
            "row_id": "p",
            "valid_from": "%(first)s::date",
            "valid_to": "NULL::date",
            "code": "'PF-' || p",
            "name_en": "'Portfolio ' || p",
            "cycle": "CASE WHEN p %% 3 = 0 THEN 'monthly' ELSE 'fortnightly' END",
        },
    ),
    (
        "projects.Project",
        _ONE,
        {
            "row_id": "p",
            "valid_from": "%(first)s::date",
            "valid_to": "NULL::date",
            "code": "'P-' || p",
            "name_en": "'Project ' || p",
            "currency": _CURRENCY,
            "delivery_driver": f"(ARRAY['none','date','experience','competitor','compliance'])[{_random(5, 'p')} + 1]",
            "planned_start": "%(first)s::date",
            "actual_start": "%(first)s::date",
            "planned_finish": f"%(last)s::date + 60 + {_random(200, 'p')}",
            "forecast_finish": f"%(last)s::date + 60 + {_random(260, 'p', '2')}",
        },
    ),
    (
        "portfolio.PortfolioItem",
        _ONE,
        {
            "row_id": "p",
            "valid_from": "%(first)s::date",
            "valid_to": "NULL::date",
            "project_id": "p",
            "portfolio_id": f"(p - 1) / {PROJECTS_PER_PORTFOLIO} + 1",
            "critical": f"{_random(10, 'p')} = 0",
        },
    ),
    (
        "projects.Milestone",
        f"{_ONE}, generate_series(1, {MILESTONES}) AS m, generate_series(0, 3) AS v",
        {
            "row_id": f"(p - 1) * {MILESTONES} + m",
            "valid_from": f"CASE WHEN v = 0 THEN %(first)s::date ELSE {_REVISED} END",
            "valid_to": f"CASE WHEN v = 3 THEN NULL ELSE {_LATER} END",
            "project_id": "p",
            "code": "'MS-' || m",
            "name": "'Milestone ' || m",
            "is_key": "m %% 4 = 0",
            "weight": f"(5 + {_random(20, 'p', 'm')})::numeric",
            "baseline_date": _BASELINE,
            "forecast_date": f"{_BASELINE} + v * {_random(12, 'p', 'm')}",
            "actual_date": f"CASE WHEN {_DONE} THEN {_REVISED} END",
        },
    ),
    (
        "projects.BudgetLine",
        f"{_ONE}, generate_series(1, {BUDGET_LINES}) AS k, generate_series(0, 1) AS v "
        f"WHERE v = 0 OR {_random(5, 'p', 'k')} = 0",
        {
            "row_id": f"(p - 1) * {BUDGET_LINES} + k",
            "valid_from": "CASE WHEN v = 0 THEN %(first)s::date ELSE %(first)s::date + 180 + k * 5 END",
            "valid_to": f"CASE WHEN v = 0 AND {_random(5, 'p', 'k')} = 0 THEN %(first)s::date + 180 + k * 5 END",
            "project_id": "p",
            "code": "'BUD-' || k",
            "period": "%(first)s::date + k * 30",
            "amount": f"(20000 + {_random(90000, 'p', 'k', 'v')})::numeric + 0.45",
            "currency": _CURRENCY,
        },
    ),
    (
        "projects.CostLine",
        f"{_ONE}, generate_series(1, {WEEKS}) AS k",
        {
            "row_id": f"(p - 1) * {WEEKS} + k",
            "valid_from": f"{_BOOKED} + {_random(10, 'p', 'k')}",
            "valid_to": "NULL::date",
            "project_id": "p",
            "code": "'ACT-' || k",
            "booked_on": _BOOKED,
            "amount": f"(1000 + {_random(22000, 'p', 'k')})::numeric + 0.37",
            "currency": _CURRENCY,
        },
    ),
    (
        "projects.StatusReport",
        f"{_ONE}, generate_series(1, {REPORTS}) AS k",
        {
            "row_id": f"(p - 1) * {REPORTS} + k",
            "valid_from": f"%(first)s::date + k * 14 - {_random(10, 'p', 'k')}",
            "valid_to": "NULL::date",
            "project_id": "p",
            "code": "'SR-' || k",
            "state": "'published'",
            "period_start": "%(first)s::date + k * 14 - 24",
            "period_end": "%(first)s::date + k * 14 - 11",
            "published_on": f"%(first)s::date + k * 14 - {_random(10, 'p', 'k')}",
            "declared": f"(ARRAY['green','green','amber','red'])[{_random(4, 'p', 'k')} + 1]",
            "reviewed": f"(ARRAY['green','amber','amber','red'])[{_random(4, 'k', 'p')} + 1]",
            "summary": "repeat('Work goes on as planned. ', 12)",
        },
    ),
    *(
        (
            table,
            f"{_ONE}, generate_series(1, {number}) AS k, (SELECT {number} AS per) AS size",
            {
                "row_id": f"(p - 1) * {number} + k",
                "valid_from": f"{_DUE} - 40",
                "valid_to": "NULL::date",
                "project_id": "p",
                "code": f"'{code}-' || k",
                "title": "'Entry ' || k",
                due: _DUE,
                "state": f"CASE WHEN {_random(5, 'p', 'k')} = 0 THEN 'open' ELSE '{over}' END",
            },
        )
        for table, number, code, due, over in (
            ("projects.Action", ACTIONS, "ACN", "due_on", "done"),
            ("projects.Issue", ISSUES, "ISS", "due_on", "done"),
            ("projects.Decision", DECISIONS, "DEC", "needed_by", "decided"),
        )
    ),
]
