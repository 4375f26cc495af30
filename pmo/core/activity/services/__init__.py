"""Saying, attaching, tagging, watching: every act in the audit trail under the actor's name."""

from pmo.core.activity.services.comments import Posted, add_comment, edit_comment, remove_comment, restore_comment
from pmo.core.activity.services.files import add_attachment, remove_attachment, restore_attachment
from pmo.core.activity.services.tags import set_tags
from pmo.core.activity.services.watching import set_watch, tell_watchers

__all__ = [
    "Posted",
    "add_attachment",
    "add_comment",
    "edit_comment",
    "remove_attachment",
    "remove_comment",
    "restore_attachment",
    "restore_comment",
    "set_tags",
    "set_watch",
    "tell_watchers",
]
