"""A million entries of the search index, made of the product's own words: the same number gives the same rows.

Titles and texts are put together from the Chinese terms and English words of the message catalogues: two or three Chinese
runs of two to six characters, three to five English words; a third of the titles has both languages. The tokens
are those that the product's own functions make. Rows lie in 10,000 projects of 100 portfolios.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from pmo.core.search.tokens import folded, joined, line_of, pinyin_of, text_tokens, title_tokens

ROOT = Path(__file__).resolve().parents[1]
PROJECTS, PER_PORTFOLIO = 10_000, 100
KINDS = (("risks", "RSK", 25), ("issues", "ISS", 20), ("actions", "ACT", 25), ("milestones", "MS", 15), ("deliverables", "DLV", 10),
         ("decisions", "DEC", 5))  # fmt: skip
COLUMNS = ("register", "row_id", "scope_id", "project_id", "person_id", "code", "code_key", "title_zh", "title_en", "text",
           "pinyin", "tokens", "updated_at")  # fmt: skip
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[A-Za-z]{4,}")


def words() -> tuple[list[str], list[str]]:
    """(Chinese terms, English words) of the catalogues, in a fixed order."""
    chinese: set[str] = set()
    english: set[str] = set()
    for path in sorted([*ROOT.glob("*/locale/*/*/django.po"), *ROOT.glob("templates/*/locale/*/*/django.po")]):
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r'^msgstr(?:\[0\])? "(.*)"', text, re.MULTILINE):
            chinese |= {run for run in _CHINESE.findall(line) if 2 <= len(run) <= 6}
        for line in re.findall(r'^msgid "(.*)"', text, re.MULTILINE):
            english |= {word.lower() for word in _LATIN.findall(line)}
    return sorted(chinese), sorted(english)


def row(number: int, chinese: list[str], english: list[str]) -> tuple[object, ...]:
    """The entry of one number, its values in the order of COLUMNS."""
    chance = random.Random(number)
    register, prefix, _weight = chance.choices(KINDS, weights=[kind[2] for kind in KINDS])[0]
    kind = chance.randrange(3)
    zh = "".join(chance.sample(chinese, chance.randint(2, 3))) if kind != 1 else ""
    en = " ".join(chance.sample(english, chance.randint(3, 5))).capitalize() if kind != 0 else ""
    text = (
        "，".join(chance.sample(chinese, chance.randint(2, 5)))
        + "。"
        + " ".join(chance.sample(english, chance.randint(0, 8)))
    )
    code = f"{prefix}-{number:07d}"
    titles = [folded(title) for title in (zh, en) if title]
    project = number % PROJECTS + 1
    day = f"2026-{1 + number % 11:02d}-{1 + number % 28:02d} {number % 24:02d}:{number % 60:02d}:00+00"
    tokens = line_of([*title_tokens(joined(code), titles), *text_tokens(folded(text))])
    found = (register, number, project, project, 1 + number % 500, code, joined(code), zh, en, text)
    return (*found, pinyin_of(" ".join(titles)), tokens, day)


def lines(first: int, last: int) -> Iterator[str]:
    """The rows of these numbers as COPY takes them; texts hold no tab, backslash or line break."""
    chinese, english = words()
    for number in range(first, last):
        yield "\t".join(map(str, row(number, chinese, english))) + "\n"


def write(path: str, first: int, last: int) -> None:
    """The same in a file; the work of one process."""
    with Path(path).open("w", encoding="utf-8") as file:
        file.writelines(lines(first, last))
