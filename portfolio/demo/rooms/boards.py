"""Boards in the demo: for each role one that somebody arranged and shares with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo.core.access.roles import Role
from portfolio.boards.defaults import product_layout
from portfolio.models import Board, BoardShare

if TYPE_CHECKING:
    from portfolio.demo.sim_run import Run
    from portfolio.demo.track import Book
    from portfolio.demo.world import World


class Shared(NamedTuple):
    """Who keeps the board, its name and purpose, whose tiles it begins with, what was added and left out, who looks."""

    owner: str
    name: str
    about: str
    role: str
    viewer: Role
    added: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


BOARDS: tuple[Shared, ...] = (
    Shared("Q1102", "周一例会", "每周一 PMO 例会：变化、预警、迟交报告。", "pmo", Role.PMO_ADMIN, ("by-unit",), ("bridge", "roadmap")),
    Shared("Q1001", "总裁办公会", "每月一次：各业务单元的红灯与待决事项。", "executive", Role.EXECUTIVE, ("early-warnings",), ("value",)),
    Shared("Q1003", "组合月度复盘", "月末与上月末对照，决定优先级。", "portfolio", Role.PORTFOLIO_OWNER, ("course",), ("roadmap",)),
    Shared("Q2001", "项目经理的一周", "周五下午填报前看一遍。", "pm", Role.PROJECT_MANAGER, ("slips",), ()),
    Shared("Q1106", "资源调配", "每天早上：谁在等落实，哪台设备在等确认。", "resources", Role.RESOURCE_MANAGER, ("exceptions",), ()),
    Shared("Q1004", "发起人待办", "等我拍板的事，以及所发起项目的里程碑。", "sponsor", Role.SPONSOR, ("decisions",), ()),
    Shared("Q1107", "内审关注", "未经评审的报告、颜色改写与西瓜项目。", "auditor", Role.AUDITOR, ("watermelons",), ()),
    Shared("Q1104", "每日待办", "今天到期的行动与问题。", "work", Role.TEAM_MEMBER, ("late-milestones",), ()),
)  # fmt: skip


def in_world(world: World, book: Book) -> None:
    """The boards with their shares. What is there is kept."""
    there = set(Board.objects.values_list("name", flat=True))
    for one in BOARDS:
        if one.name in there or one.owner not in world.people:
            continue
        layout = [item for item in product_layout(one.role) if item["tile"] not in one.left_out]
        layout += [{"tile": key, "size": 2} for key in one.added]
        board = book.add(
            Board, world.first, owner_id=world.people[one.owner], name=one.name, about=one.about, layout=layout
        )
        book.add(BoardShare, world.first, board_id=board.pk, kind=BoardShare.Kind.ROLE, role=one.viewer)


def on_project(run: Run) -> None:
    """Projects have no boards of their own."""
