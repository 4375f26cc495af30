"""Addresses for monitors."""

from __future__ import annotations

from django.urls import path

from pmo.core.ops import audit_views, views
from pmo.core.ops.metrics.views import metrics

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("audit/check", audit_views.audit_check, name="audit-check"),
    path("audit/check/run", audit_views.audit_check_run, name="audit-check-run"),
]
