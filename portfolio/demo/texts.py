"""Sentences of reports, in Chinese, made of what happened: who or what, figure, cause, date."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

_UNITS = {"CNY": "万元", "USD": "万美元", "EUR": "万欧元", "SAR": "万里亚尔", "GBP": "万英镑"}


def date_text(day: datetime.date, today: datetime.date) -> str:
    """12-11 in the year of today, 2027-06-18 otherwise."""
    return f"{day:%m-%d}" if day.year == today.year else day.isoformat()


def amount_text(amount: float, currency: str) -> str:
    """An amount in ten thousands of its currency."""
    return f"{amount / 10_000:,.0f} {_UNITS.get(currency, '万 ' + currency)}"


def spaced(name: str) -> str:
    """The name followed by a space where it ends in Latin letters or digits: Chinese text goes on behind it."""
    return f"{name} " if name and name[-1].isascii() else name


def slip_sentence(name: str, day: str, slip: int, cause: str) -> str:
    """Where a milestone stands against its baseline."""
    name = spaced(name)
    if slip > 0:
        because = f"：{cause}" if cause else ""
        return f"{name}预计 {day}，比基线晚 {slip} 个工作日{because}。"
    if slip < 0:
        return f"{name}预计 {day}，比基线早 {-slip} 个工作日。"
    return f"{name}预计 {day}，与基线一致。"


def held_text(since: str, cause: str) -> str:
    """A project on hold."""
    return f"项目自 {since} 起暂停：{cause}。" if cause else f"项目自 {since} 起暂停。"


def cost_sentence(spent: float, percent: int, estimate: float, budget: float, currency: str, *, frank: bool) -> str:
    """What was spent for how much work, and at what it will end if somebody says so."""
    text = f"已花 {amount_text(spent, currency)}，完成 {percent}%"
    over = estimate - budget
    if frank and over > 0.03 * budget:
        share = 100 * over / budget
        return (
            f"{text}；照此完工 {amount_text(estimate, currency)}，超支 {amount_text(over, currency)}（+{share:.0f}%）。"
        )
    return f"{text}。"


def achieved_text(reached: Sequence[tuple[str, str]], solved: Sequence[str], gained: int) -> str:
    """What was done in the period."""
    lines = [f"达成里程碑：{name}（{day}）。" for name, day in reached]
    lines += [f"已解决：{title}。" for title in solved]
    if gained > 0:
        lines.append(f"本期完成 {gained} 个百分点。")
    return "\n".join(lines) or "本期没有里程碑到期。"


def next_text(coming: Sequence[tuple[str, str]], fixes: Sequence[str]) -> str:
    """What comes in the next period."""
    lines = [f"{name}，预计 {day}。" for name, day in coming]
    lines += [f"{fix}。" for fix in fixes]
    return "\n".join(lines) or "按计划推进，无到期里程碑。"


def help_text(asks: Sequence[tuple[str, str, str]]) -> str:
    """Decisions asked for: (title, who, until when)."""
    return "\n".join(f"请{who}在 {day} 前决定：{title}。" for title, who, day in asks)


def excuse_text(cause: str, fix: str, day: str) -> str:
    """Why the colour is not green and what is done about it."""
    if not cause:
        return f"进度落后，{day} 前补回。"
    return f"{cause}；{fix}。" if fix else f"{cause}，{day} 前给出恢复计划。"


REVIEW_AGREED = ("同意申报。", "数据与申报一致。", "里程碑与费用已核对。")
REVIEW_WORSE = ("按数据应为{band}：{why}。", "申报优于计算，调为{band}：{why}。", "{why}，恢复计划未落实前按{band}。")
BAND_NAMES = {"green": "绿", "amber": "黄", "red": "红", "grey": "灰"}
RETURN_COMMENT = "请补写未达成里程碑的原因与恢复日期。"
