"""Editing the outline of a draft."""

from projects.services.plans.editing.cells import FIELDS, edit_cell
from projects.services.plans.editing.codes import close_codes, open_codes
from projects.services.plans.editing.history import last_edit, next_edit, redo, undo
from projects.services.plans.editing.operations import delete_row, indent_row, insert_row, move_row
from projects.services.plans.editing.record import Done

__all__ = [
    "FIELDS",
    "Done",
    "close_codes",
    "delete_row",
    "edit_cell",
    "indent_row",
    "insert_row",
    "last_edit",
    "move_row",
    "next_edit",
    "open_codes",
    "redo",
    "undo",
]
