"""What would become of the rows of a file in a register: nothing is written here.

A value of the file is taken where the record still says what the file said last. Where people changed it here, theirs stays,
and the report says so when the file says something new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import plain
from pmo.core.calendars.queries import org_today
from pmo.core.imports.texts import in_all_languages, refused_by, say_message
from projects.calc.plan.document import Entry, Plan
from projects.models.plan import TakenRow
from projects.models.project import Project
from projects.queries.plans.people import People
from projects.services.plans.taking.contract import Mapped, Notes, Source, Taker
from projects.services.plans.taking.fields import MARK, fields_of, held

NEW, CHANGED, UNCHANGED, ADOPTED = "new", "changed", "unchanged", "adopted"
KEPT, IN_TRASH, REFUSED, DENIED = "kept", "in_trash", "refused", "denied"
VERDICTS = (NEW, CHANGED, ADOPTED, UNCHANGED, KEPT, IN_TRASH, REFUSED, DENIED)
LONGEST_ID = 100
_BATCH = 500
_MISSING = object()


@dataclass
class Decided:
    """One row: what becomes of it, and what is written for that."""

    entry: Entry
    title: str
    verdict: str
    given: dict[str, Any] = field(default_factory=dict)
    link: TakenRow | None = None
    row: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    beside: dict[str, str | None] = field(default_factory=dict)  # texts of custom fields, by their marked names
    before: dict[str, Any] = field(default_factory=dict)  # what the values replace
    kept: list[str] = field(default_factory=list)  # columns that people changed here
    reason: dict[str, str] = field(default_factory=dict)  # why not, by language


@dataclass
class Decision:
    """All rows of one register."""

    taker: Taker
    notes: Notes
    rows: list[Decided]


def told(model: type[models.Model], name: str, value: Any) -> Any:
    """A value of a column in the one form in which values are compared and kept."""
    column: Any = model._meta.get_field(name)
    if value is None:
        return None
    if isinstance(column, models.DecimalField):
        return str(Decimal(value).quantize(Decimal(1).scaleb(-column.decimal_places)))
    if isinstance(value, str):
        return "\n".join(value.splitlines()).strip()
    return plain(value)


def decide(taker: Taker, *, actor: Actor, project: Project, plan: Plan, people: People) -> Decision | None:
    """What becomes of the rows; None where the file has none of this kind. A constant number of statements per 500 rows."""
    entries = [one for one in plan.entries if one.kind == taker.kind]
    if not entries:
        return None
    notes = Notes(taker.kind)
    read = taker.reader(Source(project, plan, entries, people, notes, fields_of(taker.kind)))
    known = _Known(taker, project)
    rights = {name: _refusal(actor, permission, project) for name, permission in taker.permissions.items()}
    rows = [_decided(taker, project, known, one, read(one)) for one in entries]
    for one in rows:
        needed = "add" if one.verdict == NEW else "change"
        if one.verdict in {NEW, CHANGED, ADOPTED} and rights[needed]:
            one.verdict, one.reason = DENIED, rights[needed]
    return Decision(taker, notes, rows)


def _refusal(actor: Actor, permission: str, project: Project) -> dict[str, str]:
    """Why the actor may not, by language; {} where they may."""
    if actor.is_system or can(actor.user, permission, project):
        return {}
    return in_all_languages(lambda: str(can(actor.user, permission, project).reason))


class _Known:
    """The rows that came before, their records, and records that people wrote by hand, by title."""

    def __init__(self, taker: Taker, project: Project) -> None:
        manager: Any = taker.model._base_manager
        links = TakenRow.objects.filter(project=project, register=taker.kind).order_by("pk")
        self.links = {one.source_id: one for one in links}
        self.rows: dict[int, Any] = {}
        ids = [one.object_id for one in self.links.values()]
        for start in range(0, len(ids), _BATCH):
            self.rows |= manager.in_bulk(ids[start : start + _BATCH])
        self._free: dict[str, list[Any]] = {}
        for row in manager.filter(project=project, deleted_at__isnull=True).order_by("-pk"):
            if row.pk not in self.rows:
                self._free.setdefault(_folded(str(row)), []).append(row)
                ids.append(row.pk)
        self._beside = held(taker.kind, ids)
        self.today = org_today()

    def now(self, taker: Taker, row: Any, name: str) -> Any:
        """What the record says, in the form in which values are compared."""
        if name.startswith(MARK):
            return self._beside.get((row.pk, name))
        return told(taker.model, name, getattr(row, name))

    def same(self, title: str) -> Any:
        """A record of the same title that no row of a file stands behind; each is given once."""
        found = self._free.get(_folded(title))
        return found.pop() if found else None


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()


def _decided(taker: Taker, project: Project, known: _Known, entry: Entry, mapped: Mapped) -> Decided:
    given = {name: told(taker.model, name, value) for name, value in mapped.values.items()} | dict(mapped.beside)
    made = Decided(entry, mapped.title, UNCHANGED, given)
    if len(entry.uid) > LONGEST_ID:
        made.verdict = REFUSED
        made.reason = in_all_languages(lambda: _("The ID of the row is longer than any that can be kept."))
        return made
    made.link = known.links.get(entry.uid)
    made.row = known.rows.get(made.link.object_id) if made.link is not None else known.same(mapped.title)
    if made.link is not None and (made.row is None or made.row.deleted_at is not None):
        made.verdict = IN_TRASH
    elif made.row is None:
        made.verdict, made.values, made.beside = NEW, dict(mapped.values), dict(mapped.beside)
        made.row = _new(taker.model, project, mapped.values)
        taker.prepare(made.row, known.today)
        _check(made, made.row)
    else:
        _compare(taker, known, made, mapped)
    return made


def _new(model: Any, project: Project, values: Mapping[str, Any]) -> Any:
    return model(project=project, **values)


def _compare(taker: Taker, known: _Known, made: Decided, mapped: Mapped) -> None:
    """Field by field: the file's new word counts where nobody changed the old one here."""
    last = made.link.given if made.link is not None else {}
    for name, new in made.given.items():
        old, now = last.get(name, _MISSING), known.now(taker, made.row, name)
        if new in (now, old):
            continue
        if now == old or (old is _MISSING and now in (None, "")):
            _set(made, mapped, name, now)
        else:
            made.kept.append(name)
    if made.values or made.beside:
        made.verdict = CHANGED
        _check(made, _with(made.row, made.values))
    elif made.kept and made.link is not None:
        made.verdict = KEPT
    if made.link is None and made.verdict != REFUSED:
        made.verdict = ADOPTED


