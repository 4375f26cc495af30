"""Addresses of custom fields beside those of their registers."""

from __future__ import annotations

from django.urls import path

from pmo.core.custom_fields.trial import try_formula

urlpatterns = [path("custom-fields/try/", try_formula, name="custom-field-try")]
