"""Random edit histories: every kind of write that could reach what health is made of, each on a day of its own.

A step is (kind, three numbers); the numbers choose the row and the values, so that a failing history shrinks well.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

from hypothesis import strategies as st

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.models import CalendarException, Organisation
from pmo.core.money.models import ExchangeRate
from pmo.core.records.services import create_many, create_record, delete_record, restore_record, update_record
from portfolio.calc.health import default_model
from portfolio.models import (
    BandOverride,
    Contribution,
    HealthModel,
    Objective,
    Portfolio,
    PortfolioItem,
    Programme,
    ProgrammeItem,
)
from portfolio.services.health.models import publish_model
from projects.models import Action, BudgetLine, CostLine, Decision, Issue, Milestone, Project, StatusReport
from tests.health import room_histories

Step = tuple[str, int, int, int]
Act = Callable[[datetime.date, int, int, int], None]

FIRST = datetime.date(2024, 4, 1)
PROJECT_ROWS = (Milestone, BudgetLine, CostLine, Issue, Action, Decision, StatusReport)
EVERYTHING = (
    *PROJECT_ROWS,
    Project,
    Portfolio,
    PortfolioItem,
    Programme,
    ProgrammeItem,
    Objective,
    Contribution,
    ExchangeRate,
    CalendarException,
    BandOverride,
)
CURRENCIES = ("CNY", "SAR", "USD")


def _day(number: int) -> datetime.date:
    """A day some weeks before or after the history."""
    return FIRST + datetime.timedelta(days=number % 240 - 60)


def _pick(model: type, number: int):
    rows = list(model.objects.order_by("pk"))
    return rows[number % len(rows)] if rows else None


def _new_row(kind: type, project: Project, a: int, b: int):
    common = {"project": project}
    if kind is Milestone:
        done = _day(b + 5) if b % 3 == 0 else None
        return Milestone(
            name=f"M{a}",
            baseline_date=_day(a),
            forecast_date=_day(b),
            actual_date=done,
            is_key=a % 2 == 0,
            weight=Decimal(a % 7) if a % 5 else None,
            **common,
        )
    if kind is BudgetLine:
        return BudgetLine(amount=Decimal(a * 37) + Decimal("0.45"), currency=CURRENCIES[b % 3], **common)
    if kind is CostLine:
        return CostLine(amount=Decimal(a * 11) - 500, currency=CURRENCIES[b % 3], booked_on=_day(b), **common)
    if kind is StatusReport:
        return StatusReport(
            period_start=_day(a),
            period_end=_day(a) + datetime.timedelta(days=6),
            state="published",
            published_on=_day(b),
            declared=("green", "amber", "red")[a % 3],
            reviewed="amber",
            **common,
        )
    if kind is Decision:
        return Decision(title=f"D{a}", needed_by=_day(a), state=("open", "decided", "deferred")[b % 3], **common)
    return kind(title=f"T{a}", due_on=_day(a), state=("open", "doing", "done")[b % 3], **common)


def add_project(day: datetime.date, a: int, b: int, c: int) -> None:
    row = Project(
        name_en=f"P{a}",
        currency=CURRENCIES[a % 3],
        delivery_driver=("none", "date", "compliance")[b % 3],
        planned_start=_day(a % 40),
        planned_finish=_day(150 + a % 60),
        forecast_finish=_day(150 + b % 80),
    )
    create_record(actor=SYSTEM, row=row, day=day)
    portfolio = _pick(Portfolio, c)
    if portfolio is not None:
        create_record(actor=SYSTEM, row=PortfolioItem(portfolio=portfolio, project=row, critical=c % 4 == 0), day=day)


def add_row(day: datetime.date, a: int, b: int, c: int) -> None:
    project = _pick(Project, c)
    if project is not None:
        create_record(actor=SYSTEM, row=_new_row(PROJECT_ROWS[a % len(PROJECT_ROWS)], project, a, b), day=day)


def load_rows(day: datetime.date, a: int, b: int, c: int) -> None:
    """As an import does: many rows at once, dated in the past, recorded today."""
    project = _pick(Project, c)
    kind = PROJECT_ROWS[b % len(PROJECT_ROWS)]
    if project is None:
        return
    rows = [_new_row(kind, project, a + number, b + number) for number in range(3)]
    for number, row in enumerate(rows):
        row.code = f"L{day:%m%d}-{kind.objects.count() + number}-{a}"
    create_many(actor=SYSTEM, rows=rows, day=day)


def change_row(day: datetime.date, a: int, b: int, c: int) -> None:
    row = _pick(PROJECT_ROWS[a % len(PROJECT_ROWS)], c)
    if row is None:
        return
    fresh = _new_row(type(row), row.project, a + 1, b)
    names = [f.name for f in row._meta.concrete_fields if f.editable and f.name not in ("id", "project", "code")]
    names += ["state", "published_on"] if isinstance(row, StatusReport) else []
    update_record(actor=SYSTEM, row=row, values={name: getattr(fresh, name) for name in names}, day=day)


def change_project(day: datetime.date, a: int, b: int, c: int) -> None:
    row = _pick(Project, c)
    if row is None:
        return
    values = {
        "status": ("in_progress", "not_started", "suspended", "closed", "terminated")[a % 5],
        "delivery_driver": ("none", "date", "experience")[b % 3],
        "forecast_finish": _day(150 + b % 80),
        "forecast_cost": Decimal(b * 41) if b % 2 else None,
        "currency": CURRENCIES[a % 3],
        "planned_start": None,
    }
    update_record(actor=SYSTEM, row=row, values=values, day=day)


def drop(day: datetime.date, a: int, b: int, c: int) -> None:
    row = _pick(EVERYTHING[a % len(EVERYTHING)], c)
    if row is not None:
        delete_record(actor=SYSTEM, row=row, day=day)


def bring_back(day: datetime.date, a: int, b: int, c: int) -> None:
    rows = list(PROJECT_ROWS[a % len(PROJECT_ROWS)].all_objects.filter(deleted_at__isnull=False).order_by("pk"))
    if rows:
        restore_record(actor=SYSTEM, row=rows[c % len(rows)])


def move_project(day: datetime.date, a: int, b: int, c: int) -> None:
    item, portfolio = _pick(PortfolioItem, a), _pick(Portfolio, b)
    if item is not None and portfolio is not None:
        update_record(actor=SYSTEM, row=item, values={"portfolio": portfolio, "critical": c % 2 == 0}, day=day)


def arrange(day: datetime.date, a: int, b: int, c: int) -> None:
    """Portfolios, programmes below programmes, objectives below themes, and projects in them."""
    portfolio, project = _pick(Portfolio, b), _pick(Project, c)
    if portfolio is None or a % 6 == 0:
        create_record(actor=SYSTEM, row=Portfolio(name_en=f"F{a}", cycle=("weekly", "monthly")[a % 2]), day=day)
    elif a % 6 == 1:
        above = Programme.objects.filter(portfolio=portfolio).order_by("pk").first()
        create_record(actor=SYSTEM, row=Programme(name_en=f"G{a}", portfolio=portfolio, parent=above), day=day)
    elif a % 6 == 2:
        create_record(actor=SYSTEM, row=Objective(name_en=f"O{a}", parent=_pick(Objective, b)), day=day)
    elif a % 6 == 3:
        update_record(actor=SYSTEM, row=portfolio, values={"cycle": ("weekly", "fortnightly")[b % 2]}, day=day)
    elif project is not None:
        _attach(project, day, a, b)


def _attach(project: Project, day: datetime.date, a: int, b: int) -> None:
    programme, objective = _pick(Programme, b), _pick(Objective, b)
    if a % 6 == 4 and programme and not ProgrammeItem.objects.filter(project=project).exists():
        create_record(actor=SYSTEM, row=ProgrammeItem(project=project, programme=programme), day=day)
    if a % 6 == 5 and objective and not Contribution.objects.filter(project=project, objective=objective).exists():
        create_record(actor=SYSTEM, row=Contribution(project=project, objective=objective, weight=a % 100), day=day)


def settings(day: datetime.date, a: int, b: int, c: int) -> None:
    """Rates, holidays, the organisation's own settings."""
    if a % 3 == 0:
        valid, currency = _day(b), CURRENCIES[c % 3]
        if not ExchangeRate.objects.filter(currency=currency, valid_from_date=valid).exists():
            row = ExchangeRate(currency=currency, valid_from_date=valid, rate=Decimal(1 + c % 9))
            create_record(actor=SYSTEM, row=row, day=day)
    elif a % 3 == 1 and not CalendarException.objects.filter(day=_day(b)).exists():
        create_record(actor=SYSTEM, row=CalendarException(day=_day(b), factor=Decimal(c % 2)), day=day)
    else:
        values = {
            "base_currency": CURRENCIES[b % 2],
            "working_weekdays": ("12345", "71234")[c % 2],
            "time_zone": ("Asia/Shanghai", "America/Lima")[c % 2],
        }
        update_record(actor=SYSTEM, row=Organisation.objects.get(), values=values, day=day)


