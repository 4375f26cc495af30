"""Comments: written, changed by their author, taken away; people mentioned and watching are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from pmo.core.activity.calc import mentioned, pieces
from pmo.core.activity.models import Comment, about
from pmo.core.activity.services.watching import sees, watch_quietly, watchers_of
from pmo.core.audit.actor import Actor
from pmo.core.messages.api import notify, who_acts
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, delete_record, restore_record, update_record

_EXTRACT = 200


@dataclass
class Posted:
    """A comment, and who of those mentioned could not be told: they may not see the record, or have no login."""

    comment: Comment
    untold: list[str] = field(default_factory=list)


def project_of(row: Any) -> int | None:
    """The project the record belongs to, for the audit trail."""
    field_name = type(row).audit_project
    value: int | None = getattr(row, field_name) if field_name else None
    return value


def add_comment(*, actor: Actor, row: Any, text: str, url: str) -> Posted:
    """Say something about the record; `url` is where it is read. The author watches the record from then on.

    Raises ValidationError on `text`: empty, or longer than 5,000 characters.
    """
    with transaction.atomic():
        comment = Comment(
            **about(row),
            project_id=project_of(row),
            author=actor.user,
            author_name=actor.name[:150],
            text=text.replace("\r\n", "\n").strip(),
        )
        create_record(actor=actor, row=comment)
        if actor.user is not None:
            watch_quietly(actor.user, row)
        told, untold = _tell_mentioned(actor, row, comment, mentioned(comment.text), url)
        others = [user for user in watchers_of(row) if user.pk not in told]
        notify(
            event="comment",
            recipients=others,
            params={"person": who_acts(actor), "subject": row},
            text=_extract(comment.text),
            url=url,
            about=row,
            actor=actor,
            key=f"comment {comment.uid}",
            broadcast=False,
        )
    return Posted(comment, untold)


def edit_comment(*, actor: Actor, comment: Comment, row: Any, text: str, url: str, expected_version: int) -> Posted:
    """Say it in other words; people mentioned for the first time are told. Raises ValidationError, StaleRecord."""
    known = set(mentioned(comment.text))
    with transaction.atomic():
        values = {"text": text.replace("\r\n", "\n").strip(), "edited_at": timezone.now()}
        saved = update_record(actor=actor, row=comment, values=values, expected_version=expected_version)
        new = [code for code in mentioned(saved.text) if code not in known]
        _told, untold = _tell_mentioned(actor, row, saved, new, url)
    return Posted(saved, untold)


def remove_comment(*, actor: Actor, comment: Comment) -> None:
    """Take the comment away; the audit trail keeps what was said."""
    delete_record(actor=actor, row=comment)


def restore_comment(*, actor: Actor, comment: Comment) -> None:
    """Bring it back."""
    restore_record(actor=actor, row=comment)


def _tell_mentioned(actor: Actor, row: Any, comment: Comment, codes: list[str], url: str) -> tuple[set[int], list[str]]:
    """Ids of the users told, and the names of those who could not be. Two statements and one for each person mentioned."""
    people = Person.objects.filter(code__in=codes).select_related("user") if codes else []
    told, untold = [], []
    for person in people:
        user = person.user
        visible = user is not None and user.is_active and sees(user, row)
        if visible:
            watch_quietly(user, row)
            told.append(user)
        else:
            untold.append(str(person))
    notify(
        event="mention",
        recipients=told,
        params={"person": who_acts(actor), "subject": row},
        text=_extract(comment.text),
        url=url,
        about=row,
        actor=actor,
        key=f"mention {comment.uid}",
        broadcast=False,
    )
    return {user.pk for user in told}, untold


def _extract(text: str) -> str:
    """The first words, mentions as names."""
    plain = "".join(f"@{piece.text}" if piece.code else piece.text for piece in pieces(text))
    return plain if len(plain) <= _EXTRACT else plain[: _EXTRACT - 1] + "…"
