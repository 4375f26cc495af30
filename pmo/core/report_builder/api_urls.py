"""Built reports in the REST API: before the registers, which take any key."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from pmo.core.report_builder import rest

urlpatterns = [
    path("built-reports/", login_not_required(rest.BuiltReports.as_view()), name="api-built-reports"),
    path("built-reports/<int:pk>/", login_not_required(rest.BuiltReportItem.as_view()), name="api-built-report"),
]
