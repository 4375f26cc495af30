"""What the lines of a fidelity report say: of what a file holds beyond a plan, and what became of it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Kept: as a field, in a note, or in the file that stays attached.
_KEPT: dict[str, str | Promise] = {
    "custom_fields": _("Custom fields of the program, kept as fields of the rows"),
    "program_values": _("Further values of the program, kept as fields of the rows"),
    "project_fields": _("Details of the project, kept as fields of the plan"),
    "codes": _("Codes from lists, kept as fields"),
    "own_numbers": _("The program's own numbers, kept as a field; the WBS codes are outline numbers"),
    "blank_rows": _("Blank rows, left out"),
    "placeholder_resources": _("Placeholder for unassigned work, left out"),
    "placeholder_assignments": _("Placeholders for work of nobody, left out: the task says the same"),
    "external_tasks": _("Tasks of other files, kept as rows of this plan"),
    "recurring_days": _("Recurring exceptions of calendars, kept day by day"),
    "equipment": _("Equipment, kept as work resources"),
    "names": _("Names of baselines, kept by number only"),
    "other_projects": _("Further projects in the file: import them one by one"),
    "columns_as_text": _("Columns without a field of their own, kept as lines of the description"),
    "columns_in_file": _(
        "Columns that the program keeps for itself or works out, and amounts, kept in the attached file"
    ),
    "people_unknown": _("Names that mean nobody here, or several people, kept as lines of the description"),
    "categories_unknown": _("Risk categories that are not kept here, kept as lines of the description"),
    "values_without_counterpart": _("Values that no value here stands for, kept as lines of the description"),
    "impact_converted": _("Impacts from 1 to 10, taken over as steps 1 to 5; their figure stands in the description"),
    "timesheets_beside": _("Lines of timesheets, added up here and kept with the file; no costs are made of them"),
    "other_tables_in_file": _("Further tables, kept in the attached file"),
    "assignments_of_nobody": _("Assignments without a resource, kept as work of nobody"),
    "only_here": _("Tasks added here that the file does not have"),
}
_LOST: dict[str, str | Promise] = {
    "not_read": _("In the file, but not readable"),
    "duplicates": _("Rows without an id, or with one that another row has"),
    "unreadable_parts": _("Parts of the file that could not be understood"),
    "external_links": _("Links to tasks of other projects"),
    "link_notes": _("Notes of links"),
    "soft_links": _("Links marked as soft; they are kept as links"),
    "without_task": _("Assignments to no task of the outline"),
    "timephased": _("Work and costs spread over days"),
    "task_timephased": _("Figures of tasks spread over days"),
    "splits": _("Interruptions of tasks"),
    "recurring_tasks": _("Rules of recurring tasks; their dates are kept as tasks"),
    "subprojects": _("Inserted projects: import their files themselves"),
    "embedded_objects": _("Embedded objects and pictures"),
    "note_formatting": _("Formatting of notes; their text is kept"),
    "steps": _("Steps of activities"),
    "expenses": _("Expenses of activities"),
    "documents": _("Links to documents"),
    "project_notes": _("Notebook entries of the project"),
    "wbs_notes": _("Notebook entries of WBS elements"),
    "wbs_milestones": _("Weighted milestones of WBS elements"),
    "risks": _("Risks of the program"),
    "issues": _("Issues of the program"),
    "thresholds": _("Thresholds"),
    "budget": _("Budgets, funding and spending plans"),
    "feedback": _("Feedback to activities"),
    "workgroup": _("Messages between the people of an assignment"),
    "availability": _("Availability that changes over time; the present one is kept"),
    "rates_over_time": _("Rates that change over time; the present one is kept"),
    "other_rate_tables": _("Rate tables B to E"),
    "role_rates": _("Rates of roles"),
    "role_limits": _("Limits of roles"),
    "resource_roles": _("Roles that resources can fill"),
    "roles": _("Roles"),
    "curves": _("Resource curves"),
    "vacations": _("Days off of resources"),
    "responsible_structure": _("Organisational breakdown structure"),
    "cost_accounts": _("Cost accounts"),
    "lookup_tables": _("Lists of permitted values; the chosen values are kept"),
    "formulas": _("Formulas of fields; their values are kept"),
    "wbs_masks": _("Rules of how WBS codes are written; the codes are kept"),
    "recurring_cut": _("Recurring exceptions without an end or with too many days"),
    "exceptions_cut": _("Exceptions of calendars beyond what one plan can hold"),
    "too_many_baselines": _("Baselines beyond the eleventh"),
    "program_fields": _("Fields by which the program keeps its own books or shows the plan"),
    "program_settings": _("Settings of the program"),
    "views": _("Views"),
    "tables": _("Tables of views"),
    "filters": _("Filters"),
    "groups": _("Groupings"),
    "data_links": _("Cells linked to other files"),
    "rows_without_id": _("Rows without an ID: they could not be found again"),
    "attachments_not_in_export": _("Attachments of the rows: the service does not give them out"),
    "service_tells_no_links": _("Links between tasks: the service does not say them"),
    "service_tells_no_calendars": _("Working calendars: the service does not say them"),
    "assignments_of_unknown_tasks": _("Assignments to tasks that the file does not have"),
    "additions_gone": _("Tasks gone from the file to which people had added something here"),
    "reference_dropped": _("References to rows that the file does not have"),
    "characters_removed": _("Texts with characters that cannot be stored, removed"),
    "text_cut": _("Texts longer than fit, cut"),
    "number_dropped": _("Numbers out of range, left out"),
    "money_rounded": _("Amounts rounded to four places"),
}
TEXTS = {**_KEPT, **_LOST}


def remark_text(code: str) -> str:
    """A line of the report in the active language; the code itself for one that nobody words."""
    return str(TEXTS.get(code, code))
