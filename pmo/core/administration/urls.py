"""Addresses of the administration."""

from __future__ import annotations

from django.urls import path

from pmo.core.administration.views import calendar, house, mappings, roles, system

urlpatterns = [
    path("administration/", house.administration, name="administration"),
    path("administration/organisation/", house.organisation_settings, name="organisation-settings"),
    path("administration/roles/", roles.role_matrix, name="role-matrix"),
    path("administration/roles/roles.csv", roles.role_matrix_csv, name="role-matrix-csv"),
    path("administration/why/", roles.access_why, name="access-why"),
    path("administration/calendar/", calendar.working_calendar_page, name="working-calendar"),
    path("administration/calendar/take/", calendar.take_holidays, name="working-calendar-take"),
    path("administration/lookups/", house.lookups, name="lookups"),
    path("administration/mappings/", mappings.mapping_list, name="import-mappings"),
    path("administration/mappings/new/", mappings.mapping_upload, name="import-mapping-upload"),
    path("administration/mappings/ready/<slug:name>.json", mappings.preset_json, name="import-preset-json"),
    path("administration/mail/", system.mail_settings, name="mail-settings"),
    path("administration/mail/test/", system.mail_test, name="mail-test"),
    path("administration/mail/<int:pk>/again/", system.mail_again, name="mail-again"),
    path("administration/retention/", system.retention, name="retention"),
    path("administration/retention/<str:key>/", system.retention_change, name="retention-change"),
    path("administration/features/", house.features, name="features"),
    path("administration/features/<slug:key>/", house.feature_switch, name="feature-switch"),
]
