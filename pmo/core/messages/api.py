"""What other rooms and apps use of messages."""

from __future__ import annotations

from pmo.core.messages.calendar_sources import CalendarSource, Entry, register_calendar_source
from pmo.core.messages.events import Attachment, EventKind, register_event, register_visibility
from pmo.core.messages.models import Mode, Notification
from pmo.core.messages.packing import about, each_language, who_acts
from pmo.core.messages.scopes import MessageScope, register_scope
from pmo.core.messages.services import announce, notify

__all__ = [
    "Attachment",
    "CalendarSource",
    "Entry",
    "EventKind",
    "MessageScope",
    "Mode",
    "Notification",
    "about",
    "announce",
    "each_language",
    "notify",
    "register_calendar_source",
    "register_event",
    "register_scope",
    "register_visibility",
    "who_acts",
]
