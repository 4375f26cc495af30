"""The outline of a plan as plain values: rows in order, each with a level. Operations give a new outline and never an invalid one.

A row's parent is the nearest row above it with a smaller level; a row is a summary when the next row stands below it. Files may
skip levels (from 1 to 3): that is kept, nothing here depends on steps of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

GAP = 1 << 16
"""Room between the positions of two rows, for rows that are put between them later."""
DEEPEST = 60


class OutlineError(ValueError):
    """The operation is not possible here; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Outline:
    """Rows by their ids, in order, with their levels (1 for the top)."""

    ids: tuple[int, ...]
    levels: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.ids) != len(self.levels):
            raise ValueError("as many levels as rows are needed")

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def places(self) -> dict[int, int]:
        """Id to index."""
        return {key: index for index, key in enumerate(self.ids)}

    def place(self, key: int) -> int:
        """The index of a row. Raises OutlineError("gone")."""
        if key not in self.places:
            raise OutlineError("gone")
        return self.places[key]

    def end(self, index: int) -> int:
        """The index behind the branch that begins at `index`."""
        level, stop = self.levels[index], index + 1
        while stop < len(self) and self.levels[stop] > level:
            stop += 1
        return stop

    def before(self, index: int) -> int | None:
        """The index of the sibling above, None where there is none."""
        level = self.levels[index]
        for other in range(index - 1, -1, -1):
            if self.levels[other] <= level:
                return other if self.levels[other] == level else None
        return None

    def ancestors(self, index: int) -> list[int]:
        """Indexes of the rows above in the tree, the nearest first."""
        found, level = [], self.levels[index]
        for other in range(index - 1, -1, -1):
            if self.levels[other] < level:
                found.append(other)
                level = self.levels[other]
                if level == 1:
                    break
        return found

    @cached_property
    def parents(self) -> tuple[int | None, ...]:
        """The parent's id per row."""
        found: list[int | None] = []
        open_rows: list[tuple[int, int]] = []
        for key, level in zip(self.ids, self.levels, strict=True):
            while open_rows and open_rows[-1][0] >= level:
                open_rows.pop()
            found.append(open_rows[-1][1] if open_rows else None)
            open_rows.append((level, key))
        return tuple(found)

    @cached_property
    def summaries(self) -> tuple[bool, ...]:
        """Whether something stands below, per row."""
        below = [after > level for level, after in zip(self.levels, self.levels[1:], strict=False)]
        return (*below, False) if self.ids else ()

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The outline number per row: 1, 1.1, 1.1.1, …"""
        return outline_numbers(self.levels)

    def insert(self, index: int, rows: Sequence[tuple[int, int]]) -> Outline:
        """Put rows (id, level) before the row at `index`; what stood below keeps its level, so its parent may be new."""
        if any(level < 1 or level > DEEPEST for _key, level in rows):
            raise OutlineError("level")
        ids = (*self.ids[:index], *(key for key, _level in rows), *self.ids[index:])
        levels = (*self.levels[:index], *(level for _key, level in rows), *self.levels[index:])
        return Outline(ids, levels)

    def remove(self, index: int) -> Outline:
        """Without the branch that begins at `index`."""
        stop = self.end(index)
        return Outline(self.ids[:index] + self.ids[stop:], self.levels[:index] + self.levels[stop:])

    def indent(self, index: int) -> Outline:
        """The branch one level down, below the sibling above. Raises OutlineError("first") without one."""
        if self.before(index) is None:
            raise OutlineError("first")
        if max(self.levels[index : self.end(index)]) >= DEEPEST:
            raise OutlineError("level")
        return self._shifted(index, 1)

    def outdent(self, index: int) -> Outline:
        """The branch one level up; siblings that stood after it come below it, as in Microsoft Project."""
        if self.levels[index] == 1:
            raise OutlineError("top")
        return self._shifted(index, -1)

    def _shifted(self, index: int, step: int) -> Outline:
        stop = self.end(index)
        moved = tuple(level + step for level in self.levels[index:stop])
        return Outline(self.ids, self.levels[:index] + moved + self.levels[stop:])

    def move(self, index: int, down: bool) -> Outline:
        """The branch past its sibling. Raises OutlineError("edge") where there is none in that direction."""
        if down:
            other = self.end(index)
            if other >= len(self) or self.levels[other] != self.levels[index]:
                raise OutlineError("edge")
            first, middle, stop = index, other, self.end(other)
        else:
            above = self.before(index)
            if above is None:
                raise OutlineError("edge")
            first, middle, stop = above, index, self.end(index)
        return Outline(
            self.ids[:first] + self.ids[middle:stop] + self.ids[first:middle] + self.ids[stop:],
            self.levels[:first] + self.levels[middle:stop] + self.levels[first:middle] + self.levels[stop:],
        )

    def moved_rows(self, index: int, down: bool) -> tuple[int, ...]:
        """Ids of the smaller of the two branches that change places: its rows get new positions, the other's stay."""
        other = self.end(index) if down else self.before(index)
        if other is None or other >= len(self):
            raise OutlineError("edge")
        one, two = (self.ids[start : self.end(start)] for start in (index, other))
        return min(one, two, key=len)


def outline_numbers(levels: Iterable[int]) -> tuple[str, ...]:
    """1, 1.1, 1.2, 2 … for rows of these levels, in order; skipped levels count as one step."""
    found, stack = [], [(0, 0, "")]
    for level in levels:
        count = 0
        while stack[-1][0] >= level:
            count = stack.pop()[1]
        above = stack[-1][2]
        text = f"{above}.{count + 1}" if above else str(count + 1)
        stack.append((level, count + 1, text))
        found.append(text)
    return tuple(found)


def positions(order: Sequence[int], known: Mapping[int, int], loose: Iterable[int]) -> dict[int, int]:
    """New positions for the rows that need one so that all rise in this order; the others keep theirs.

    `loose` rows are placed anew. Where a gap is used up, as many neighbours move as needed, and no more than twice as many.
    """
    free = set(loose) | (set(order) - known.keys())
    if not free:
        return {}
    found: dict[int, int] = {}
    places = dict(known)
    index = 0
    while index < len(order):
        if order[index] not in free:
            index += 1
            continue
        stop = index
        while stop < len(order) and order[stop] in free:
            stop += 1
        first, last, placed = _spread(order, places, free, index, stop)
        now = dict(zip(order[first:last], placed, strict=True))
        found |= now
        places |= now
        free -= now.keys()
        index = max(last, stop)
    return {key: place for key, place in found.items() if known.get(key) != place}


def _spread(
    order: Sequence[int], known: Mapping[int, int], free: set[int], first: int, last: int
) -> tuple[int, int, list[int]]:
    """The run `first` to `last` (excluded), widened until there is room, and its places."""
    while True:
        while first > 0 and order[first - 1] in free:
            first -= 1
        while last < len(order) and order[last] in free:
            last += 1
        low = known[order[first - 1]] if first else None
        high = known[order[last]] if last < len(order) else None
        count = last - first
        if low is None and high is None:
            return first, last, [GAP * (step + 1) for step in range(count)]
        if high is None:
            assert low is not None  # noqa: S101  one of both is known here
            return first, last, [low + GAP * (step + 1) for step in range(count)]
        if low is None:
            return first, last, [high - GAP * (count - step) for step in range(count)]
        if high - low > count:
            room = high - low
            return first, last, [low + room * (step + 1) // (count + 1) for step in range(count)]
        wider = max(count, 8)
        first, last = max(0, first - wider), min(len(order), last + wider)
