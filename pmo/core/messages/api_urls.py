"""The REST API of one's own notifications."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from pmo.core.messages import rest

urlpatterns = [
    path("notifications/", login_not_required(rest.NotificationList.as_view()), name="api-notifications"),
    path(
        "notifications/read-all/",
        login_not_required(rest.NotificationReadAll.as_view()),
        name="api-notifications-read-all",
    ),
    path(
        "notifications/<uuid:uid>/read/",
        login_not_required(rest.NotificationRead.as_view()),
        name="api-notification-read",
    ),
]
