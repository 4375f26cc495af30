"""What other rooms and apps use of messages."""

from __future__ import annotations

from pmo.core.messages.events import EventKind, register_event, register_visibility
from pmo.core.messages.models import Mode, Notification
from pmo.core.messages.packing import each_language
from pmo.core.messages.scopes import MessageScope, register_scope
from pmo.core.messages.services import announce, notify

__all__ = [
    "EventKind",
    "MessageScope",
    "Mode",
    "Notification",
    "announce",
    "each_language",
    "notify",
    "register_event",
    "register_scope",
    "register_visibility",
]
