"""Signing in, with the day of use noted."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import views as auth_views
from django.http import HttpResponse

from pmo.core.calendars.queries import org_today
from portfolio.services.upkeep.use import note_sign_in


class SignIn(auth_views.LoginView):
    """Django's own; a session lasts twelve hours, so that a day of use begins with it."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Signed in: note the day."""
        response = super().form_valid(form)
        note_sign_in(user=form.get_user(), day=org_today())
        return response
