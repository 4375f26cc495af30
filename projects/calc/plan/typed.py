"""What people type into an outline: durations, links to predecessors; and how such values are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from projects.calc.plan.document import Span

# Words of a unit as people type them, in both languages; "" is the day.
_UNITS = {
    "": "d", "m": "m", "min": "m", "mins": "m", "分": "m", "分钟": "m",
    "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "时": "h", "小时": "h", "工时": "h",
    "d": "d", "day": "d", "days": "d", "天": "d", "日": "d", "工作日": "d", "个工作日": "d",
    "w": "w", "wk": "w", "wks": "w", "week": "w", "weeks": "w", "周": "w", "星期": "w", "个星期": "w",
    "mo": "mo", "mon": "mo", "mons": "mo", "month": "mo", "months": "mo", "月": "mo", "个月": "mo",
    "y": "y", "yr": "y", "year": "y", "years": "y", "年": "y",
    "em": "em", "eh": "eh", "ed": "ed", "ew": "ew", "emo": "emo",
}  # fmt: skip
# How a unit is written in Chinese; the other units are written as in English.
_CHINESE = {"m": " 分钟", "h": " 小时", "d": " 天", "w": " 周", "mo": " 个月", "y": " 年"}
_ELAPSED = {"em": 1.0, "eh": 60.0, "ed": 1440.0, "ew": 10080.0, "emo": 43200.0, "ey": 525600.0}
_DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\d\s?？]*)\s*([?？])?", re.ASCII)
_LINK = re.compile(r"(\d{1,9})\s*(FS|SS|FF|SF)?\s*(?:([+-])\s*(\d+(?:\.\d+)?)\s*([^\d\s]*))?", re.IGNORECASE | re.ASCII)
_BETWEEN = re.compile(r"[,;，；、\n]+")
_WIDE = str.maketrans("０１２３４５６７８９．＋－％", "0123456789.+-%")
_MOST_MINUTES = 60 * 24 * 366 * 100


class TypedError(ValueError):
    """The text cannot be read; `code` says why, `text` is the part of it."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text


@dataclass(frozen=True)
class Rules:
    """How a plan counts its units in working minutes."""

    day: float = 480
    week: float = 2400
    days_per_month: float = 20

    def minutes(self, unit: str) -> float:
        """Minutes in one unit."""
        own = {
            "m": 1.0,
            "h": 60.0,
            "d": self.day,
            "w": self.week,
            "mo": self.day * self.days_per_month,
            "y": self.day * self.days_per_month * 12,
        }
        return own.get(unit) or _ELAPSED.get(unit) or self.day


def read_duration(text: str, rules: Rules) -> Span:
    """`5`, `5d`, `3 天`, `2w`, `1.5 mo`, `4 eh`, `5d?` as a span. Raises TypedError("duration")."""
    match = _DURATION.fullmatch(text.strip().translate(_WIDE))
    unit = _UNITS.get(match.group(2).lower()) if match else None
    if match is None or unit is None:
        raise TypedError("duration", text.strip())
    minutes = float(match.group(1).replace(",", ".")) * rules.minutes(unit)
    if minutes > _MOST_MINUTES:
        raise TypedError("duration", text.strip())
    return Span(minutes, unit, bool(match.group(3)))


def write_duration(
    minutes: float | None, unit: str, rules: Rules, *, estimated: bool = False, language: str = "en"
) -> str:
    """`5d`, `1.5w`, `5 天`: what `read_duration` reads again, to two decimals; nothing for no duration."""
    if minutes is None:
        return ""
    unit = unit or "d"
    word = _CHINESE.get(unit, unit) if language.startswith("zh") else unit
    return f"{_short(minutes / rules.minutes(unit))}{word}{'?' if estimated else ''}"


@dataclass(frozen=True)
class TypedLink:
    """A predecessor by the number of its row, with the kind and lag."""

    row: int
    kind: str = "FS"
    lag: Span = Span(0.0)


def read_links(text: str, rules: Rules) -> list[TypedLink]:
    """`3, 5FS+2d, 7SS-50%` as links. Raises TypedError("link" or "twice")."""
    found: dict[int, TypedLink] = {}
    for part in (part.strip() for part in _BETWEEN.split(text.translate(_WIDE))):
        if not part:
            continue
        match = _LINK.fullmatch(part)
        if match is None:
            raise TypedError("link", part)
        row, kind, sign, amount, unit = match.groups()
        if int(row) in found:
            raise TypedError("twice", row)
        lag = _lag(sign, amount, unit, rules, part) if sign else Span(0.0)
        found[int(row)] = TypedLink(int(row), (kind or "FS").upper(), lag)
    return list(found.values())


def _lag(sign: str, amount: str, unit: str, rules: Rules, part: str) -> Span:
    share = -float(amount) if sign == "-" else float(amount)
    if unit == "%":
        return Span(share, "%")
    name = _UNITS.get(unit.lower())
    if name is None:
        raise TypedError("link", part)
    return Span(share * rules.minutes(name), name)


def write_link(kind: str, lag: float, unit: str, rules: Rules) -> str:
    """What follows the number of the row: nothing for a plain finish to start, `FS+2d`, `SS-50%`."""
    if not lag:
        return "" if kind == "FS" else kind
    amount = lag if unit == "%" else lag / rules.minutes(unit or "d")
    return f"{kind}{'+' if lag > 0 else '-'}{_short(abs(amount))}{unit or 'd'}"


def _short(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text or "0"


def circle(links: Mapping[int, list[int]], start: int) -> bool:
    """Whether from `start` along its predecessors one comes back to it; `links` are predecessors by row."""
    seen: set[int] = set()
    waiting = list(links.get(start, ()))
    while waiting:
        row = waiting.pop()
        if row == start:
            return True
        if row not in seen:
            seen.add(row)
            waiting += links.get(row, ())
    return False
