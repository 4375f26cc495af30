"""The pages of plan import."""

from projects.views.plan_files.acts import (
    plan_file_choose,
    plan_file_commit,
    plan_file_download,
    plan_file_drop,
    plan_file_read,
    plan_file_revert,
)
from projects.views.plan_files.export import plan_export, plan_exports
from projects.views.plan_files.many import plan_import_many
from projects.views.plan_files.new import plan_new, plan_new_drop, plan_new_project
from projects.views.plan_files.page import plan_file, plan_file_rows
from projects.views.plan_files.timesheets import plan_file_timesheets
from projects.views.plan_files.upload import plan_files, plan_import

__all__ = [
    "plan_export",
    "plan_exports",
    "plan_file",
    "plan_file_choose",
    "plan_file_commit",
    "plan_file_download",
    "plan_file_drop",
    "plan_file_read",
    "plan_file_revert",
    "plan_file_rows",
    "plan_file_timesheets",
    "plan_files",
    "plan_import",
    "plan_import_many",
    "plan_new",
    "plan_new_drop",
    "plan_new_project",
]
