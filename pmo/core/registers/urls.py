"""Addresses of every register, resolved by its key when asked for."""

from __future__ import annotations

from django.urls import include, path

from pmo.core.registers.bulk import views as bulk
from pmo.core.registers.views import cells, details, edits, exports, lists, removal, saved, tokens

register_patterns = [
    path("<slug:key>/", lists.register_list, name="register-list"),
    path("<slug:key>/new/", edits.register_create, name="register-create"),
    path("<slug:key>/trash/", removal.register_trash, name="register-trash"),
    path("<slug:key>/bulk/", bulk.register_bulk, name="register-bulk"),
    path("<slug:key>/views/", saved.view_list, name="register-views"),
    path("<slug:key>/views/new/", saved.view_new, name="register-view-new"),
    path("<slug:key>/views/<int:pk>/edit/", saved.view_edit, name="register-view-edit"),
    path("<slug:key>/views/<int:pk>/save/", saved.view_save, name="register-view-save"),
    path("<slug:key>/views/<int:pk>/mark/", saved.view_mark, name="register-view-mark"),
    path("<slug:key>/views/<int:pk>/delete/", saved.view_delete, name="register-view-delete"),
    path("<slug:key>/views/<int:pk>/restore/", saved.view_restore, name="register-view-restore"),
    path("<slug:key>/settings/", lists.register_columns, name="register-columns"),
    path("<slug:key>/export.<slug:kind>", exports.register_export, name="register-export"),
    path("<slug:key>/export.<slug:kind>/job", exports.register_export_job, name="register-export-job"),
    path("<slug:key>/options/<slug:field>/", lists.register_options, name="register-options"),
    path("<slug:key>/lookup/<slug:field>/", lists.register_lookup, name="register-lookup"),
    path("<slug:key>/<int:pk>/", details.register_detail, name="register-detail"),
    path("<slug:key>/<int:pk>/edit/", edits.register_edit, name="register-edit"),
    path("<slug:key>/<int:pk>/delete/", removal.register_delete, name="register-delete"),
    path("<slug:key>/<int:pk>/restore/", removal.register_restore, name="register-restore"),
    path("<slug:key>/<int:pk>/cell/<slug:field>/", cells.register_cell, name="register-cell"),
    path("<slug:key>/<int:pk>/tab/<slug:tab>/", details.register_tab, name="register-tab"),
]

urlpatterns = [
    path("r/", include(register_patterns)),
    path("exports/<uuid:uid>", exports.register_export_file, name="register-export-file"),
    path("account/tokens", tokens.token_list, name="token-list"),
    path("account/tokens/<int:pk>/revoke", tokens.token_revoke, name="token-revoke"),
]