def rooms(day: datetime.date, a: int, b: int, c: int) -> None:
    """An edit in one of the rooms beside the registry."""
    project = _pick(Project, c)
    if project is not None:
        room_histories.add(project, day, a, b)


def rules(day: datetime.date, a: int, b: int, c: int) -> None:
    """A new version of the health model, or a colour override."""
    portfolio = _pick(Portfolio, b)
    if a % 2 or portfolio is None:
        newest = HealthModel.objects.order_by("-number").first()
        if newest is not None and newest.valid_from > day:
            return
        spec = default_model()
        weights = {**spec.dimension_weights, "schedule": 25.0 + b % 50, "cost": 20.0 + c % 50}
        spec = type(spec)(
            version=1, dimension_weights=weights, driver_shifts=spec.driver_shifts, measures=spec.measures
        )
        publish_model(actor=SYSTEM, spec=spec, valid_from=day, note="tuned", today=day)
    else:
        person = _decider()
        row = BandOverride(
            portfolio=portfolio, band=("green", "amber")[c % 2], reason="agreed", starts_on=day, decided_by=person
        )
        create_record(actor=SYSTEM, row=row, day=day)


def _decider():
    from pmo.core.people.models import Person

    return Person.objects.first() or create_record(actor=SYSTEM, row=Person(code="E1", name_en="Li Lan"), day=FIRST)


