"""Addresses of the project registry beside its registers."""

from django.urls import path

from projects.views import reports

urlpatterns = [
    path("reports/new/", reports.new_report, name="report-new"),
    path("reports/<int:pk>/", reports.report_page, name="report-page"),
    path("reports/<int:pk>/edit/", reports.edit_report, name="report-edit"),
    path("reports/<int:pk>/submit/", reports.submit_report, name="report-submit"),
    path("reports/<int:pk>/return/", reports.return_report, name="report-return"),
    path("reports/<int:pk>/publish/", reports.publish_report, name="report-publish"),
]
