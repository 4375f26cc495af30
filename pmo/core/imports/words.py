"""Words with a fixed meaning: yes and no, choices, and the colours of a traffic light in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pmo.core.imports.cells import excuse, is_empty, key_of, problem, spreadsheet_error
from pmo.core.imports.messages import CellProblem, shorten
from pmo.core.imports.table import Cell, cell_text

Colour = Literal["green", "amber", "red", "grey"]
COLOURS: tuple[Colour, ...] = ("green", "amber", "red", "grey")

TRUE_WORDS = frozenset({"true", "yes", "y", "t", "1", "on", "x", "是", "对", "真", "有", "√", "✓", "✔", "☑", "已"})
FALSE_WORDS = frozenset({"false", "no", "n", "f", "0", "off", "否", "不是", "错", "假", "无", "×", "✗", "✘", "☐", "未"})

DEFAULT_COLOURS: dict[Colour, tuple[str, ...]] = {
    "green": (
        "green", "g", "on track", "on-track", "on schedule", "on target", "healthy", "good", "绿", "绿色", "绿灯",
        "正常", "良好", "健康", "按计划", "正常推进", "进展正常", "🟢", "●", "● 绿", "● green",
    ),
    "amber": (
        "amber", "a", "amber/green", "green/amber", "yellow", "y", "orange", "at risk", "caution", "黄", "黄色", "黄灯",
        "橙", "橙色", "琥珀", "预警", "关注", "风险", "有风险", "存在风险", "需关注", "轻微延误", "🟡", "🟠", "▲", "▲ 黄",
        "▲ amber",
    ),
    "red": (
        "red", "r", "amber/red", "red/amber", "off track", "off-track", "critical", "late", "红", "红色", "红灯",
        "延误", "严重", "严重延误", "滞后", "延期", "逾期", "告警", "失控", "异常", "🔴", "■", "■ 红", "■ red",
    ),
    "grey": (
        "grey", "gray", "exempt", "unknown", "not rated", "not reported", "not assessed", "no rating", "reset", "灰",
        "灰色", "未评级", "未评估", "未上报", "未知", "豁免", "⚪", "○", "○ 灰", "○ grey",
    ),
}  # fmt: skip
"""What words mean before the user says otherwise. Five-level UK ratings fold into four colours: Amber/Green is still
amber, Amber/Red already red. The original word is kept beside the colour."""

_WORDS: dict[str, Colour] = {key_of(word): colour for colour, words in DEFAULT_COLOURS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice field and the words, in any language, that mean it. `label` is what the reader sees of it."""

    value: str
    words: tuple[str, ...] = ()
    label: object = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """A colour and the word that the file used for it."""

    colour: Colour
    word: str


def parse_bool(cell: Cell) -> bool | CellProblem | None:
    """Yes or no in words or signs of both languages; None for no value."""
    if isinstance(cell, bool):
        return cell
    text = key_of(cell_text(cell))
    if text in TRUE_WORDS:
        return True
    if text in FALSE_WORDS:
        return False
    if is_empty(cell):
        return None
    return spreadsheet_error(cell) or problem("not_yes_or_no", cell)


def parse_choice(
    cell: Cell, choices: Sequence[Choice], value_map: Mapping[str, str] | None = None
) -> str | CellProblem | None:
    """The value of one of the choices, by the user's mapping of words first, then by value or word of the choice."""
    text = cell_text(cell)
    if is_empty(cell, words=False):
        return None
    key = key_of(text)
    meant = _look_up(value_map, key)
    if meant is not None:
        key = key_of(meant)
        if not key:
            return None
    for choice in choices:
        if key == key_of(choice.value) or any(key == key_of(word) for word in choice.words):
            return choice.value
    if meant is None and is_empty(cell):
        return None
    allowed = shorten(", ".join(choice.words[0] if choice.words else choice.value for choice in choices), 120)
    return spreadsheet_error(cell) or problem("unknown_choice", cell, allowed=allowed)


def parse_rag(cell: Cell, value_map: Mapping[str, str] | None = None) -> Rating | CellProblem | None:
    """The colour of a rating word, with the word itself. The user's mapping comes before the default meanings.

    Bare numbers have no default meaning: in one house 1 is red, in another green.
    """
    if is_empty(cell, words=False):
        return None
    word = " ".join(cell_text(cell).split())
    meant = _look_up(value_map, key_of(word))
    if meant is not None:
        key = key_of(meant)
        if not key:
            return None
        return Rating(_colour(key), word) if key in COLOURS else problem("unknown_colour", cell)
    colour = _WORDS.get(key_of(word))
    if colour is not None:
        return Rating(colour, word)
    if is_empty(cell):
        return None
    if word.replace(".", "", 1).isdecimal():
        return problem("colour_is_number", cell)
    return spreadsheet_error(cell) or excuse_colour(word, cell)


def excuse_colour(word: str, cell: Cell) -> CellProblem:
    """A text that excuses itself ("Exempt under Section 22 ...") is grey for nobody: it is named and refused."""
    return excuse(word, cell) or problem("unknown_colour", cell)


def _colour(key: str) -> Colour:
    return next(colour for colour in COLOURS if colour == key)


def _look_up(value_map: Mapping[str, str] | None, key: str) -> str | None:
    if not value_map:
        return None
    if key in value_map:
        return value_map[key]
    return next((meant for word, meant in value_map.items() if key_of(word) == key), None)
