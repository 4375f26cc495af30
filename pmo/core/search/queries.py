"""Finding: what the user may see, compared with what was asked, the best first.

Four looks, each wider than the one before and taken only when that found too little: codes, titles, texts, what may have been
meant. The database gives the newest few hundred that fit; they are read again and ordered here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from pmo.core.access.grants import person_id_of
from pmo.core.search import asked as asking
from pmo.core.search import rank
from pmo.core.search.asked import Asked, read_query
from pmo.core.search.lookups import Matches
from pmo.core.search.models import SearchEntry, SearchSpelling
from pmo.core.search.seen import entries_visible_to
from pmo.core.search.spelling import allowed, distance, forms
from pmo.core.search.tokens import can_be_spelt, is_chinese

CANDIDATES = 200
# How many of the next are read, and then again, while too few hold.
MORE = (2_000, 20_000)
ENOUGH = 20
COUNTED = 1000
_SPELT = 8
_TOO_FEW = 3


@dataclass
class Found:
    """`entries` in order, each with `score` and `marks`; `meant` are words that were searched in place of others."""

    asked: Asked
    entries: list[Any] = field(default_factory=list)
    tree: Any = None
    numbers: dict[str, int] | None = None  # by register, where all that fits was read
    meant: dict[str, str] = field(default_factory=dict)


def find(user: Any, query: str, keys: Collection[str] = (), most: int = CANDIDATES) -> Found:
    """What the query finds among the rows the user may see, the best first, at most `most` entries.

    The order is that of the newest `CANDIDATES` (or `most`, where that is more).
    """
    asked = read_query(query)
    found = Found(asked)
    if not asked.words:
        return found
    rows = entries_visible_to(user, keys)
    search = _Search(asked, rows, person_id_of(user), max(CANDIDATES, most))
    search.codes()
    found.tree = asking.condition(asked, asking.in_titles)
    whole_code = any(letter.isdigit() for letter in asked.code)
    if whole_code and any(entry.code_key == asked.code for entry in search.held.values()):
        found.entries = search.ordered(most)
        return found
    search.look(found.tree)
    if len(search.held) < ENOUGH:
        found.tree = search.look(asking.condition(asked, asking.anywhere))
    if len(search.held) < _TOO_FEW:
        found.tree = search.look_for_meant(found.meant) or found.tree
    found.entries = search.ordered(most)
    if not keys and found.tree in search.whole:
        found.numbers = dict(Counter(entry.register for entry in search.held.values()))
    return found


class _Search:
    """The looks of one search; `held` are the entries that hold, by id, `whole` the conditions of which every row was read."""

    def __init__(self, asked: Asked, rows: QuerySet[SearchEntry], person_id: int | None, first: int) -> None:
        self.asked, self.rows, self.person_id = asked, rows.defer("tokens"), person_id
        self.first = first
        self.whole: set[Any] = set()
        self.now = timezone.now()
        self.held: dict[int, Any] = {}

    def ordered(self, most: int) -> list[Any]:
        """The best of what is held."""
        return sorted(self.held.values(), key=lambda one: (-one.score, -one.updated_at.timestamp(), one.pk))[:most]

    def look(self, tree: Any, spelt: Mapping[str, Sequence[str]] | None = None) -> Any:
        """Keep what fits the tree; returns the tree.

        Tokens say what may hold: three letters of a word may come from three others. Where so few of the newest hold that older
        ones would be missed, the next are read.
        """
        rows = self.rows.filter(Matches(tree)).order_by("-updated_at", "-pk")
        for size in (self.first, *MORE):
            page = list(rows[:size])
            self._keep(page, spelt or {}, spelt is not None)
            if len(page) < size:
                self.whole.add(tree)
                break
            if len(self.held) >= ENOUGH:
                break
            last = page[-1]
            rows = rows.filter(Q(updated_at__lt=last.updated_at) | Q(updated_at=last.updated_at, pk__lt=last.pk))
        return tree

    def codes(self) -> None:
        """Keep rows whose code is, or begins with, what was typed."""
        code = self.asked.code
        if len(code) > 1 and code.isascii():
            self._keep(
                self.rows.filter(code_key__startswith=code).order_by("code_key", "-updated_at")[:ENOUGH], {}, False
            )

    def _keep(self, rows: Any, spelt: Mapping[str, Sequence[str]], near: bool) -> None:
        for entry in rows:
            if entry.pk not in self.held:
                said = rank.score(entry, self.asked, spelt, near, self.now)
                if said is not None:
                    entry.marks = sorted(said.marks)
                    entry.score += rank.OWN if self.person_id and entry.person_id == self.person_id else 0
                    self.held[entry.pk] = entry

    def look_for_meant(self, meant: dict[str, str]) -> Any:
        """Keep what fits with slips forgiven; `meant` gets the word of the best hit for each misspelt one."""
        spelt = spellings(self.asked.words)
        if not spelt and not any(is_chinese(word) and len(word) > 1 for word in self.asked.words):
            return None
        known = set(self.held)
        tree = self.look(asking.near_condition(self.asked, spelt), spelt)
        new = sorted((one for pk, one in self.held.items() if pk not in known), key=lambda one: -one.score)
        for entry in new[:1]:
            for word, others in spelt.items():
                used = [other for other in others if other in entry.marks]
                if used:
                    meant[word] = used[0]
        return tree


def spellings(words: Sequence[str]) -> dict[str, list[str]]:
    """For each Latin word, the words of the index a slip away, nearest first. One query."""
    asked = {word: forms(word) for word in words if can_be_spelt(word)}
    if not asked:
        return {}
    wanted = sorted(set().union(*asked.values()))
    pairs = SearchSpelling.objects.filter(form__in=wanted).values_list("form", "word")
    near: dict[str, set[str]] = {}
    for form, word in pairs:
        for typed, its_forms in asked.items():
            if form in its_forms and word != typed:
                near.setdefault(typed, set()).add(word)
    found = {}
    for typed, others in near.items():
        measured = sorted((distance(typed, other), other[0] != typed[0], other) for other in others)
        kept = [other for slips, _first, other in measured if slips <= allowed(typed)][:_SPELT]
        if kept:
            found[typed] = kept
    return found


def counts(user: Any, found: Found) -> tuple[dict[str, int], bool]:
    """How many rows of each register fit, the first thousand counted; and whether there may be more. One query at most."""
    if found.numbers is not None:
        return found.numbers, False
    if found.tree is None:
        return {}, False
    fits = entries_visible_to(user).filter(Matches(found.tree)).order_by().values("pk")[:COUNTED]
    rows = SearchEntry.objects.filter(pk__in=fits).order_by().values_list("register").annotate(number=Count("pk"))
    numbers = dict(rows)
    return numbers, sum(numbers.values()) >= COUNTED