def _set(made: Decided, mapped: Mapped, name: str, now: Any) -> None:
    made.before[name] = now
    if name in mapped.beside:
        made.beside[name] = mapped.beside[name]
    else:
        made.values[name] = mapped.values[name]


def _with(row: Any, values: Mapping[str, Any]) -> Any:
    """The record as it will stand; it is never saved."""
    copy = type(row)(**{one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields})
    for name, value in values.items():
        setattr(copy, name, value)
    return copy


def _check(made: Decided, row: Any) -> None:
    """Refuse what the model does not take. References were looked up, codes are given when it is saved."""
    given = [one.name for one in row._meta.concrete_fields if one.is_relation or one.name == "code"]

    def check() -> None:
        row.clean_fields(exclude=given)
        row.clean()

    problems = refused_by(check)
    if problems:
        made.verdict, made.reason = REFUSED, in_all_languages(lambda: _said(type(row), problems))


def _said(model: type[models.Model], problems: Mapping[str, Any]) -> str:
    parts = []
    for name, message in problems.items():
        label = "" if name == "__all__" else str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        parts.append(f"{label}: {say_message(message)}" if label else say_message(message))
    return " ".join(parts)


def counts(rows: Sequence[Decided]) -> dict[str, int]:
    """How many rows of each verdict."""
    return {verdict: sum(one.verdict == verdict for one in rows) for verdict in VERDICTS}
