"""Messages in the access table: everybody has a centre, settings and calendars of their own; webhooks and chat groups are the administrator's."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from pmo.core.messages.models import CalendarFeed, ChatGroup, MessageDelivery, Notification, Webhook
from pmo.core.messages.sealing import seal
from tests.access.rights import ROLES, Rights

RIGHTS: dict[str, Rights] = {}
TABS: dict[tuple[str, str], dict[str, int]] = {}
# The notification and the calendar belong to A.
OTHERS = "".join(letter for letter in ROLES if letter != "A")
HOOK = {"name": "New", "url": "https://hooks.example.org/new"}
CHAT = {"name": "New", "kind": "slack", "language": "en", "address": "https://hooks.slack.com/services/T1/B1/C1"}
FEED = {"name": "New", "language": "en", "kinds": ["milestones"]}
ROUTES: dict[str, dict[str, Any]] = {
    "notifications": {"get": ROLES},
    "notifications-panel": {"get": ROLES},
    "notifications-seen": {"post": ROLES},
    "notification-open": {"get": "A", "args": "notification", "hidden": OTHERS},
    "notification-read": {"post": "A", "args": "notification", "hidden": OTHERS},
    "message-settings": {"get": ROLES, "post": ROLES, "form": {"email-report.due": "off"}},
    "message-preset": {"post": ROLES, "form": {"preset": "digest"}},
    "message-hours": {"post": ROLES, "form": {"digest_hour": "9"}},
    "calendar-feeds": {"get": ROLES, "post": ROLES, "form": FEED},
    "calendar-revoke": {"post": "A", "args": "calendar", "hidden": OTHERS},
    "webhooks": {"get": "A"},
    "webhook-new": {"get": "A", "post": "A", "form": HOOK},
    "webhook": {"get": "A", "post": "A", "args": "hook", "form": HOOK},
    "webhook-act": {"post": "A", "args": "hook_act"},
    "chat-group-new": {"get": "A", "post": "A", "form": CHAT},
    "chat-group": {"get": "A", "post": "A", "args": "chat", "form": CHAT},
    "chat-group-act": {"post": "A", "args": "chat_act"},
    "delivery-again": {"post": "A", "args": "delivery"},
    "api-notifications": {"get": ROLES},
    "api-notifications-read-all": {"post": ROLES},
    "api-notification-read": {"post": "A", "args": "notification", "hidden": OTHERS},
}
_made: dict[str, dict[str, Any]] = {}


def rows(world: Any) -> dict[str, Any]:
    """A notification and a calendar of A, a webhook with a delivery, a chat group. No register: the table has none of them."""
    now, keeper = timezone.now(), world.users["A"]
    note = Notification.objects.create(
        user=keeper, event="mention", key="k", params={"person": "P", "subject": "S"}, url="/", created_at=now
    )
    feed = CalendarFeed.objects.create(user=keeper, name="Phone", prefix="abc", digest="d", kinds=["milestones"])
    hook = Webhook.objects.create(name="Hook", url="https://hooks.example.org/", secret=seal("s"))
    chat = ChatGroup.objects.create(name="Group", kind="slack", address=seal("{}"), hint="abcd")
    sent = MessageDelivery.objects.create(
        channel="webhook", once="o", event="report.due", webhook=hook, state="sent", next_at=now, created_at=now
    )
    _made.update(
        notification={"uid": note.uid},
        calendar={"pk": feed.pk},
        hook={"pk": hook.pk},
        hook_act={"pk": hook.pk, "act": "test"},
        chat={"pk": chat.pk},
        chat_act={"pk": chat.pk, "act": "test"},
        delivery={"pk": sent.pk},
    )
    return {}


def form(world: Any, key: str) -> dict[str, Any]:
    """Nothing is added through a register."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The URL arguments that ROUTES names."""
    return _made.get(args)
