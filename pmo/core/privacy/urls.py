"""Addresses of personal data."""

from __future__ import annotations

from django.urls import path

from pmo.core.privacy import views

urlpatterns = [
    path("my-data", views.mine, name="privacy-mine"),
    path("my-data/export", views.mine_export, name="privacy-mine-export"),
    path("my-data/<uuid:uid>.zip", views.export_file, name="privacy-file"),
    path("people/<int:pk>/data", views.person, name="privacy-person"),
    path("people/<int:pk>/data/export", views.person_export, name="privacy-person-export"),
    path("people/<int:pk>/data/erase", views.ask, name="privacy-ask"),
    path("people/<int:pk>/data/erase/confirm", views.confirm, name="privacy-confirm"),
    path("people/<int:pk>/data/erase/withdraw", views.drop, name="privacy-drop"),
]
