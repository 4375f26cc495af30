"""What a page reads once, and the signed-in user's language and time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from pmo.core.kept import keeping

READING = {"GET", "HEAD"}


class KeepMiddleware:
    """A request that only reads asks the database once for what several parts of its page show."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return self.get_response(request)
        with keeping():
            return self.get_response(request)


class UserPreferencesMiddleware:
    """Shows a user their language (unless this browser chose another) and times in their zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            zone = user.time_zone or self._organisation_zone()
            with timezone.override(zoneinfo.ZoneInfo(zone)):
                return self.get_response(request)
        return self.get_response(request)

    @staticmethod
    def _organisation_zone() -> str:
        from pmo.core.calendars.queries import organisation

        return organisation().time_zone
