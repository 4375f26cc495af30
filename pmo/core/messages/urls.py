"""Addresses of messages: the centre, its settings, calendars, webhooks and chat groups."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from pmo.core.messages.views import calendars, centre, choices, receivers, unsubscribing

urlpatterns = [
    path("notifications", centre.notifications, name="notifications"),
    path("notifications/panel", centre.panel, name="notifications-panel"),
    path("notifications/seen", centre.seen, name="notifications-seen"),
    path("notifications/<uuid:uid>/open", centre.open_notification, name="notification-open"),
    path("notifications/<uuid:uid>/read", centre.read, name="notification-read"),
    path("account/messages", choices.message_settings, name="message-settings"),
    path("account/messages/preset", choices.message_preset, name="message-preset"),
    path("account/messages/hours", choices.message_hours, name="message-hours"),
    path("unsubscribe/<str:token>", login_not_required(unsubscribing.unsubscribe), name="message-unsubscribe"),
    path("account/calendars", calendars.feeds, name="calendar-feeds"),
    path("account/calendars/<int:pk>/revoke", calendars.revoke, name="calendar-revoke"),
    path("calendar/<str:token>.ics", login_not_required(calendars.feed), name="calendar-feed"),
    path("webhooks/", receivers.receivers, name="webhooks"),
    path("webhooks/new/", receivers.webhook_new, name="webhook-new"),
    path("webhooks/<int:pk>/", receivers.webhook, name="webhook"),
    path("webhooks/<int:pk>/<slug:act>", receivers.webhook_act, name="webhook-act"),
    path("chat-groups/new/", receivers.chat_group_new, name="chat-group-new"),
    path("chat-groups/<int:pk>/", receivers.chat_group, name="chat-group"),
    path("chat-groups/<int:pk>/<slug:act>", receivers.chat_act, name="chat-group-act"),
    path("deliveries/<int:pk>/redeliver", receivers.delivery_again, name="delivery-again"),
]
