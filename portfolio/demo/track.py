"""Records with their past: each write is kept as a state that held from a day on.

`Track.change` follows `pmo.core.history.services.write_versions`: within a day the last word counts, and a change that
changes nothing is no write. `Book` numbers the records, so that they can point to each other before they are loaded.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models

State = dict[str, Any]


class Track:
    """One record: `states` are (day, all values) in order of day; `writes` counts the creation and every update."""

    __slots__ = ("pk", "states", "writes")

    def __init__(self, pk: int, day: datetime.date, values: State) -> None:
        self.pk = pk
        self.states: list[tuple[datetime.date, State]] = [(day, values)]
        self.writes = 1

    def change(self, day: datetime.date, /, **values: Any) -> bool:
        """Say that from `day` on these values hold; returns whether anything differed. Days must not go backwards."""
        last_day, last = self.states[-1]
        if day < last_day:
            raise ValueError(f"{day} lies before the last write on {last_day}")
        changes = {name: value for name, value in values.items() if last[name] != value}
        if not changes:
            return False
        new = last | changes
        self.writes += 1
        if day == last_day:
            self.states[-1] = (day, new)
        else:
            self.states.append((day, new))
        return True

    @property
    def now(self) -> State:
        """The values of the current row."""
        return self.states[-1][1]

    @property
    def created(self) -> datetime.date:
        """The day of the first write."""
        return self.states[0][0]

    @property
    def changed(self) -> datetime.date:
        """The day of the last write."""
        return self.states[-1][0]

    def versions(self) -> Iterator[tuple[datetime.date, datetime.date | None, State]]:
        """(valid_from, valid_to, values) of each version row, half-open, the last one open."""
        for index, (day, values) in enumerate(self.states):
            following = self.states[index + 1][0] if index + 1 < len(self.states) else None
            yield day, following, values


class Book:
    """The records of one load, by model, in the order they were added.

    `first_id` gives the first free id of a model. A record without a code gets the one its model's pattern says.
    """

    def __init__(self, first_id: Callable[[type[models.Model]], int]) -> None:
        self._first_id = first_id
        self._next: dict[type[models.Model], int] = {}
        self._defaults: dict[type[models.Model], State] = {}
        self.tracks: dict[type[models.Model], list[Track]] = {}

    def add(self, model: type[models.Model], day: datetime.date, /, **values: Any) -> Track:
        """Create a record on the day; foreign keys are given as `<name>_id`. Unknown names raise KeyError."""
        blank = self._defaults.get(model)
        if blank is None:
            blank = self._defaults[model] = _blank(model)
        unknown = values.keys() - blank.keys()
        if unknown:
            raise KeyError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
        pk = self._take_id(model)
        state = blank | values
        pattern = getattr(model, "code_pattern", "")
        if pattern and not state["code"]:
            state["code"] = pattern.format(pk)
        track = Track(pk, day, state)
        self.tracks.setdefault(model, []).append(track)
        return track

    def _take_id(self, model: type[models.Model]) -> int:
        pk = self._next.get(model)
        if pk is None:
            pk = self._first_id(model)
        self._next[model] = pk + 1
        return pk

    def clear(self) -> None:
        """Forget the records, keep the numbering: the next chunk begins."""
        self.tracks = {}


def told_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields a person or a service fills in, in model order."""
    hidden = {"id", "uid", "version", "created_at", "updated_at", "deleted_at"}
    return [field for field in model._meta.concrete_fields if field.name not in hidden]


def _blank(model: type[models.Model]) -> State:
    return {field.attname: field.get_default() for field in told_fields(model)}
