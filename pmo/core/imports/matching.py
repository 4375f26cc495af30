"""Which existing object a row means: by code, else by normalised name; similar names are only offered, never taken."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, Literal, TypeVar

from pmo.core.imports.mapping import NEAR_SCORE, MatchBy
from pmo.core.imports.names import normalise_name, telling_parts

Id = TypeVar("Id", bound=Hashable)

COMMON = 400
OFFERED = 5
VERIFIED = 12
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Exact(Generic[Id]):
    """The row means this object."""

    id: Id
    by: Literal["code", "name"]


@dataclass(frozen=True, slots=True)
class Near(Generic[Id]):
    """The row may mean one of these, best first, with a similarity of 0 to 1; the user decides.

    `why` is "similar" for similar names, "several" when more than one object has exactly this name.
    """

    candidates: tuple[tuple[Id, float], ...]
    why: Literal["similar", "several"] = "similar"


@dataclass(frozen=True, slots=True)
class New(Generic[Id]):
    """Nothing that exists is meant. `same_name` lists objects with this name that have another code."""

    same_name: tuple[Id, ...] = ()


Match = Exact[Id] | Near[Id] | New[Id]


class Index(Generic[Id]):
    """What exists, found by code and by name. Cost per look-up does not grow with the number of unlike names.

    `existing` yields (id, code, names). A code that this system made up itself does not speak against a match by name:
    pass it to `add` with `own_code=True`.
    """

    def __init__(self, existing: Iterable[tuple[Id, str, Sequence[str]]] = ()) -> None:
        self._codes: dict[str, Id] = {}
        self._foreign_codes: dict[Id, str] = {}
        self._names: defaultdict[str, list[Id]] = defaultdict(list)
        self._grams: defaultdict[str, list[str]] = defaultdict(list)
        for id_, code, names in existing:
            self.add(id_, code, names)

    def add(self, id_: Id, code: str, names: Sequence[str], *, own_code: bool = False) -> None:
        """Make an object findable; objects created by earlier rows are added while a file is worked through."""
        if code:
            self._codes.setdefault(_code_key(code), id_)
            if not own_code:
                self._foreign_codes.setdefault(id_, _code_key(code))
        for key in dict.fromkeys(normalise_name(name) for name in names if name):
            if key not in self._names:
                for gram in _grams(key):
                    self._grams[gram].append(key)
            if id_ not in self._names[key]:
                self._names[key].append(id_)

    def match(
        self, code: str, name: str, *, by: Sequence[MatchBy] = ("code", "name"), near: float = NEAR_SCORE
    ) -> Match[Id]:
        """The object that a row with this code and name means. From similarity `near` on, names are offered."""
        if code and "code" in by and _code_key(code) in self._codes:
            return Exact(self._codes[_code_key(code)], "code")
        if not name or "name" not in by:
            return New()
        key = normalise_name(name)
        named = self._names.get(key, [])
        fitting = [id_ for id_ in named if self._may_be(id_, code)]
        if len(fitting) == 1:
            return Exact(fitting[0], "name")
        if fitting:
            return Near(tuple((id_, 1.0) for id_ in fitting[:OFFERED]), "several")
        if named:
            return New(tuple(named[:OFFERED]))
        candidates = self._similar(key, code, near)
        return Near(candidates) if candidates else New()

    def _may_be(self, id_: Id, code: str) -> bool:
        """Two different codes of the outside world mean two different objects, whatever their names."""
        known = self._foreign_codes.get(id_)
        return not code or known is None or known == _code_key(code)

    def _similar(self, key: str, code: str, near: float) -> tuple[tuple[Id, float], ...]:
        """Objects with similar names, best first. Names that differ in a number never are: Phase 1 and 2."""
        grams = _grams(key)
        if len(key) < SHORTEST:
            return ()
        shared: Counter[str] = Counter()
        for gram in self._rarest(grams, near):
            shared.update(self._grams[gram])
        telling = telling_parts(key)
        scored: list[tuple[float, str]] = []
        for other, _ in shared.most_common(VERIFIED):
            if telling_parts(other) == telling:
                score = similarity(key, other)
                if score >= near:
                    scored.append((score, other))
        scored.sort(key=lambda item: (-item[0], item[1]))
        found = {
            id_: round(score, 3)
            for score, other in reversed(scored)
            for id_ in self._names[other]
            if self._may_be(id_, code)
        }
        best = sorted(found.items(), key=lambda item: -item[1])
        return tuple(best[:OFFERED])

    def _rarest(self, grams: frozenset[str], near: float) -> list[str]:
        """The rarest trigrams of a name, so many that a similar name must share one; very common ones are left out."""
        known = sorted((gram for gram in grams if gram in self._grams), key=lambda gram: len(self._grams[gram]))
        least = max(near - 0.1, 0.0)
        needed = least / (2 - least)
        enough = max(int((1 - needed) * len(grams)) + 2, 4)
        return [gram for gram in known[:enough] if len(self._grams[gram]) <= COMMON]


def similarity(one: str, other: str) -> float:
    """How alike two normalised names are, 0 to 1: the mean of shared trigrams (Dice) and of matching characters.

    Chinese names are compared by pairs of characters, of which each says as much as three letters.
    """
    first, second = _grams(one), _grams(other)
    dice = 2 * len(first & second) / (len(first) + len(second)) if first or second else 0.0
    if dice < 0.5:
        return dice
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return (dice + ratio) / 2


def _grams(key: str) -> frozenset[str]:
    padded = f" {key} "
    length = 2 if any("\u3400" <= char <= "\u9fff" for char in key) else 3
    return frozenset(padded[index : index + length] for index in range(len(padded) - length + 1))


def _code_key(code: str) -> str:
    return " ".join(code.casefold().split())
