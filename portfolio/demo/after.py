"""What is made of the demo's records by the product's own services, once health is computed: reports due, and roll-up reports."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from pmo.core.audit.actor import Actor
from portfolio.demo.plans import add_plans
from portfolio.models import Portfolio, Programme, RollupReport
from portfolio.services.reporting.periods import settle_periods
from portfolio.services.reporting.rollups import create_rollup, publish_rollup

_ONE_DAY = datetime.timedelta(days=1)
_PERIODS = 26


class Text(NamedTuple):
    """A roll-up report: the programme (or "" for the whole portfolio) and what its manager writes. `months` back from today's."""

    portfolio: str
    programme: str
    months: int
    summary: str
    next_period: str


TEXTS = (
    Text(
        "PF-01",
        "PG-SEV",
        1,
        "本月的重点是让整车与座舱两条线对齐同一份节点计划。红灯项目已逐一约谈，纠偏措施和责任人见各项目报告；需要集团拍板的事项列在下面，拖延一周的代价也写清楚了。",
        "完成跨项目接口清单冻结；对延期最多的项目做一次根因复盘，结论报指导委员会。",
    ),
    Text(
        "PF-01",
        "",
        1,
        "组合整体的颜色由最差的关键项目决定，不因其他项目表现好而变绿。预算按项目汇总后再算比率，完工预测的偏差集中在少数几个项目上。",
        "下次指导委员会只讨论红灯项目和待决策事项。",
    ),
    Text("PF-01", "PG-SEV", 0, "", ""),
)


def settle(*, today: datetime.date) -> int:
    """Settle the periods of the last half year, before health is rolled up: which reports are late is part of it."""
    return settle_periods(day=today, periods=_PERIODS)["made"]


def finish(*, actor: Actor, today: datetime.date) -> dict[str, int]:
    """Plans of the running projects, then the roll-up reports of last month and this one."""
    return {
        "plans": add_plans(actor=actor, today=today),
        "rollups": sum(_rollup(actor, text, today) for text in TEXTS),
    }


def _rollup(actor: Actor, text: Text, today: datetime.date) -> bool:
    portfolio = Portfolio.objects.filter(code=text.portfolio).first()
    programme = Programme.objects.filter(code=text.programme).first() if text.programme else None
    if portfolio is None or (text.programme and programme is None):
        return False
    first = _month(today, text.months)
    last = (first + 32 * _ONE_DAY).replace(day=1) - _ONE_DAY
    if RollupReport.objects.filter(portfolio=portfolio, programme=programme, period_end=last).exists():
        return False
    row = RollupReport(
        portfolio=portfolio,
        programme=programme,
        period_start=first,
        period_end=last,
        summary=text.summary,
        next_period=text.next_period,
    )
    row = create_rollup(actor=actor, row=row)
    if text.summary:
        publish_rollup(actor=actor, row=row, day=min(last + 4 * _ONE_DAY, today))
    return True


def _month(today: datetime.date, back: int) -> datetime.date:
    first = today.replace(day=1)
    for _step in range(back):
        first = (first - _ONE_DAY).replace(day=1)
    return first
