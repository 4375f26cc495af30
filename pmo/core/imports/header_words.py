"""What a header says: its words without the unit, and the unit itself ("预算(万元)", "wlc_gbp_m", "Cost ($m)")."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from pmo.core.imports.currencies import CODES, SIGNS, default_code

ENGLISH_SCALES = {
    "k": 3, "thousand": 3, "thousands": 3, "m": 6, "mn": 6, "mm": 6, "mio": 6, "million": 6, "millions": 6, "bn": 9,
    "b": 9, "billion": 9, "billions": 9,
}  # fmt: skip
CHINESE_SCALES = {"千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "億": 8}
FUZZY = 0.86
NEUTRAL = frozenset({"date", "name", "planned", "plan", "current", "latest", "total", "value", "text", "raw"})
_CODES = "|".join(sorted(code.casefold() for code in CODES))
_SCALES = "|".join(sorted(ENGLISH_SCALES, key=len, reverse=True))
_CHINESE_UNIT = re.compile(
    r"(?P<scale>十万|百万|千万|千|万|萬|亿|億)?(?P<currency>人民币|美元|美金|欧元|英镑|日元|港元|港币|元)(?![\u3400-\u9fff])"
)
_CHINESE_SCALE = re.compile(r"[(\[/:：,，]\s*(?:单位[:：]?)?\s*(?P<scale>百万|千万|万|亿)\s*[)\]]?\s*\Z")
_GLUED = re.compile(rf"(?:(?P<before>m|k|bn)(?P<code>{_CODES})|(?P<code2>{_CODES})(?P<after>m|k|bn))\Z")
_SIGNED = re.compile(
    rf"(?P<sign>us\$|hk\$|[£€$¥])\s*(?P<scale>{_SCALES})?\b|\bin (?P<words>thousands|millions|billions)\b"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_APART = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """A header's name in plain words, and the unit that it states."""

    name: str
    scale: Decimal = Decimal(1)
    currency: str = ""
    unit: str = ""


def read_header(header: str) -> HeaderWords:
    """The words of a header with its unit taken out."""
    text = unicodedata.normalize("NFKC", _CAMEL.sub(" ", header)).casefold()
    power, currency, unit = 0, "", ""
    for pattern in (_CHINESE_UNIT, _CHINESE_SCALE):
        if (match := pattern.search(text)) and not unit:
            found = match.groupdict()
            power = CHINESE_SCALES.get(found["scale"] or "", 0)
            currency = default_code(SIGNS[found["currency"]]) if found.get("currency") else ""
            text, unit = text.replace(match[0], " "), match[0]
    if match := _SIGNED.search(text):
        power = ENGLISH_SCALES.get(match["scale"] or match["words"] or "", 0)
        currency = default_code(SIGNS[match["sign"]]) if match["sign"] else ""
        text, unit = text.replace(match[0], " "), match[0]
    words, found_unit = _take_units(_APART.sub(" ", text).split())
    if found_unit is not None:
        power, currency, unit = found_unit
    return HeaderWords(" ".join(words), Decimal(10) ** power, currency, unit.strip("()[]/:：,， "))


def _take_units(words: list[str]) -> tuple[list[str], tuple[int, str, str] | None]:
    """Unit words at the end ("gbp m", "musd", "usd", "million"), taken off; the first word is never one."""
    power, currency = 0, ""
    taken: list[str] = []
    while len(words) > 1:
        word = words[-1]
        glued = _GLUED.match(word)
        if glued:
            power = ENGLISH_SCALES[glued["before"] or glued["after"]]
            currency = (glued["code"] or glued["code2"]).upper()
        elif word.upper() in CODES and not currency:
            currency = word.upper()
        elif word in ENGLISH_SCALES and not power:
            power = ENGLISH_SCALES[word]
        else:
            break
        taken.insert(0, words.pop())
    return words, (power, currency, " ".join(taken)) if taken else None


def likeness(name: str, aliases: Iterable[str]) -> tuple[float, str, str]:
    """How well a header's words name a field, 0 to 1, how ("same", "inside", "similar") and the alias that does."""
    best = (0.0, "", "")
    for alias in aliases:
        known = " ".join(_APART.sub(" ", unicodedata.normalize("NFKC", alias).casefold()).split())
        if not known:
            continue
        if known == name:
            return (1.0, "same", alias)
        if weight := _inside(known, name):
            best = max(best, (weight * (0.55 + 0.35 * len(known) / len(name)), "inside", alias))
        elif len(known) > 3 and (ratio := _ratio(known, name)) >= FUZZY:
            best = max(best, (0.85 * ratio, "similar", alias))
    return best


def _inside(known: str, name: str) -> float:
    """Does the alias stand in the header as whole words (Chinese: two characters or more), and as what?

    The last word says what a thing is: "investment type" is a type, so an alias followed by more counts half.
    """
    if not known.isascii():
        return 1.0 if len(known) > 1 and known in name else 0.0
    before, found, after = f" {name} ".partition(f" {known} ")
    if not found:
        return 0.0
    rest = [word for word in after.split() if word not in NEUTRAL and not any(char.isdigit() for char in word)]
    return 0.5 if rest else 1.0


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < FUZZY or matcher.quick_ratio() < FUZZY:
        return 0.0
    return matcher.ratio()
