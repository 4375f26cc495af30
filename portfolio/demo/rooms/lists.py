"""Saved views and built reports of the demo: the PMO's for everybody, so that lists open with tabs and reports with examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.http import QueryDict

from pmo.core.people.models import User
from pmo.core.registers.declaration import get_register
from pmo.core.registers.saved_views.models import SavedView
from pmo.core.registers.saved_views.queries import canonical
from pmo.core.registers.state import read_state
from pmo.core.report_builder.models import BuiltReport
from pmo.core.report_builder.question import read_question

if TYPE_CHECKING:
    from portfolio.demo.sim_run import Run
    from portfolio.demo.track import Book
    from portfolio.demo.world import World

KEEPER = "suqing"
_OPEN_RISKS = "status=identified&status=analysed&status=responding"


class View(NamedTuple):
    """A list, what the view is called, and its filters."""

    register: str
    name: str
    query: str


class Report(NamedTuple):
    """A list, what the report is called, what it asks, and when it is sent."""

    register: str
    name: str
    query: str
    schedule: str = ""


VIEWS = (
    View("risks", "系数 ≥ 8", f"score__gte=8&{_OPEN_RISKS}&sort=-score"),
    View("risks", "我负责的", f"owner=me&{_OPEN_RISKS}&sort=review_on"),
    View("risks", "逾期复核", f"review_on__lte=today&{_OPEN_RISKS}&sort=review_on"),
    View("risks", "机会", "kind=opportunity&sort=-exposure"),
    View("milestones", "30 天内到期", "forecast_date__lte=today+30&actual_date__isnull=true&sort=forecast_date"),
    View("milestones", "关键里程碑", "is_key=true&actual_date__isnull=true&sort=forecast_date&group=project"),
    View("actions", "我的待办", "owner=me&sort=due_on"),
)


REPORTS = (
    Report("projects", "各单位项目颜色", "status=in_progress&_by=unit&_across=health_band&_chart=table"),
    Report("risks", "未关闭风险按类别", f"{_OPEN_RISKS}&_by=category&_across=zone"),
    Report(
        "milestones", "按月到期的关键里程碑", "is_key=true&actual_date__isnull=true&_by=forecast_date:month&_chart=line"
    ),
    Report("report-periods", "报告按期情况（按单位）", "window=6&_by=unit&_across=standing&_chart=table", "monthly"),
    Report("budget-lines", "预算按类别", "_by=category&_measure=sum:amount"),
)


def in_world(world: World, book: Book) -> None:
    """The views and reports of the PMO's keeper; none where that login is missing or has them already."""
    keeper = User.objects.filter(username=KEEPER).first()
    if keeper is None:
        return
    if not SavedView.objects.filter(owner=keeper).exists():
        _add_views(world, book, keeper)
    if not BuiltReport.objects.filter(owner=keeper).exists():
        _add_reports(world, book, keeper)


def _add_reports(world: World, book: Book, keeper: User) -> None:
    for report in REPORTS:
        question = read_question(get_register(report.register), keeper, QueryDict(report.query))
        book.add(
            BuiltReport,
            world.first,
            name=report.name,
            register=report.register,
            query=question.query,
            owner_id=keeper.pk,
            sharing=BuiltReport.Sharing.PUBLIC.value,
            schedule=report.schedule,
        )


def _add_views(world: World, book: Book, keeper: User) -> None:
    for view in VIEWS:
        state = read_state(get_register(view.register), keeper, QueryDict(view.query))
        book.add(
            SavedView,
            world.first,
            register=view.register,
            name=view.name,
            query=canonical(state),
            owner_id=keeper.pk,
            sharing=SavedView.Sharing.PUBLIC.value,
        )


def on_project(run: Run) -> None:
    """Nothing: views belong to lists, not to projects."""
