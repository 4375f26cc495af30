"""Addresses of a person's own recent changes."""

from __future__ import annotations

from django.urls import path

from pmo.core.registers.undo import views

urlpatterns = [
    path("changes/", views.change_list, name="change-list"),
    path("changes/<uuid:uid>/", views.change_detail, name="change-detail"),
    path("changes/<uuid:uid>/undo/", views.change_undo, name="change-undo"),
]
