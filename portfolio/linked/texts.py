"""Sentences of the reading and checking of linked tables, beside those of the import engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pmo.core.imports.message_texts import TEMPLATES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FILE: dict[str, _StrPromise] = {
    "linked_not_zip": _("This is no zip archive. Put the linked tables (CSV or XLSX) into one zip and upload that."),
    "linked_damaged": _("The zip archive is damaged or incomplete and cannot be read. Make it anew and upload that."),
    "linked_password": _("The zip archive is protected with a password. Make it without one and upload it again."),
    "linked_entries": _("The zip archive has %(count)s files; up to %(limit)s are accepted."),
    "linked_unpacks": _("The zip archive unpacks to %(size)s MB or more; up to %(limit)s MB are accepted."),
    "linked_ratio": _(
        "The zip archive unpacks to %(ratio)s times its size; up to %(limit)s times is accepted. It may be a zip bomb."
    ),
    "linked_no_tables": _("There is no table (CSV, TSV, TXT or XLSX) in the zip archive."),
    "linked_twice": _("Two files of the zip archive are called %(name)s; each table may be there once."),
    "linked_table": format_lazy("{}", "%(file)s: %(detail)s"),
    "linked_no_relations": _(
        "The table of relations is missing: a file %(names)s with the columns %(columns)s is expected in the zip archive."
    ),
    "linked_relation_columns": _("%(file)s has no column %(missing)s; expected are %(columns)s."),
    "linked_unknown": _(
        "These linked tables are not known: %(found)s. Known are: %(known)s. At least two tables of one set are needed."
    ),
    "linked_no_node": _("%(file)s has no column %(column)s, by which the relations name its rows."),
}
ROW: dict[str, _StrPromise] = {
    "node_missing": _("The row has no id, so no relation can name it."),
    "node_repeated": _("The id “%(value)s” stands already in row %(earlier)s of this table."),
    "key_repeated": _("“%(value)s” stands already in row %(earlier)s of this table."),
    "key_empty": _("“%(column)s” is empty, but the record is known by it."),
    "no_days": _("“%(value)s” is not a number of days such as “580 days”."),
    "unknown_word": _("“%(value)s” is none of the known words: %(known)s."),
    "relation_needed": _("No relation says %(field)s, and the record needs it."),
    "relation_unknown": _("The relation %(source)s %(name)s %(target)s has no meaning in this set of tables."),
    "relation_node": _("There is no row with the id %(value)s in the table %(label)s."),
    "relation_label": _("There is no table %(label)s in the zip archive."),
    "relation_refused": _("The row of %(label)s with the id %(value)s was refused."),
    "relation_second": _("The row is linked already by row %(earlier)s; only one such link is possible."),
    "without_start": _("“%(column)s” is empty, so this value says no date."),
    "plan_has_more": _(
        "The published plan of this project holds tasks that these tables do not have (%(count)s). It is left as it is, so that they stay; change it on the plan tab."
    ),
    "task_without_project": _("No relation says to which project the task belongs."),
}
TEMPLATES.update({**FILE, **ROW})
