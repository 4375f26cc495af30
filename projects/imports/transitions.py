"""How ratings changed between the dates of an import: from which word to which, for how many projects."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from pmo.core.history.queries import as_of
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.targets import Panel
from projects.models import Project, StatusReport
from projects.models.choices import Band

_COLOURS = {"green": 0.0, "绿": 0.0, "amber": 1.0, "yellow": 1.0, "黄": 1.0, "red": 2.0, "红": 2.0}
_BANDS = {Band.GREEN.value: 0.0, Band.AMBER.value: 1.0, Band.RED.value: 2.0, Band.GREY.value: 3.0}


@dataclass(frozen=True)
class Cell:
    """How many projects went from one rating to another."""

    count: int
    same: bool
    worse: bool


@dataclass(frozen=True)
class Transition:
    """Ratings of two consecutive dates: a row of cells for each rating before, a column for each rating after.

    `exact` and `changed` count projects with exactly the same name on both dates; `renamed` further ones that are the
    same record under another spelling, of which `renamed_changed` changed their rating.
    """

    before: datetime.date
    after: datetime.date
    words: list[str]
    rows: list[tuple[str, list[Cell], int]]
    exact: int
    changed: int
    renamed: int
    renamed_changed: int

    @property
    def columns(self) -> list[int]:
        """Sums of the columns."""
        return [sum(cells[place].count for _word, cells, _sum in self.rows) for place in range(len(self.words))]


@dataclass(frozen=True)
class _Rated:
    """One project's imported rating of one date."""

    name: str
    word: str
    band: str


def transitions(batch: ImportBatch) -> list[Transition]:
    """One matrix per pair of consecutive dates of the batch, from the ratings on file for the projects in it."""
    days = [datetime.date.fromisoformat(text) for text in batch.result.get("dates", [])]
    if len(days) < 2:
        return []
    rated = {day: _ratings(batch, day) for day in days}
    return [
        _transition(before, after, rated[before], rated[after])
        for before, after in pairwise(days)
        if rated[before] and rated[after]
    ]


def _ratings(batch: ImportBatch, day: datetime.date) -> dict[int, _Rated]:
    """Imported ratings of one date by project, with the name that the project had then."""
    ids = batch.rows.filter(day=day).exclude(object_id=None).values("object_id")
    reports = StatusReport.objects.filter(source=StatusReport.Source.IMPORT, period_end=day, project_id__in=ids)
    words = {pk: (word, band) for pk, word, band in _words(reports)}
    names = as_of(Project, day).filter(row_id__in=ids).values_list("row_id", "name_zh", "name_en")
    return {pk: _Rated(zh or en, *words[pk]) for pk, zh, en in names if pk in words}


def _words(reports: object) -> list[tuple[int, str, str]]:
    rows = reports.values_list("project_id", "original_word", "reviewed", "declared")  # type: ignore[attr-defined]
    return [
        (pk, word, declared if reviewed == Band.GREY and declared != Band.GREY else reviewed)
        for pk, word, reviewed, declared in rows
        if word
    ]


def _transition(
    before: datetime.date, after: datetime.date, old: dict[int, _Rated], new: dict[int, _Rated]
) -> Transition:
    both = sorted(old.keys() & new.keys())
    exact = [pk for pk in both if old[pk].name == new[pk].name]
    renamed = [pk for pk in both if old[pk].name != new[pk].name]
    words = _ordered({one.word: one.band for one in (*old.values(), *new.values())})
    counts = Counter((old[pk].word, new[pk].word) for pk in exact)
    place = {word: number for number, word in enumerate(words)}
    rows = []
    for word in words:
        cells = [Cell(counts[word, other], word == other, place[other] > place[word]) for other in words]
        rows.append((word, cells, sum(cell.count for cell in cells)))
    return Transition(
        before,
        after,
        words,
        rows,
        len(exact),
        sum(old[pk].word != new[pk].word for pk in exact),
        len(renamed),
        sum(old[pk].word != new[pk].word for pk in renamed),
    )


def _ordered(words: dict[str, str]) -> list[str]:
    """Best rating first: by the colours that a word names (Amber/Red lies between Amber and Red), else by its colour."""

    def rank(word: str) -> tuple[float, str]:
        named = [value for colour, value in _COLOURS.items() if colour in word.casefold()]
        return (sum(named) / len(named) if named else _BANDS[words[word]], word)

    return sorted(words, key=rank)


def transitions_panel(batch: ImportBatch) -> Panel | None:
    """The panel on the page of a finished import; None where the file has fewer than two rated dates."""
    found = transitions(batch)
    if not found:
        return None
    return Panel(_("Rating transitions"), "imports/transitions.html", {"transitions": found})
