"""What is said about a record: whoever has a part in it speaks, an auditor reads, who does not see it finds nothing."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from pmo.core.activity.models import Attachment, Comment, about
from pmo.core.activity.services.files import FOLDER, LIMITS
from pmo.core.files.storing import store
from tests.access.rights import INSIDE, Rights

SPEAKERS = INSIDE.replace("U", "")
RIGHTS: dict[str, Rights] = {}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ROUTES: dict[str, dict[str, Any]] = {
    "comment-add": {"post": SPEAKERS, "args": "activity_row", "hidden": "X", "form": {"text": "Words"}},
    "attachment-add": {"post": SPEAKERS, "args": "activity_row", "hidden": "X"},
    "tags-set": {"post": SPEAKERS, "args": "activity_row", "hidden": "X", "form": {"tags": "one, two"}},
    "watch-set": {"post": INSIDE, "args": "activity_row", "hidden": "X", "form": {"on": "1"}},
    "people-to-mention": {"get": INSIDE, "args": "activity_row", "hidden": "X"},
    "api-comments": {
        "get": INSIDE,
        "post": SPEAKERS,
        "args": "activity_row",
        "hidden": "X",
        "form": {"text": "Words"},
        "json": True,
    },
    "api-comment": {"get": INSIDE, "args": "api_comment", "hidden": "X"},
    "api-tags": {"get": INSIDE, "args": "activity_row", "hidden": "X"},
    "comment-change": {"post": "P", "args": "comment", "hidden": "X", "form": {"text": "New", "version": "1"}},
    "comment-remove": {"post": "ANP", "args": "comment", "hidden": "X"},
    "comment-restore": {"post": "ANP", "args": "comment_removed", "hidden": "X"},
    "attachment-file": {"get": INSIDE, "args": "attachment", "hidden": "X"},
    "attachment-remove": {"post": "ANP", "args": "attachment", "hidden": "X"},
    "attachment-restore": {"post": "ANP", "args": "attachment_removed", "hidden": "X"},
}


def rows(world: Any) -> dict[str, Any]:
    """What the project manager (P) said about the issue and attached to it, and both once more in the trash."""
    issue, author = world.rows["issues"], world.users["P"]
    kept = store("note.txt", b"A note", FOLDER, LIMITS)
    for gone in (False, True):
        made = {"author": author, "author_name": "P", **about(issue)}
        made |= {"deleted_at": timezone.now()} if gone else {}
        Comment.objects.create(text="Words", **made)
        Attachment.objects.create(
            name="note.txt",
            stored=kept.name,
            content_type=kept.content_type,
            size=kept.size,
            sha256=kept.sha256,
            **made,
        )
    return {}


def form(world: Any, key: str) -> dict[str, Any] | None:
    """No register of its own."""
    return None


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The URL arguments of the routes above."""
    dead = {"deleted_at__isnull": False}
    known: dict[str, dict[str, Any]] = {
        "activity_row": {"key": "issues", "pk": world.rows["issues"].pk},
        "comment": {"pk": Comment.objects.get().pk},
        "api_comment": {"key": "issues", "pk": world.rows["issues"].pk, "number": Comment.objects.get().pk},
        "comment_removed": {"pk": Comment.all_objects.get(**dead).pk},
        "attachment": {"uid": Attachment.objects.get().uid},
        "attachment_removed": {"uid": Attachment.all_objects.get(**dead).uid},
    }
    return known.get(args)
