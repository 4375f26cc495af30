"""Figures, money and dates as text, in Chinese and English.

Plain functions without a request or an active language: `lang` is "zh…" or anything else for English, the reference
day is an argument. Tables format whole columns with them; the template tags in `bw` call them.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

Number = int | float | Decimal

EMPTY = "—"
MINUS = "−"

_ZH_WEEKDAYS = "一二三四五六日"
_EN_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZH_CURRENCIES = {
    "CNY": "元", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元", "HKD": "港元", "SGD": "新加坡元",
    "SAR": "沙特里亚尔", "AED": "阿联酋迪拉姆", "AUD": "澳元", "CAD": "加元", "CHF": "瑞士法郎", "KRW": "韩元",
}  # fmt: skip
_WAN = Decimal(10_000)
_YI = Decimal(100_000_000)
_MILLION = Decimal(1_000_000)
_BILLION = Decimal(1_000_000_000)


def is_zh(lang: str) -> bool:
    """Whether a language code means Chinese."""
    return lang.lower().startswith("zh")


def _decimal(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _rounded(value: Number, places: int) -> Decimal:
    return _decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_number(value: Number | None, places: int = 0, lang: str = "zh", *, sign: bool = False) -> str:
    """A figure with thousands separators, `places` decimals rounded half up and a true minus sign.

    `sign` writes a plus before positive figures, for differences. None is an em dash. Both languages write figures alike.
    """
    del lang
    if value is None:
        return EMPTY
    rounded = _rounded(value, places)
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if sign and rounded > 0 else text


def format_score(value: Number | None, lang: str = "zh") -> str:
    """A score of 0 to 100 as a whole number, rounded down: 54.9 is red and must not read 55, where amber begins."""
    if value is None:
        return EMPTY
    return format_number(int(_rounded(value, 1)), 0, lang)


def format_percent(ratio: Number | None, lang: str = "zh", places: int = 0, *, sign: bool = False) -> str:
    """A ratio (0.53) as a percentage ("53%")."""
    if ratio is None:
        return EMPTY
    return format_number(_decimal(ratio) * 100, places, lang, sign=sign) + "%"


def currency_name(currency: str, lang: str) -> str:
    """The word that follows a Chinese figure (元, 美元), or the code."""
    return _ZH_CURRENCIES.get(currency, currency) if is_zh(lang) else currency


def money_unit(currency: str, lang: str) -> str:
    """The unit of a money column, for its header: 万元, 万美元, CNY million."""
    name = currency_name(currency, lang)
    if not is_zh(lang):
        return f"{currency} million"
    return f"万{name}" if name != currency else f"万 {currency}"


def with_unit(label: str, unit: str, lang: str) -> str:
    """A column's header with its unit: 敞口，万元; Exposure, CNY million."""
    return f"{label}，{unit}" if is_zh(lang) else f"{label}, {unit}"


def format_money(
    amount: Number | None, currency: str, lang: str, unit: str | None = None, *, sign: bool = False
) -> str:
    """An amount of money, given in whole currency units.

    `unit` None: prose with its unit (1,735 万元, 9.64 亿元, CNY 17.4 m). "column": the bare figure of a column whose header
    is `money_unit` (万元 without decimals, CNY million with one). "full": every cent (17,350,000.00 元).
    """
    if amount is None:
        return EMPTY
    value = _decimal(amount)
    if unit == "column":
        return format_number(
            value / _WAN if is_zh(lang) else value / _MILLION, 0 if is_zh(lang) else 1, lang, sign=sign
        )
    if unit not in (None, "full"):
        raise ValueError(f"unknown money unit {unit!r}")
    return (_money_zh if is_zh(lang) else _money_en)(value, currency, lang, unit == "full", sign)


def _money_zh(value: Decimal, currency: str, lang: str, full: bool, sign: bool) -> str:
    name = currency_name(currency, lang)
    separator = " " if name == currency else ""
    size = abs(value)
    if full:
        return f"{format_number(value, 2, lang, sign=sign)} {name}"
    if _rounded(size / _WAN, 0) >= _WAN:
        return f"{_trimmed(value / _YI, 2, lang, sign)} 亿{separator}{name}"
    if size >= _WAN:
        places = 0 if size >= 100 * _WAN else 1
        return f"{_trimmed(value / _WAN, places, lang, sign)} 万{separator}{name}"
    return f"{_trimmed(value, 2, lang, sign)} {name}"


def _money_en(value: Decimal, currency: str, lang: str, full: bool, sign: bool) -> str:
    size = abs(value)
    if full:
        text = format_number(value, 2, lang, sign=sign)
    elif _rounded(size / _MILLION, 1) >= 1000:
        text = f"{format_number(value / _BILLION, 2, lang, sign=sign)} bn"
    elif _rounded(size / _MILLION, 2) >= 1:
        text = f"{format_number(value / _MILLION, 1, lang, sign=sign)} m"
    elif size >= 100_000:
        text = f"{format_number(value / _MILLION, 2, lang, sign=sign)} m"
    else:
        text = _trimmed(value, 2, lang, sign)
    return f"{currency} {text}"


def _trimmed(value: Decimal, places: int, lang: str, sign: bool) -> str:
    """A figure of at most `places` decimals: none if they would all be zero, else all of them."""
    rounded = _rounded(value, places)
    if places == 1 or rounded == rounded.to_integral_value():
        places = 0 if rounded == rounded.to_integral_value() else places
    return format_number(rounded, places, lang, sign=sign)


