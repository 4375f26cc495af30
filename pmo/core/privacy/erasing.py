"""Erasing a person: rows of their own go, names give way to a pseudonym everywhere, decisions stay as they were taken."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.db.models import Q

from pmo.core.audit.actor import Actor
from pmo.core.audit.erasing import erase_from_entries
from pmo.core.audit.models import AuditEntry, AuditPayload
from pmo.core.audit.services import Act
from pmo.core.people.models import Person, User
from pmo.core.privacy.declaration import Kind, declared, kinds_of, links_of
from pmo.core.privacy.finding import Table, mentioned_in, tables, with_mentions
from pmo.core.privacy.subjects import ERASED, Names, Pseudonym, Subject
from pmo.core.records.json_text import as_text, holds_text

_CHUNK = 200
# Written by the act of erasing itself.
_AUDIT = (AuditEntry, AuditPayload)
Told = Callable[[int, int, str], None]
# Called inside the transaction with the tables whose rows changed: {model: ids}.
Follow = Callable[[dict[type[models.Model], set[Any]]], None]
_followers: list[Follow] = []


def after_erasure(follow: Follow) -> None:
    """Have what is made from other rows (search indexes) made again; call it from the wiring."""
    if follow not in _followers:
        _followers.append(follow)


def erase(*, actor: Actor, subject: Subject, pseudonym: Pseudonym, reason: str, told: Told) -> dict[str, int]:
    """Erase the person in one transaction; {table: rows changed or removed}.

    The chain of the audit trail stays intact: the erasure is an act of its own with a marker for each entry it touched.
    """
    names = Names(subject, pseudonym)
    everywhere = tables()
    changed: dict[type[models.Model], set[Any]] = {}
    counts: dict[str, int] = {}
    with transaction.atomic():
        for place, table in enumerate(everywhere):
            told(place, len(everywhere), str(table.model._meta.verbose_name_plural))
            if table.model in _AUDIT:
                continue
            gone = _remove_own(table, subject)
            ids = _replace_names(table, subject, names) | _replace_mentions(table, names)
            if ids:
                changed[table.model] = ids
            if gone + len(ids):
                counts[table.label] = gone + len(ids)
        _replace_identity(subject, pseudonym)
        for row in (subject.person, subject.user):
            if row is not None:
                changed.setdefault(type(row), set()).add(row.pk)
        for follow in _followers:
            follow(changed)
        touched = _erase_from_audit(actor, subject, names, pseudonym, reason)
        if touched:
            counts[AuditEntry._meta.label] = touched
    return counts


def _own(table: Table, subject: Subject) -> Q | None:
    """Rows that go with the person."""
    found = Q()
    for name in declared(table.model).gone.split():
        target = table.model._meta.get_field(name).related_model
        row = subject.person if target is Person else subject.user
        if row is not None:
            found |= Q(**{name: row.pk})
    return found or None


def _remove_own(table: Table, subject: Subject) -> int:
    condition = _own(table, subject)
    if condition is None:
        return 0
    rows = table.rows().filter(condition)
    count: int = rows.count()
    rows.delete()
    return count


def _replace_names(table: Table, subject: Subject, names: Names) -> set[Any]:
    """Copies of the name beside a link, whatever they say: people are called differently over the years."""
    ids: set[Any] = set()
    for name, link in declared(table.model).beside.items():
        condition = _points_to(table.model, link, subject)
        if condition is None:
            continue
        rows = table.rows().filter(condition)
        ids.update(rows.values_list("pk", flat=True))
        rows.update(**{name: names.pseudonym.en})
    return ids


def _points_to(model: type[models.Model], link: str, subject: Subject) -> Q | None:
    for target, row in (("core.person", subject.person), ("core.user", subject.user)):
        if row is not None and link and link in links_of(model, target):
            return Q(**{link: row.pk})
    return None


def _replace_mentions(table: Table, names: Names) -> set[Any]:
    index = bool(table.of_kind(Kind.INDEX))
    rehash = declared(table.model).rehash
    ids: set[Any] = set()
    last: Any = None
    found = with_mentions(table, names).order_by("pk")
    while rows := list((found if last is None else found.filter(pk__gt=last))[:_CHUNK]):
        last = rows[-1].pk
        for row in rows:
            fields = mentioned_in(table, row, names)
            if not fields:
                continue
            ids.add(row.pk)
            if not index:
                _rewrite(table, row, fields, names, rehash)
    return ids


def _rewrite(table: Table, row: Any, fields: list[str], names: Names, rehash: tuple[str, str] | None) -> None:
    values = {}
    for name in fields:
        value, one = getattr(row, name), table.model._meta.get_field(name)
        if isinstance(value, str):
            values[name] = names.replaced(value, getattr(one, "max_length", None))
        else:
            values[name] = names.replaced_within(value)
    if rehash is not None and rehash[1] in values:
        values[rehash[0]] = hashlib.sha256(values[rehash[1]].encode()).hexdigest()
    table.rows().filter(pk=row.pk).update(**values)


def _replace_identity(subject: Subject, pseudonym: Pseudonym) -> None:
    if subject.person is not None:
        Person.all_objects.filter(pk=subject.person.pk).update(
            code=pseudonym.code, name_zh=pseudonym.zh, name_en=pseudonym.en, email="", title="", line_manager=None
        )
    if subject.user is not None:
        User.objects.filter(pk=subject.user.pk).update(
            username=pseudonym.code,
            first_name="",
            last_name=pseudonym.en,
            email="",
            is_active=False,
            password=make_password(None),
            last_login=None,
        )


def _identity_fields() -> dict[str, frozenset[str]]:
    return {
        model._meta.label_lower: frozenset(name for name, kind in kinds_of(model).items() if kind == Kind.IDENTITY)
        for model in (Person, User)
    }


def _erase_from_audit(actor: Actor, subject: Subject, names: Names, pseudonym: Pseudonym, reason: str) -> int:
    own = {(row._meta.label_lower, row.pk) for row in (subject.person, subject.user) if row is not None}
    fields = _identity_fields()

    def redact(entry: AuditEntry, changes: Any) -> Any:
        if subject.user is not None and entry.actor_id == subject.user.pk:
            entry.actor_name = pseudonym.en
        for name in ("actor_name", "object_label", "reason"):
            longest = getattr(entry._meta.get_field(name), "max_length", None)
            setattr(entry, name, names.replaced(getattr(entry, name), longest))
        if (entry.model, entry.object_id) in own:
            entry.object_label = pseudonym.en
            changes = _without(changes, fields[entry.model])
        elif _is_called(entry, names):
            entry.object_label = pseudonym.en
        return names.replaced_within(changes)

    act = Act(
        "privacy.erase",
        Person._meta.label_lower,
        subject.person.pk if subject.person else None,
        pseudonym.en,
        reason=names.replaced(reason),
    )
    return erase_from_entries(actor=actor, entries=_entries(subject, names, own), redact=redact, act=act)


def _is_called(entry: AuditEntry, names: Names) -> bool:
    """Whether an entry about no row, such as a sign-in that was refused, has the person's login as its label."""
    logins = {one.lower() for one in names.marks}
    return entry.model in {"core.person", "core.user"} and not entry.object_id and entry.object_label.lower() in logins


def _without(changes: Any, fields: frozenset[str]) -> Any:
    """The changes of the person's own row without what they were called."""
    if not isinstance(changes, dict):
        return changes
    return {
        name: [ERASED if one else one for one in pair] if name in fields and isinstance(pair, list) else pair
        for name, pair in changes.items()
    }


def _entries(subject: Subject, names: Names, own: set[tuple[str, int]]) -> models.QuerySet[AuditEntry]:
    rows = AuditEntry.objects.annotate(changes_as_text=as_text("payload__changes"))
    found = Q()
    if subject.user is not None:
        found |= Q(actor=subject.user)
    for model, pk in own:
        found |= Q(model=model, object_id=pk)
    for mark in names.marks:
        found |= Q(model__in=["core.person", "core.user"], object_id__isnull=True, object_label__iexact=mark)
    for text in names.texts:
        found |= Q(actor_name__icontains=text) | Q(object_label__icontains=text) | Q(reason__icontains=text)
        found |= holds_text("changes_as_text", text, lookup="icontains")
    return rows.filter(found)
