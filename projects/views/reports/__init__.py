"""Status reports: write, read, review, and the Excel form."""

from projects.views.reports.paper import report_pdf
from projects.views.reports.read import publish_report, reopen_report, report_page, return_report, submit_report
from projects.views.reports.workbook import workbook_in, workbook_out
from projects.views.reports.write import autosave, autosave_new, edit_report, new_report

__all__ = [
    "autosave",
    "autosave_new",
    "edit_report",
    "new_report",
    "publish_report",
    "reopen_report",
    "report_page",
    "report_pdf",
    "return_report",
    "submit_report",
    "workbook_in",
    "workbook_out",
]
