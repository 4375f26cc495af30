"""Watching a record: who hears of what others change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef

from pmo.core.activity.models import Watch, about
from pmo.core.audit.actor import Actor
from pmo.core.audit.models import AuditEntry
from pmo.core.audit.services import Act, record
from pmo.core.messages.api import notify
from pmo.core.people.models import Person, User
from pmo.core.registers.cells import detail_url
from pmo.core.registers.declaration import register_for

# What watchers hear of; signatures, exports and the like have events of their own or interest nobody.
_TOLD = ("update", "restore", "submit", "return", "publish", "withdraw")
_MOST = 500


def set_watch(*, actor: Actor, row: Any, on: bool) -> None:
    """Watch the record, or stop: somebody who stopped is not made to watch again by commenting."""
    with transaction.atomic():
        Watch.objects.update_or_create(**about(row), user=actor.user, defaults={"active": on})
        action = "watch" if on else "unwatch"
        record(actor=actor, act=Act(action, row._meta.label_lower, row.pk, str(row)))


def watch_quietly(user: Any, row: Any) -> None:
    """From now on, unless they turned it off."""
    Watch.objects.get_or_create(**about(row), user=user)


def sees(user: User, row: Any) -> bool:
    """Whether the user may see the record."""
    found: bool = type(row)._default_manager.visible_to(user).filter(pk=row.pk).exists()
    return found


def watchers_of(row: Any) -> list[User]:
    """Users who watch the record and may still see it."""
    rows = Watch.objects.filter(**about(row), active=True, user__is_active=True).select_related("user__person")
    return [watch.user for watch in rows if sees(watch.user, row)]


def tell_watchers(first: int, last: int) -> int:
    """Tell watchers of what others changed in the audit entries from `first` to `last`; returns how many records that concerned.

    Several changes of one record by one person are told once. Runs in the background, after the entries were sealed.
    """
    watched = Watch.objects.filter(model=OuterRef("model"), object_id=OuterRef("object_id"), active=True)
    entries = AuditEntry.objects.filter(Exists(watched), id__range=(first, last), action__in=_TOLD)
    acts: dict[tuple[str, int], dict[int | None, str]] = defaultdict(dict)
    for entry in entries.order_by("id")[:_MOST]:
        acts[entry.model, entry.object_id or 0][entry.actor_id] = entry.actor_name
    names = _people({actor for actors in acts.values() for actor in actors if actor is not None})
    for (model, object_id), actors in acts.items():
        row = apps.get_model(model)._default_manager.filter(pk=object_id).first()
        if row is not None:
            _tell(row, {pk: names.get(pk or 0, name) for pk, name in actors.items()}, last)
    return len(acts)


def _people(user_ids: set[int]) -> dict[int, Person | str]:
    """The people behind the logins, so that each reader is told their names in the reader's language. One query."""
    return {row.user_id or 0: row for row in Person.objects.filter(user_id__in=user_ids)}


def _tell(row: Any, actors: Mapping[int | None, Person | str], last: int) -> None:
    """One notification for each watcher, without what they did themselves."""
    register = register_for(type(row))
    url = detail_url(register, row) if register is not None else ""
    for user in watchers_of(row):
        others = [name for actor_id, name in actors.items() if actor_id != user.pk]
        if others:
            notify(
                event="watched.changed",
                recipients=[user],
                params={"person": others, "subject": row},
                url=url,
                about=row,
                key=f"watched {row._meta.label_lower} {row.pk} {last}",
                broadcast=False,
            )
