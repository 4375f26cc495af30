"""Addresses for monitors."""

from __future__ import annotations

from django.urls import path

from pmo.core.ops import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