ACTS: dict[str, Act] = {
    act.__name__: act
    for act in (
        add_project,
        add_row,
        load_rows,
        change_row,
        change_project,
        drop,
        bring_back,
        move_project,
        arrange,
        settings,
        rooms,
        rules,
    )
}
_number = st.integers(0, 400)
steps = st.tuples(st.sampled_from(sorted(ACTS)), _number, _number, _number)


def play(history: list[Step], day: datetime.date) -> None:
    """Do the steps, each on the day."""
    for kind, a, b, c in history:
        ACTS[kind](day, a, b, c)


def start() -> None:
    """An organisation with two portfolios and two projects that have a row of everything, a rate and an override."""
    create_record(actor=SYSTEM, row=Organisation(name_zh="海岳", name_en="Haiyue"), day=FIRST)
    for number in range(2):
        arrange(FIRST, 0, 0, 0)
        add_project(FIRST, number, number, number)
    for number in range(3 * len(PROJECT_ROWS)):
        add_row(FIRST, number, 3 * number, number)
    nine_days_ago = FIRST - datetime.timedelta(days=9)
    report = StatusReport(
        project=_pick(Project, 0),
        period_start=nine_days_ago,
        period_end=nine_days_ago,
        state="published",
        published_on=nine_days_ago,
        declared="green",
    )
    create_record(actor=SYSTEM, row=report, day=FIRST)
    for number in (1, 2, 4, 5):
        arrange(FIRST, number, 0, number)
    settings(FIRST, 0, 0, 2)
    room_histories.start(_pick(Project, 0), FIRST)
    rules(FIRST, 0, 0, 0)


def upheaval(day: datetime.date) -> None:
    """On one later day everything that could reach back is changed: settings, rates, rules, places, rows, then deletions."""
    rates = [
        ExchangeRate(
            currency=currency, valid_from_date=FIRST - datetime.timedelta(days=number), rate=Decimal(3 + number)
        )
        for number, currency in enumerate(CURRENCIES, start=100)
    ]
    create_many(actor=SYSTEM, rows=rates, day=day)
    workdays = [FIRST + datetime.timedelta(days=number) for number in range(-300, 300, 7)]
    known = set(CalendarException.objects.values_list("day", flat=True))
    create_many(actor=SYSTEM, rows=[CalendarException(day=d, factor=0) for d in workdays if d not in known], day=day)
    values = {"base_currency": "USD", "working_weekdays": "71234", "time_zone": "America/Lima"}
    update_record(actor=SYSTEM, row=Organisation.objects.get(), values=values, day=day)
    rules(day, 1, 49, 0)
    for portfolio in Portfolio.objects.all():
        update_record(actor=SYSTEM, row=portfolio, values={"cycle": "monthly"}, day=day)
    for number in range(Project.objects.count()):
        change_project(day, 2 * number, number, number)
        load_rows(day, number, number, number)
    for number in range(PortfolioItem.objects.count()):
        move_project(day, number, number + 1, number)
    room_histories.upheaval(day)
    for kind in range(len(EVERYTHING)):
        for number in (0, 1):
            drop(day, kind, 0, number)
    delete_record(actor=SYSTEM, row=Project.objects.order_by("pk").first() or _lonely(day), day=day)


def _lonely(day: datetime.date) -> Project:
    return create_record(actor=SYSTEM, row=Project(name_en="Lonely"), day=day)
