"""Addresses of the report builder."""

from __future__ import annotations

from django.urls import path

from pmo.core.report_builder import views

urlpatterns = [
    path("built-reports/", views.report_list, name="built-reports"),
    path("built-reports/new/", views.builder, name="report-builder"),
    path("built-reports/keep/", views.report_keep, name="built-report-keep"),
    path("built-reports/export.xlsx", views.report_export, name="built-report-export"),
    path("built-reports/export.pdf", views.report_pdf, name="built-report-pdf"),
    path("built-reports/<int:pk>/", views.report_page, name="built-report"),
    path("built-reports/<int:pk>/delete/", views.report_delete, name="built-report-delete"),
    path("built-reports/<int:pk>/restore/", views.report_restore, name="built-report-restore"),
    path("built-reports/<int:pk>/subscribe/", views.report_subscribe, name="built-report-subscribe"),
]
