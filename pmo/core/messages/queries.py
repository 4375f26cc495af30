"""What the notification centre shows: rows in the reader's words, without content the reader may no longer see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pmo.core.access.roles import roles_holding
from pmo.core.messages.events import EventKind, known_kind, visibility_of
from pmo.core.messages.models import Notification
from pmo.core.messages.packing import rows_in, unpack, unpack_all, without
from pmo.core.people.models import User


@dataclass(frozen=True)
class Shown:
    """A notification as a reader sees it."""

    row: Notification
    label: str
    text: str
    note: str
    icon: str
    tone: str
    visible: bool

    @property
    def unread(self) -> bool:
        return self.row.read_at is None


def notifications_of(user: Any) -> QuerySet[Notification]:
    """What the centre holds for the user, newest first."""
    return Notification.objects.filter(user_id=user.pk, hidden=False).order_by("-pk")


def unread(user: Any) -> QuerySet[Notification]:
    """Those the user has not read."""
    return Notification.objects.filter(user_id=user.pk, hidden=False, read_at__isnull=True)


def visible_ids(user: Any, model: str, ids: set[int]) -> set[int]:
    """Those of the rows that the user may see now. Denied where nobody says how the model's rows are decided."""
    told = visibility_of(model)
    if told is not None:
        return told(user, ids)
    try:
        manager: Any = apps.get_model(model)._default_manager
    except LookupError:
        return set()
    rows = getattr(manager, "visible_to", None)
    return set() if rows is None else set(rows(user).filter(pk__in=ids).values_list("pk", flat=True))


def shown_rows(user: Any, rows: Iterable[Notification]) -> list[Shown]:
    """The rows in the active language; one statement for each model they are about."""
    found = list(rows)
    asked: dict[str, set[int]] = defaultdict(set)
    for row in found:
        if row.about_model and row.about_id is not None:
            asked[row.about_model].add(row.about_id)
        for model, pk in rows_in(row.params):
            asked[model].add(pk)
    seen = {model: visible_ids(user, model, ids) for model, ids in asked.items()}
    hidden = {(model, pk) for model, ids in asked.items() for pk in ids - seen[model]}
    return [_shown(row, hidden) for row in found]


def _shown(row: Notification, hidden: set[tuple[str, int]]) -> Shown:
    kind = known_kind(row.event)
    params = None if (row.about_model, row.about_id) in hidden else without(row.params, hidden)
    if kind is None or params is None:
        label = str(kind.label) if kind else row.event
        return Shown(row, label, _("This was about something you may no longer see."), "", "lock", "quiet", False)
    return Shown(
        row=row,
        label=str(kind.label),
        text=sentence_of(kind, params),
        note=str(unpack(row.note) or ""),
        icon=kind.icon,
        tone=kind.tone,
        visible=True,
    )


def sentence_of(kind: EventKind, params: dict[str, Any]) -> str:
    """The sentence of the kind in the active language; the bare label where an old row lacks a parameter of today's sentence."""
    try:
        return str(kind.sentence) % unpack_all(params)
    except KeyError:
        return str(kind.label)


def holders_of(permission: str) -> Sequence[User]:
    """Active users who hold the permission in the whole organisation."""
    grants = Q(
        person__grants__role__in=roles_holding(permission),
        person__grants__unit=None,
        person__grants__deleted_at=None,
        person__deleted_at=None,
    )
    rows = User.objects.filter(grants | Q(is_superuser=True), is_active=True)
    return list(rows.select_related("person").distinct().order_by("pk"))
