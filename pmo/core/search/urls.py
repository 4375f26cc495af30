"""Addresses of the search and the keys."""

from __future__ import annotations

from django.urls import path

from pmo.core.search import views

urlpatterns = [
    path("search/", views.search_page, name="search"),
    path("search/suggest/", views.search_suggest, name="search-suggest"),
    path("search/palette/", views.search_palette, name="search-palette"),
    path("keyboard/", views.keyboard, name="keyboard"),
    path("go/<slug:letter>/", views.go, name="go"),
]
