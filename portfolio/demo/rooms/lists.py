"""Saved views of the demo: the PMO's for everybody, so that the lists of every day open with tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.http import QueryDict

from pmo.core.people.models import User
from pmo.core.registers.declaration import get_register
from pmo.core.registers.saved_views.models import SavedView
from pmo.core.registers.saved_views.queries import canonical
from pmo.core.registers.state import read_state

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


VIEWS = (
    View("risks", "系数 ≥ 8", f"score__gte=8&{_OPEN_RISKS}&sort=-score"),
    View("risks", "我负责的", f"owner=me&{_OPEN_RISKS}&sort=review_on"),
    View("risks", "逾期复核", f"review_on__lte=today&{_OPEN_RISKS}&sort=review_on"),
    View("risks", "机会", "kind=opportunity&sort=-exposure"),
    View("milestones", "30 天内到期", "forecast_date__lte=today+30&actual_date__isnull=true&sort=forecast_date"),
    View("milestones", "关键里程碑", "is_key=true&actual_date__isnull=true&sort=forecast_date&group=project"),
    View("actions", "我的待办", "owner=me&sort=due_on"),
)


def in_world(world: World, book: Book) -> None:
    """The views of the PMO's keeper; none where that login is missing or has views already."""
    keeper = User.objects.filter(username=KEEPER).first()
    if keeper is None or SavedView.objects.filter(owner=keeper).exists():
        return
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
