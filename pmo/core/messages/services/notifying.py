"""Telling users of an event: one notification each, and the deliveries to make, in the caller's transaction."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone, translation

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import organisation_zone
from pmo.core.messages.calc import after_quiet
from pmo.core.messages.events import EventKind, event_kind
from pmo.core.messages.models import URL_LENGTH, Channel, MessageDelivery, Mode, Notification
from pmo.core.messages.packing import pack, unpack_all
from pmo.core.messages.preferences import Wish, address_of, chunks, hours_of, wishes, zone_of
from pmo.core.messages.services.announcing import announce_packed
from pmo.core.people.models import Person, User

Recipient = User | Person
_KEY_LENGTH = 200


def notify(
    *,
    event: str,
    recipients: Iterable[Recipient],
    params: Mapping[str, Any] | None = None,
    text: Any = "",
    url: str = "",
    about: models.Model | None = None,
    actor: Actor | None = None,
    key: str | None = None,
    broadcast: bool = True,
) -> list[Notification]:
    """Tell users of an event; returns the notifications that are new.

    `params` fill the sentence of the kind: text, figures, dates, datetimes, rows, translatable strings, lists of these.
    `text` is an optional second line. `url` is a path of this site; `about` the row it leads to, whose visibility is
    asked again whenever the notification is shown or sent. People without an active login, and the `actor` who caused
    the event, are left out. With a `key` nobody is told twice of the same event and key. Webhooks and chat groups are
    told once per call unless `broadcast` is off. Everything is written in the caller's transaction and sent after it.

    Raises UnknownEvent, ValueError for a parameter the sentence misses or a foreign address, TypeError for a parameter
    that cannot be kept.
    """
    kind = event_kind(event)
    packed = _checked(kind, params or {}, url)
    made = _Made(kind, packed, pack(text) if text else None, url, about, _key(key))
    with transaction.atomic():
        told = _tell(made, _readers(recipients, actor))
        if broadcast:
            announce_packed(kind=kind, params=packed, url=url, about=about, key=made.key, actor=actor)
    return told


def announce(
    *,
    event: str,
    params: Mapping[str, Any] | None = None,
    url: str = "",
    about: models.Model | None = None,
    actor: Actor | None = None,
    key: str | None = None,
    scoped: bool = False,
) -> None:
    """Tell only webhooks and chat groups; for callers who tell each user something of their own.

    `scoped`: only the groups that are limited to what `about` belongs to (the others were told of all of it at once).
    """
    kind = event_kind(event)
    packed = _checked(kind, params or {}, url)
    with transaction.atomic():
        announce_packed(kind=kind, params=packed, url=url, about=about, key=_key(key), actor=actor, only_scoped=scoped)


class _Made:
    """What all recipients are told."""

    def __init__(
        self, kind: EventKind, params: dict[str, Any], note: Any, url: str, about: models.Model | None, key: str
    ) -> None:
        self.kind, self.params, self.note, self.url, self.key = kind, params, note, url, key
        self.about_model = "" if about is None else str(about._meta.label_lower)
        self.about_id = None if about is None else about.pk
        self.now = timezone.now()

    def row(self, user: User, wish: Wish) -> Notification:
        return Notification(
            user=user,
            event=self.kind.key,
            key=self.key,
            params=self.params,
            note=self.note,
            url=self.url,
            about_model=self.about_model,
            about_id=self.about_id,
            created_at=self.now,
            hidden=not wish.centre,
            for_digest=wish.email == Mode.DIGEST and bool(address_of(user)),
        )


def _key(key: str | None) -> str:
    """A key that fits into its column: a long one by its digest, a new one where the event may be told again."""
    if key is None:
        return uuid.uuid4().hex
    return key if len(key) <= _KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()


def _checked(kind: EventKind, params: Mapping[str, Any], url: str) -> dict[str, Any]:
    """The parameters as they are kept, after a trial of the sentence: a missing one is the caller's error, at once."""
    if url and (not url.startswith("/") or url.startswith("//") or len(url) > URL_LENGTH):
        raise ValueError(f"{url!r} is not a path of this site")
    packed = {name: pack(value) for name, value in params.items()}
    with translation.override("en"):
        try:
            str(kind.sentence) % unpack_all(packed)
        except KeyError as error:
            raise ValueError(f"the event {kind.key} needs the parameter {error}") from error
    return packed


def _readers(recipients: Iterable[Recipient], actor: Actor | None) -> list[User]:
    """Active users behind the recipients, each once, without the one who acted."""
    logins = (row.pk if isinstance(row, User) else row.user_id for row in recipients)
    ids: set[int] = {pk for pk in logins if pk is not None}
    if actor is not None and not actor.is_system:
        ids.discard(actor.user.pk)
    found: list[User] = []
    for part in chunks(sorted(ids)):
        found += User.objects.filter(pk__in=part, is_active=True).select_related("person").order_by("pk")
    return found


def _tell(made: _Made, users: Sequence[User]) -> list[Notification]:
    """Write the notifications that do not exist yet; a rival that was faster keeps its row."""
    if not users:
        return []
    wanted = wishes(made.kind, [user.pk for user in users])
    rows = [
        made.row(user, wish)
        for user in users
        if (wish := wanted[user.pk]).centre or (wish.email != Mode.OFF and address_of(user))
    ]
    Notification.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)
    told = _written(rows)
    by_mail = [row for row in told if wanted[row.user_id].email == Mode.NOW and address_of(row.user)]
    _mail(made, by_mail)
    return told


def _written(rows: Sequence[Notification]) -> list[Notification]:
    """Those of the rows that the table took, with their ids."""
    ids: dict[uuid.UUID, int] = {}
    for start in range(0, len(rows), 500):
        uids = [row.uid for row in rows[start : start + 500]]
        ids |= dict(Notification.objects.filter(uid__in=uids).values_list("uid", "pk"))
    for row in rows:
        if row.uid in ids:
            row.pk = ids[row.uid]
    return [row for row in rows if row.uid in ids]


def _mail(made: _Made, rows: Sequence[Notification]) -> None:
    hours = hours_of([row.user_id for row in rows])
    zone = organisation_zone() if rows else None

    def due(row: Notification) -> datetime.datetime:
        mine = hours.get(row.user_id)
        if mine is None:
            return made.now
        return after_quiet(made.now, zone_of(row.user, zone), mine.quiet_from, mine.quiet_to)

    MessageDelivery.objects.bulk_create(
        [
            MessageDelivery(
                channel=Channel.EMAIL,
                once=f"email:{row.pk}",
                event=row.event,
                notification=row,
                user_id=row.user_id,
                next_at=due(row),
                created_at=made.now,
            )
            for row in rows
        ],
        batch_size=200,
        ignore_conflicts=True,
    )
