"""Addresses of the frame itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from pmo.core.web import preferences, styleguide

urlpatterns = [
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("display", login_not_required(preferences.display_preferences), name="display_preferences"),
]
