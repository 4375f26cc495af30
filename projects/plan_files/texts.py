"""Why a plan file could not be read, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: dict[str, str | Promise] = {
    "not_found": _("The file is not there any more. Upload it again."),
    "empty": _("The file is empty."),
    "unknown_format": _(
        "This is not a plan file that can be read. Known are Microsoft Project (.mpp, .mpx, .xml), Primavera (.xer, .xml), "
        "GanttProject (.gan), saved answers of Project Online (.json, .zip) and plans exported from here (.xlsx, .csv)."
    ),
    "no_reader": _("Files of the kind %(format)s are not read here."),
    "too_large": _("The file is larger than %(limit)s MB."),
    "unpacks_too_large": _("Unpacked, the file is larger than %(limit)s MB. It was not unpacked."),
    "archive_many": _("The archive holds several files. Upload the plan file itself."),
    "archive_damaged": _("The archive is damaged. Pack or upload the plan file again."),
    "has_entities": _(
        "The file declares a document type or entities. Plans need none, and they can be used for attacks, so it is refused."
    ),
    "too_deep": _("The file is nested more than %(limit)s levels deep. It is not a plan that a program wrote."),
    "too_many_nodes": _("The file has more than %(limit)s elements."),
    "too_many_tasks": _("The plan has more than %(limit)s tasks."),
    "bad_xml": _("The XML is damaged at line %(line)s. Save the plan again in the program that wrote it."),
    "damaged": _("The file is damaged or incomplete. Save the plan again in the program that wrote it."),
    "protected": _("The plan is protected with a password. Save it without one."),
    "no_project": _("No project with tasks is in the file."),
    "no_such_project": _("The file has no project %(project)s. It has: %(projects)s"),
    "time": _("Reading took longer than %(limit)s seconds and was stopped."),
    "memory": _("Reading needed more memory than is allowed and was stopped."),
    "answer": _("What is in the file is too large to take over."),
    "crashed": _(
        "The file could not be read: the program that reads it stopped. Save the plan again, or in another format."
    ),
    "has_password": _("The archive is protected with a password. Pack it without one."),
    "json_damaged": _("%(name)s is not JSON, or it is damaged."),
    "json_other": _(
        "%(name)s holds no rows as Project Online answers them: a list, or a list under value or d.results."
    ),
    "no_projects_in_json": _("The file holds neither projects nor tasks of Project Online."),
    "bad_table": _("The tables are not as they were exported: %(place)s"),
    "formula": _("Row %(row)s holds a formula. Replace formulas by their values; none is ever computed."),
    "too_many_rows": _("A table has more than %(limit)s rows."),
    "too_many_cells": _("The tables have more than %(limit)s cells."),
    "no_java": _("The Java runtime that reads plan files is missing from this installation."),
}


def error_message(code: str, params: Mapping[str, Any]) -> str:
    """The words of a stored error, `PlanFile.error`, in the active language."""
    return str(TEXTS[code]) % params