def format_date(day: dt.date | None, lang: str, today: dt.date, *, weekday: bool = True) -> str:
    """A day: 11-24 周二 or Tue 24 Nov in the year of `today`, else 2027-06-18 or 18 Jun 2027. `weekday` False leaves it out."""
    if day is None:
        return EMPTY
    same_year = day.year == today.year
    if is_zh(lang):
        if not same_year:
            return f"{day:%Y-%m-%d}"
        return f"{day:%m-%d} 周{_ZH_WEEKDAYS[day.weekday()]}" if weekday else f"{day:%m-%d}"
    text = f"{day.day} {_EN_MONTHS[day.month - 1]}"
    if not same_year:
        return f"{text} {day.year}"
    return f"{_EN_WEEKDAYS[day.weekday()]} {text}" if weekday else text


def format_datetime(moment: dt.datetime | None, lang: str, today: dt.date) -> str:
    """A moment in its own zone: 11-20 02:14, 20 Nov, 02:14; with the year if it differs from that of `today`."""
    if moment is None:
        return EMPTY
    day = format_date(moment.date(), lang, today, weekday=False)
    return f"{day} {moment:%H:%M}" if is_zh(lang) else f"{day}, {moment:%H:%M}"


def format_range(start: dt.date, end: dt.date, lang: str, today: dt.date) -> str:
    """A span of days: 11-16 ~ 11-22, 16 – 22 Nov, 30 Nov – 6 Dec; with years if either differs from that of `today`."""
    if is_zh(lang):
        full = start.year != today.year or end.year != today.year
        pattern = "%Y-%m-%d" if full and start.year != end.year else "%m-%d"
        first = start.strftime("%Y-%m-%d" if full else pattern)
        return f"{first} ~ {end.strftime(pattern)}"
    last = format_date(end, lang, today, weekday=False)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} – {last}"
    if start.year == end.year:
        return f"{start.day} {_EN_MONTHS[start.month - 1]} – {last}"
    return f"{start.day} {_EN_MONTHS[start.month - 1]} {start.year} – {end.day} {_EN_MONTHS[end.month - 1]} {end.year}"


def format_week(day: dt.date | None, lang: str) -> str:
    """The ISO week of a day with its Monday and Sunday: 第 47 周（11-16 ~ 11-22）, Week 47 (16 – 22 Nov)."""
    if day is None:
        return EMPTY
    week = day.isocalendar().week
    monday = day - dt.timedelta(days=day.weekday())
    sunday = monday + dt.timedelta(days=6)
    span = format_range(monday, sunday, lang, sunday)
    return f"第 {week} 周（{span}）" if is_zh(lang) else f"Week {week} ({span})"


def format_ago(moment: dt.datetime | None, lang: str, now: dt.datetime) -> str:
    """How long ago, as people say it: 刚刚, 3 分钟前, 今天 08:12, 昨天 21:10, then the date.

    Both moments are aware and in the reader's zone: "today" is the calendar day of `now`. A moment ahead of `now` is
    written as its clock time or date.
    """
    if moment is None:
        return EMPTY
    zh = is_zh(lang)
    seconds = (now - moment).total_seconds()
    if 0 <= seconds < 60:
        return "刚刚" if zh else "just now"
    if 0 <= seconds < 3600:
        minutes = int(seconds // 60)
        return f"{minutes} 分钟前" if zh else f"{minutes} min ago"
    days = (now.date() - moment.date()).days
    if days in _NEAR_DAYS:
        return f"{_NEAR_DAYS[days][0 if zh else 1]} {moment:%H:%M}"
    return format_date(moment.date(), lang, now.date(), weekday=False)


_NEAR_DAYS = {0: ("今天", "Today"), 1: ("昨天", "Yesterday"), -1: ("明天", "Tomorrow")}


def format_duration(seconds: Number | None, lang: str) -> str:
    """A length of time in its two largest units: 18 秒, 3 分 20 秒, 2 小时 5 分; 18 s, 3 min 20 s, 2 h 5 min."""
    if seconds is None:
        return EMPTY
    total = int(_rounded(seconds, 0))
    hours, rest = divmod(total, 3600)
    minutes, second = divmod(rest, 60)
    names = ("小时", "分", "秒") if is_zh(lang) else ("h", "min", "s")
    parts = [(hours, names[0]), (minutes, names[1]), (second, names[2])]
    while len(parts) > 1 and parts[0][0] == 0:
        parts.pop(0)
    return " ".join(f"{number} {name}" for number, name in parts[:2] if number or len(parts) == 1) or f"0 {names[2]}"


def format_size(size: int | None) -> str:
    """A file size: 812 B, 96 kB, 3.4 MB, by powers of 1000."""
    if size is None:
        return EMPTY
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{format_number(Decimal(size) / 1000)} kB"
    if size < 1_000_000_000:
        return f"{format_number(Decimal(size) / 1_000_000, 1)} MB"
    return f"{format_number(Decimal(size) / 1_000_000_000, 1)} GB"


def initials(name: str) -> str:
    """What stands in an avatar: the family name of a Chinese name (苏), two initials of a Latin one (ZQ)."""
    words = name.split()
    if not words:
        return "?"
    if ord(words[0][0]) > 0x2E7F:
        return words[0][0]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
