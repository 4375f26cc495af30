"""Addresses of the frame itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from pmo.core.web import directory, favourites, preferences, styleguide

urlpatterns = [
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("registers/", directory.directory, name="directory"),
    path("favourites/", favourites.favourites, name="favourites"),
    path("favourites/<int:pk>/", favourites.favourite_change, name="favourite-change"),
    path("display", login_not_required(preferences.display_preferences), name="display_preferences"),
]
