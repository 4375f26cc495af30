"""How a user wants to be told: choices by event, hours, presets."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, plain, record
from pmo.core.messages.events import EventKind, all_events
from pmo.core.messages.models import MessageChoice, MessageHours, Mode
from pmo.core.messages.preferences import Wish, default_mail, roles_of

CENTRE, EMAIL = MessageChoice.Channel.CENTRE.value, MessageChoice.Channel.EMAIL.value
Choices = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Preset:
    """A set of choices under one name. `mail(kind, default)` says when a mail comes."""

    key: str
    label: str | Promise
    about: str | Promise

    def mail(self, kind: EventKind, default: Mode) -> Mode:
        """What the preset chooses for a kind."""
        if self.key == "default":
            return default
        if self.key == "calm":
            return Mode.NOW if kind.group == "mine" and kind.email == Mode.NOW else Mode.DIGEST
        return {"all": Mode.NOW, "digest": Mode.DIGEST}.get(self.key, Mode.OFF)


PRESETS = (
    Preset("default", _("As recommended"), _("What your role usually needs.")),
    Preset(
        "calm", _("Only what is for me at once"), _("Mentions and assignments at once, the rest in the daily digest.")
    ),
    Preset("digest", _("Everything in the daily digest"), _("One mail a day at most.")),
    Preset("all", _("Everything at once"), _("A mail for each event.")),
    Preset("none", _("No mail"), _("The notification centre only.")),
)


def wishes_of(user: Any) -> dict[str, Wish]:
    """What the user wants of every kind, by its key. Two statements."""
    chosen = {(row.event, row.channel): row.mode for row in MessageChoice.objects.filter(user_id=user.pk)}
    roles = roles_of([user.pk]).get(user.pk, set())
    return {
        kind.key: Wish(
            centre=chosen.get((kind.key, CENTRE), Mode.NOW) != Mode.OFF,
            email=Mode(chosen.get((kind.key, EMAIL)) or default_mail(kind, roles)),
        )
        for kind in all_events()
    }


def save_choices(*, actor: Actor, wanted: Mapping[str, Wish]) -> int:
    """Keep what the acting user wants; what equals the default of the role is not kept. Returns how many choices changed.

    Kinds that are not named stay as they are; unknown ones are refused with ValidationError.
    """
    user = actor.user
    kinds = {kind.key: kind for kind in all_events()}
    if set(wanted) - set(kinds):
        raise ValidationError(_("There is no such kind of event."))
    roles = roles_of([user.pk]).get(user.pk, set())
    with transaction.atomic():
        before = {(row.event, row.channel): row for row in MessageChoice.objects.filter(user_id=user.pk)}
        changes: dict[str, list[Any]] = {}
        for key, wish in wanted.items():
            default = default_mail(kinds[key], roles)
            _set(user, before, changes, (key, CENTRE), "" if wish.centre else Mode.OFF.value)
            _set(user, before, changes, (key, EMAIL), "" if wish.email == default else wish.email.value)
        if changes:
            record(actor=actor, act=Act("update", "core.messagechoice", user.pk, str(user), changes=changes))
    return len(changes)


def _set(
    user: Any, before: Mapping[tuple[str, str], MessageChoice], changes: dict[str, Any], at: tuple[str, str], mode: str
) -> None:
    """Write one choice ("": the default, which needs no row)."""
    known = before.get(at)
    old = known.mode if known is not None else ""
    if old == mode:
        return
    changes[" ".join(at)] = [old, mode]
    rows = MessageChoice.objects.filter(user_id=user.pk, event=at[0], channel=at[1])
    if not mode:
        rows.delete()
    else:
        MessageChoice.objects.update_or_create(user=user, event=at[0], channel=at[1], defaults={"mode": mode})


def apply_preset(*, actor: Actor, key: str) -> int:
    """Choose for every kind as the preset says; the centre shows everything again. Raises ValidationError for an unknown one."""
    preset = next((one for one in PRESETS if one.key == key), None)
    if preset is None:
        raise ValidationError(_("There is no such preset."))
    roles = roles_of([actor.user.pk]).get(actor.user.pk, set())
    wanted = {kind.key: Wish(True, preset.mail(kind, default_mail(kind, roles))) for kind in all_events()}
    return save_choices(actor=actor, wanted=wanted)


def hours_for(user: Any) -> MessageHours:
    """The user's hours; the usual ones where none were set."""
    return MessageHours.objects.filter(user_id=user.pk).first() or MessageHours(user=user)


def save_hours(
    *, actor: Actor, digest_hour: int, quiet_from: datetime.time | None, quiet_to: datetime.time | None
) -> MessageHours:
    """Keep when the acting user is reached. Quiet hours need both ends. Raises ValidationError by field."""
    if (quiet_from is None) != (quiet_to is None):
        raise ValidationError({"quiet_to": _("Quiet hours need a beginning and an end.")})
    row = hours_for(actor.user)
    old = {name: plain(getattr(row, name)) for name in ("digest_hour", "quiet_from", "quiet_to")}
    row.digest_hour, row.quiet_from, row.quiet_to = digest_hour, quiet_from, quiet_to
    row.full_clean(validate_unique=False, validate_constraints=False)
    new = {name: plain(getattr(row, name)) for name in old}
    if new == old:
        return row
    with transaction.atomic():
        MessageHours.objects.update_or_create(
            user=actor.user, defaults={"digest_hour": digest_hour, "quiet_from": quiet_from, "quiet_to": quiet_to}
        )
        changes = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
        record(actor=actor, act=Act("update", "core.messagehours", actor.user.pk, str(actor.user), changes=changes))
    return row


def unsubscribe(*, user_id: int, event: str) -> None:
    """Switch mail off for a user: about one event, or everything ("*"). The link in a mail asks for it, without a sign-in."""
    from pmo.core.audit.actor import actor_of
    from pmo.core.people.models import User

    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return
    known = {kind.key for kind in all_events()}
    wanted = {
        key: Wish(wish.centre, Mode.OFF)
        for key, wish in wishes_of(user).items()
        if event in {"*", key} and key in known
    }
    save_choices(actor=actor_of(user), wanted=wanted)
