"""Addresses of the project registry beside its registers."""

from django.urls import path

from projects.views import charters, extras, plan_files, reports

urlpatterns = [
    path("reports/new/", reports.new_report, name="report-new"),
    path("projects/<int:pk>/report/autosave/", reports.autosave_new, name="report-autosave-new"),
    path("reports/form.xlsx", reports.workbook_out, name="report-form-file"),
    path("reports/form/", reports.workbook_in, name="report-form-upload"),
    path("reports/<int:pk>/autosave/", reports.autosave, name="report-autosave"),
    path("reports/<int:pk>/reopen/", reports.reopen_report, name="report-reopen"),
    path("reports/<int:pk>/", reports.report_page, name="report-page"),
    path("reports/<int:pk>/report.pdf", reports.report_pdf, name="report-pdf"),
    path("reports/<int:pk>/edit/", reports.edit_report, name="report-edit"),
    path("reports/<int:pk>/submit/", reports.submit_report, name="report-submit"),
    path("reports/<int:pk>/return/", reports.return_report, name="report-return"),
    path("reports/<int:pk>/publish/", reports.publish_report, name="report-publish"),
    path("projects/<int:pk>/charter/", charters.charter_page, name="project-charter"),
    path("projects/<int:pk>/charter/charter.pdf", charters.charter_pdf, name="project-charter-pdf"),
    path("projects/<int:pk>/charter/submit/", charters.submit_charter, name="project-charter-submit"),
    path("projects/<int:pk>/charter/sign/", charters.sign_charter, name="project-charter-sign"),
    path("projects/<int:pk>/charter/approve/", charters.approve_charter, name="project-charter-approve"),
    path("projects/<int:pk>/charter/reopen/", charters.reopen_charter, name="project-charter-reopen"),
    path("imports/plans/", plan_files.plan_import_many, name="plan-import-many"),
    path("projects/<int:pk>/plan/import/", plan_files.plan_import, name="plan-import"),
    path("projects/<int:pk>/plan/export/<slug:kind>", plan_files.plan_export, name="plan-export"),
    path("projects/<int:pk>/plan/files/", plan_files.plan_files, name="plan-files"),
    path("projects/<int:pk>/plan/files/<int:file>/", plan_files.plan_file, name="plan-file"),
    path("projects/<int:pk>/plan/files/<int:file>/rows/", plan_files.plan_file_rows, name="plan-file-rows"),
    path("projects/<int:pk>/plan/files/<int:file>/choose/", plan_files.plan_file_choose, name="plan-file-choose"),
    path("projects/<int:pk>/plan/files/<int:file>/read/", plan_files.plan_file_read, name="plan-file-read"),
    path("projects/<int:pk>/plan/files/<int:file>/commit/", plan_files.plan_file_commit, name="plan-file-commit"),
    path("projects/<int:pk>/plan/files/<int:file>/drop/", plan_files.plan_file_drop, name="plan-file-drop"),
    path("projects/<int:pk>/plan/files/<int:file>/undo/", plan_files.plan_file_revert, name="plan-file-revert"),
    path("projects/<int:pk>/plan/files/<int:file>/file", plan_files.plan_file_download, name="plan-file-download"),
    path("deliverables/<int:pk>/submit/", extras.submit_deliverable, name="deliverable-submit"),
    path("deliverables/<int:pk>/accept/", extras.accept_deliverable, name="deliverable-accept"),
    path("deliverables/<int:pk>/reject/", extras.reject_deliverable, name="deliverable-reject"),
]
