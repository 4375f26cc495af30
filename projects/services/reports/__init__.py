"""Status reports: draft, submitted, returned, published. A published report is frozen.

The way of a report, each step one transaction with an audit entry:

    save_draft(*, actor, report, values, ratings=None, asks=None, expected_version=None) -> StatusReport
    submit_report(*, actor, report, day=None) -> StatusReport
    return_report(*, actor, report, comment) -> StatusReport
    publish_report(*, actor, report, reviewed="", comment="", day=None) -> StatusReport
    reopen_report(*, actor, report) -> StatusReport

They check the state of the report and what it says; who may do it is asked by the caller (`can(user, SUBMIT | REVIEW, report)`).
"""

from projects.services.reports.drafts import (
    EDITABLE,
    create_report,
    delete_report,
    rate_dimensions,
    save_draft,
    update_report,
)
from projects.services.reports.imported import file_imported_ratings, imported_rating
from projects.services.reports.review import freeze, publish_report, reopen_report, return_report, submit_report

__all__ = [
    "EDITABLE",
    "create_report",
    "delete_report",
    "file_imported_ratings",
    "freeze",
    "imported_rating",
    "publish_report",
    "rate_dimensions",
    "reopen_report",
    "return_report",
    "save_draft",
    "submit_report",
    "update_report",
]
