"""Finding: what the user may see, compared with what was asked, the best first.

Four looks, each wider than the one before and taken only when that found too little: codes, titles, texts, what may have been
meant. The database gives the newest few hundred that fit; they are read again and ordered here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from pmo.core.access.api import holds_everywhere, permission_of, scoped_q
from pmo.core.access.grants import grants_of, person_id_of
from pmo.core.access.roles import DELEGATE, OWNER, READER, roles_holding
from pmo.core.kept import kept
from pmo.core.records.models import RecordQuerySet
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import field_at
from pmo.core.registers.queries import visible
from pmo.core.search import asked as asking
from pmo.core.search import rank
from pmo.core.search.asked import Asked, read_query
from pmo.core.search.content import indexed_registers
from pmo.core.search.lookups import Matches, compiled
from pmo.core.search.models import SearchEntry, SearchSpelling
from pmo.core.search.spelling import allowed, distance, forms
from pmo.core.search.tokens import can_be_spelt, is_chinese

CANDIDATES = 200
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
    meant: dict[str, str] = field(default_factory=dict)


def visible_q(user: Any) -> Q:
    """A filter that keeps the entries of rows the user may see: `Model.objects.visible_to` of each, without reading the models.

    Registers seen whole by name; those of a scope by its ids; those with a rule of their own by asking their model."""
    everywhere: list[str] = []
    scoped: dict[tuple[str, frozenset[str]], list[Register]] = {}
    parents: dict[Any, list[str]] = {}
    own = Q(pk__in=[])
    for register in indexed_registers():
        kind, path = getattr(register.model, "access_scope", ("organisation", ""))
        permission = permission_of(register.model, "view")
        if register.visible is not None or "__" in path or not _is_plain(register):
            own |= Q(register=register.key, row_id__in=visible(register, user).order_by().values("pk"))
            continue
        if holds_everywhere(user, permission) or (kind == "organisation" and READER in roles_holding(permission)):
            everywhere.append(register.key)
        elif kind != "organisation":
            scoped.setdefault((kind, _that_matter(user, roles_holding(permission))), []).append(register)
        if path not in {"", "id", "pk"}:
            parent = field_at(register.model, path.removesuffix("_id")).related_model
            parents.setdefault(parent, []).append(register.key)
    found = own | Q(register__in=everywhere)
    for (kind, _roles), registers in scoped.items():
        ids = scoped_q(user, kind, permission_of(registers[0].model, "view"), "scope_id")
        found |= Q(register__in=[one.key for one in registers]) & ids
    for parent, keys in parents.items():
        dead = parent._base_manager.filter(deleted_at__isnull=False).order_by().values("pk")
        found &= ~Q(register__in=keys, scope_id__in=dead)
    return found


def _that_matter(user: Any, roles: frozenset[str]) -> frozenset[str]:
    """Roles the user holds in anything, and those nobody is granted: the others open nothing."""
    return roles & (grants_of(user).anywhere | {READER, OWNER, DELEGATE})


def _is_plain(register: Register) -> bool:
    """Whether the rows are seen by the common rule, not by one of the model's own."""
    queryset: Any = type(register.model._default_manager.get_queryset())
    return bool(getattr(queryset, "visible_to", None) is RecordQuerySet.visible_to)


def entries_visible_to(user: Any, keys: Collection[str] = ()) -> QuerySet[SearchEntry]:
    """Entries of rows the user may see, of some registers or of all."""
    if not getattr(user, "is_authenticated", False):
        return SearchEntry.objects.none()
    entries = SearchEntry.objects.filter(register__in=keys) if keys else SearchEntry.objects.all()
    try:
        seen = kept(f"search visible {user.pk}", lambda: compiled(visible_q(user)))
    except EmptyResultSet:
        return SearchEntry.objects.none()
    return entries if seen is None else entries.filter(seen)


def find(user: Any, query: str, keys: Collection[str] = (), most: int = CANDIDATES) -> Found:
    """What the query finds among the rows the user may see, the best first, at most `most` entries."""
    asked = read_query(query)
    found = Found(asked)
    if not asked.words:
        return found
    rows = entries_visible_to(user, keys)
    search = _Search(asked, rows, person_id_of(user))
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
    return found


class _Search:
    """The looks of one search; `held` are the entries that hold, by id."""

    def __init__(self, asked: Asked, rows: QuerySet[SearchEntry], person_id: int | None) -> None:
        self.asked, self.rows, self.person_id = asked, rows.defer("tokens"), person_id
        self.now = timezone.now()
        self.held: dict[int, Any] = {}

    def ordered(self, most: int) -> list[Any]:
        """The best of what is held."""
        return sorted(self.held.values(), key=lambda one: (-one.score, -one.updated_at.timestamp(), one.pk))[:most]

    def look(self, tree: Any, spelt: Mapping[str, Sequence[str]] | None = None) -> Any:
        """Keep what fits the tree; returns the tree."""
        newest = self.rows.filter(Matches(tree)).order_by("-updated_at")[:CANDIDATES]
        self._keep(newest, spelt or {}, spelt is not None)
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
    """How many rows of each register fit, the first thousand counted; and whether there may be more."""
    if found.tree is None:
        return {}, False
    fits = entries_visible_to(user).filter(Matches(found.tree)).order_by().values("pk")[:COUNTED]
    rows = SearchEntry.objects.filter(pk__in=fits).order_by().values_list("register").annotate(number=Count("pk"))
    numbers = dict(rows)
    return numbers, sum(numbers.values()) >= COUNTED
