"""Attachments: checked by their content, stored under their checksum."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.activity.models import Attachment, about
from pmo.core.activity.services.comments import project_of
from pmo.core.activity.services.watching import watch_quietly
from pmo.core.audit.actor import Actor
from pmo.core.files.sniff import ATTACHMENTS, attachment_type
from pmo.core.files.storing import Limits, store
from pmo.core.records.services import create_record, delete_record, restore_record

FOLDER = "attachments"
LIMITS = Limits(attachment_type, ATTACHMENTS)
MOST = 50


def add_attachment(*, actor: Actor, row: Any, name: str, content: bytes) -> Attachment:
    """Keep a file with the record. Raises ValidationError on `file`: kind, content, size, or too many files."""
    if Attachment.objects.filter(**about(row)).count() >= MOST:
        raise ValidationError({"file": _("A record holds at most %(number)s files.") % {"number": MOST}})
    kept = store(name, content, FOLDER, LIMITS)
    attachment = Attachment(
        **about(row),
        project_id=project_of(row),
        name=name,
        stored=kept.name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        author=actor.user,
        author_name=actor.name[:150],
    )
    with transaction.atomic():
        create_record(actor=actor, row=attachment)
        if actor.user is not None:
            watch_quietly(actor.user, row)
    return attachment


def remove_attachment(*, actor: Actor, attachment: Attachment) -> None:
    """Take the file away from the record; it stays in the storage with the trash."""
    delete_record(actor=actor, row=attachment)


def restore_attachment(*, actor: Actor, attachment: Attachment) -> None:
    """Bring it back."""
    restore_record(actor=actor, row=attachment)
