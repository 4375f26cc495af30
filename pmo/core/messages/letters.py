"""What a mail says: rendered in the language and time zone of its reader at the moment it is sent."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from email.utils import formataddr
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.calendars.queries import organisation
from pmo.core.messages.events import GROUPS, Attachment, known_kind
from pmo.core.messages.models import Channel, MessageDelivery, Notification
from pmo.core.messages.preferences import address_of, zone_of
from pmo.core.messages.queries import Shown, shown_rows
from pmo.core.messages.tokens import unsubscribe_token
from pmo.core.people.names import localised

ALL_EVENTS = "*"
_SUBJECT = 150


@dataclass(frozen=True)
class Letter:
    """A mail ready to be sent."""

    uid: str
    to: str
    subject: str
    text: str
    html: str
    unsubscribe: str
    file: Attachment | None = None

    def as_message(self, connection: Any) -> EmailMultiAlternatives:
        """The same Message-ID in every attempt, so that a receiver can tell a repetition; RFC 8058 for the way out."""
        domain = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        way_out = {
            "List-Unsubscribe": f"<{self.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        message = EmailMultiAlternatives(
            subject=self.subject,
            body=self.text,
            to=[self.to],
            connection=connection,
            headers={
                "Message-ID": f"<{self.uid}@{domain}>",
                **(way_out if self.unsubscribe else {}),
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(self.html, "text/html")
        if self.file is not None:
            message.attach(*self.file)
        return message


@dataclass(frozen=True)
class Note:
    """A mail that answers what somebody did, such as a forgotten password: nobody subscribes to it."""

    to: str
    language: str
    subject: str
    lines: Sequence[str]
    link: str
    action: str


NoteMaker = Callable[[MessageDelivery], Note | str]
_notes: dict[str, NoteMaker] = {}


def register_note(event: str, make: NoteMaker) -> None:
    """Have the deliveries of an event written by `make`: a note, or why there is none any more."""
    _notes[event] = make


def _noted(row: MessageDelivery, make: NoteMaker) -> Letter | str:
    note = make(row)
    if isinstance(note, str):
        return note
    with translation.override(note.language):
        unit = organisation()
        context = {
            "subject": note.subject,
            "lines": note.lines,
            "link": note.link,
            "action": note.action,
            "house": localised(unit.name_zh, unit.name_en),
            "sheet": _sheet(),
            "language": note.language,
        }
        return Letter(
            uid=str(row.uid),
            to=note.to,
            subject=_one_line(_("[%(product)s] %(subject)s") % {"product": _("Bellwether"), "subject": note.subject}),
            text=render_to_string("messages/mail_account.txt", context).strip() + "\n",
            html=render_to_string("messages/mail_account.html", context),
            unsubscribe="",
        )


def letter_of(row: MessageDelivery) -> Letter | str:
    """The mail of a delivery, or why there is none any more: the reader is gone, or may no longer see what it was about."""
    if row.event in _notes:
        return _noted(row, _notes[row.event])
    user = row.user
    if user is None or not user.is_active or not address_of(user):
        return "no reader"
    with translation.override(user.language), timezone.override(zone_of(user)):
        if row.channel == Channel.DIGEST:
            return _digest(row, user)
        shown = shown_rows(user, [row.notification] if row.notification is not None else [])
        if not shown or not shown[0].visible:
            return "no longer visible"
        return _single(row, user, shown[0])


def _single(row: MessageDelivery, user: Any, shown: Shown) -> Letter:
    context = {"shown": shown, "link": link_of(shown)}
    letter = _letter(row, user, shown.text, "notice", context, row.event)
    kind = known_kind(row.event)
    return replace(letter, file=kind.attach(shown.row.url, user)) if kind and kind.attach else letter


def _digest(row: MessageDelivery, user: Any) -> Letter | str:
    """What is still unread (or never showed in the centre), by group and in the order it happened."""
    ids = [int(pk) for pk in row.payload.get("ids", [])]
    rows = Notification.objects.filter(pk__in=ids, user=user).order_by("pk")
    shown = [one for one in shown_rows(user, rows) if one.visible and (one.row.read_at is None or one.row.hidden)]
    if not shown:
        return "nothing left to tell"
    number = len(shown)
    subject = ngettext("Daily digest: %(count)s notice", "Daily digest: %(count)s notices", number) % {"count": number}
    context = {"groups": _grouped(shown), "count": number}
    return _letter(row, user, subject, "digest", context, ALL_EVENTS)


def _grouped(shown: Sequence[Shown]) -> list[tuple[Any, list[tuple[Shown, str]]]]:
    order = list(GROUPS)

    def group_of(one: Shown) -> str:
        kind = known_kind(one.row.event)
        return kind.group if kind else order[0]

    ranked = sorted(shown, key=lambda one: order.index(group_of(one)))
    return [(GROUPS[key], [(one, link_of(one)) for one in ones]) for key, ones in groupby(ranked, key=group_of)]


def _letter(row: MessageDelivery, user: Any, subject: str, name: str, context: dict[str, Any], events: str) -> Letter:
    unsubscribe = settings.PUBLIC_URL + reverse("message-unsubscribe", args=[unsubscribe_token(user.pk, events)])
    unit = organisation()
    context |= {
        "subject": subject,
        "house": localised(unit.name_zh, unit.name_en),
        "sheet": _sheet(),
        "language": user.language,
        "settings_url": settings.PUBLIC_URL + reverse("message-settings"),
        "centre_url": settings.PUBLIC_URL + reverse("notifications"),
        "unsubscribe_url": unsubscribe,
        "all": events == ALL_EVENTS,
    }
    person = getattr(user, "person", None)
    name_of = str(person) if person is not None else user.get_full_name()
    return Letter(
        uid=str(row.uid),
        to=formataddr((name_of, address_of(user))),
        subject=_one_line(_("[%(product)s] %(subject)s") % {"product": _("Bellwether"), "subject": subject}),
        text=render_to_string(f"messages/mail_{name}.txt", context).strip() + "\n",
        html=render_to_string(f"messages/mail_{name}.html", context),
        unsubscribe=unsubscribe,
    )


def link_of(shown: Shown) -> str:
    """The address that opens the notice: it is marked read on the way."""
    return settings.PUBLIC_URL + reverse("notification-open", args=[shown.row.uid]) if shown.row.url else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_SUBJECT]


@functools.cache
def _sheet() -> SafeString:
    """Mail programs fetch nothing: the few rules travel with the mail."""
    rules = (settings.BASE_DIR / "templates/messages/mail.css").read_text(encoding="utf-8")
    return format_html("<{0}>{1}</{0}>", "style", mark_safe(rules))  # noqa: S308 - a file of ours
