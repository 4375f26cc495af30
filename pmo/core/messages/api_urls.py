"""The REST API of one's own notifications."""

from __future__ import annotations

from django.urls import path

from pmo.core.messages import rest

urlpatterns = [
    path("notifications/", rest.NotificationList.as_view(), name="api-notifications"),
    path("notifications/read-all/", rest.NotificationReadAll.as_view(), name="api-notifications-read-all"),
    path("notifications/<uuid:uid>/read/", rest.NotificationRead.as_view(), name="api-notification-read"),
]
