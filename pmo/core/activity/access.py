"""Who may say something about a record: whoever sees it and holds a role that works on such records."""

from __future__ import annotations

from typing import Any

from pmo.core.access.api import can
from pmo.core.access.decisions import YES, Decision
from pmo.core.access.roles import EVERYBODY, READER, WHOLE_PMO, Role, allow
from pmo.core.activity.models import Attachment, Comment

TAKE_PART = "core.comment.add"
MODERATE = "core.comment.delete"


def declare() -> None:
    """Everybody with a part in the record speaks; an auditor reads; the PMO may take away what others wrote."""
    allow(EVERYBODY - {READER, Role.AUDITOR}, TAKE_PART)
    allow(WHOLE_PMO, MODERATE)


def may_take_part(user: Any, row: Any) -> Decision:
    """May the user comment on, tag and attach files to the record (which they see)?"""
    return can(user, TAKE_PART, row)


def may_change(user: Any, made: Comment | Attachment) -> bool:
    """Only who wrote it changes it."""
    return made.author_id is not None and made.author_id == user.pk


def may_remove(user: Any, made: Comment | Attachment, row: Any) -> Decision:
    """Who made it, or the PMO."""
    return YES if may_change(user, made) else can(user, MODERATE, row)
