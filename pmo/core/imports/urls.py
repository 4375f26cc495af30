"""Addresses of the import wizard."""

from __future__ import annotations

from django.urls import path

from pmo.core.imports.views import mapping, result, upload

urlpatterns = [
    path("imports/", upload.import_list, name="import-list"),
    path("imports/new/", upload.import_new, name="import-new"),
    path("imports/template/<slug:key>.<slug:kind>", upload.import_template, name="import-template"),
    path("imports/mappings/<int:pk>.json", mapping.mapping_json, name="import-mapping-json"),
    path("imports/<int:pk>/", result.import_page, name="import-page"),
    path("imports/<int:pk>/file/", upload.import_file, name="import-file"),
    path("imports/<int:pk>/wait/", upload.import_wait, name="import-wait"),
    path("imports/<int:pk>/columns/", mapping.import_columns, name="import-columns"),
    path("imports/<int:pk>/values/", mapping.import_values, name="import-values"),
    path("imports/<int:pk>/matches/", mapping.import_matches, name="import-matches"),
    path("imports/<int:pk>/preview/", result.import_preview, name="import-preview"),
    path("imports/<int:pk>/refused.csv", result.import_refused_csv, name="import-refused"),
    path("imports/<int:pk>/commit/", result.import_commit, name="import-commit"),
    path("imports/<int:pk>/undo/", result.import_undo, name="import-undo"),
    path("imports/<int:pk>/discard/", upload.import_discard, name="import-discard"),
]
