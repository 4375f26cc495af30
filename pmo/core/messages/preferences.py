"""How each user wants to hear of a kind of event: their own choice, else the default of their role."""

from __future__ import annotations

import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pmo.core.calendars.queries import organisation_zone
from pmo.core.messages.events import EventKind
from pmo.core.messages.models import MessageChoice, MessageHours, Mode
from pmo.core.people.models import RoleGrant

LOUDNESS = {Mode.OFF: 0, Mode.DIGEST: 1, Mode.NOW: 2}
_CHUNK = 500


@dataclass(frozen=True)
class Wish:
    """What one user wants of one kind of event."""

    centre: bool
    email: Mode


def chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """Parts that fit into one statement of every database."""
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def default_mail(kind: EventKind, roles: Iterable[str]) -> Mode:
    """The loudest of what the kind says for the roles, else its general default."""
    said = [kind.by_role[role] for role in roles if role in kind.by_role]
    return max(said, key=lambda mode: LOUDNESS[mode]) if said else kind.email


def roles_of(user_ids: Sequence[int]) -> dict[int, set[str]]:
    """Roles granted in the organisation or a unit, by login."""
    found: dict[int, set[str]] = defaultdict(set)
    for part in chunks(user_ids):
        rows = RoleGrant.objects.filter(person__user_id__in=part).values_list("person__user_id", "role")
        for user_id, role in rows:
            if user_id is not None:
                found[user_id].add(role)
    return found


def wishes(kind: EventKind, user_ids: Sequence[int]) -> dict[int, Wish]:
    """For every user what they want of the kind. Two statements per 500 users."""
    chosen: dict[tuple[int, str], Mode] = {}
    for part in chunks(user_ids):
        rows = MessageChoice.objects.filter(user_id__in=part, event=kind.key)
        chosen |= {(user, channel): Mode(mode) for user, channel, mode in rows.values_list("user", "channel", "mode")}
    roles = roles_of(user_ids)
    centre, email = MessageChoice.Channel.CENTRE.value, MessageChoice.Channel.EMAIL.value
    return {
        pk: Wish(
            centre=chosen.get((pk, centre), Mode.NOW) != Mode.OFF,
            email=chosen.get((pk, email)) or default_mail(kind, roles.get(pk, ())),
        )
        for pk in user_ids
    }


def hours_of(user_ids: Sequence[int]) -> dict[int, MessageHours]:
    """The hours that users have set, by login."""
    found: dict[int, MessageHours] = {}
    for part in chunks(user_ids):
        found |= {row.user_id: row for row in MessageHours.objects.filter(user_id__in=part)}
    return found


def zone_of(user: Any, fallback: zoneinfo.ZoneInfo | None = None) -> zoneinfo.ZoneInfo:
    """The user's time zone, else the organisation's."""
    if user.time_zone:
        return zoneinfo.ZoneInfo(user.time_zone)
    return fallback or organisation_zone()


def address_of(user: Any) -> str:
    """Where mail reaches the user: the login's address, else the one of the person; "" where there is none."""
    person = getattr(user, "person", None)
    return str(user.email or (person.email if person is not None else ""))
