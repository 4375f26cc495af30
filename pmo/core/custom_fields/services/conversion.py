"""A field of another type: every value is taken along, or nothing changes and it is said which could not be."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.calendars.queries import org_today
from pmo.core.custom_fields.definitions import Definition
from pmo.core.custom_fields.models import CustomField, CustomValue, Kind
from pmo.core.custom_fields.values import COLUMNS, SHORT, from_text, to_text
from pmo.core.history.services import write_versions
from pmo.core.people.models import Person

_EXAMPLES = 3
_BATCH = 500


def convert_values(*, field: CustomField, old: Definition, new: Definition) -> int:
    """Put the values of a field into the column of its new type; returns how many.

    Raises ValidationError for `kind` that counts the values which would be lost, with examples. Runs in the caller's transaction.
    """
    rows = list(CustomValue.objects.filter(field=field).order_by("pk"))
    if not rows:
        return 0
    if Kind.FORMULA in {old.kind, new.kind}:
        raise ValidationError(
            {"kind": _("%(count)s rows have values: a formula would replace them.") % {"count": len(rows)}}
        )
    codes, ids = _people(old, new, rows)
    lost: list[str] = []
    for row in rows:
        text = to_text(old, getattr(row, COLUMNS[old.kind]), codes)
        try:
            kept = from_text(new, text, ids)
            if new.kind in {Kind.TEXT, Kind.LINK} and len(text) > SHORT:
                raise ValueError(text)
        except ValueError:
            lost.append(text)
            continue
        setattr(row, COLUMNS[old.kind], None)
        setattr(row, COLUMNS[new.kind], kept)
    if lost:
        raise ValidationError({"kind": _told(lost, len(rows))})
    columns = {COLUMNS[old.kind].removesuffix("_id"), COLUMNS[new.kind].removesuffix("_id")}
    CustomValue.objects.bulk_update(rows, sorted(columns), batch_size=_BATCH)
    write_versions(model=CustomValue, rows=rows, day=org_today())
    return len(rows)


def _told(lost: list[str], count: int) -> str:
    examples = ", ".join(f"“{text[:40]}”" for text in list(dict.fromkeys(lost))[:_EXAMPLES])
    return ngettext(
        "%(lost)s of %(count)s value would be lost, for example %(examples)s. The type was not changed.",
        "%(lost)s of %(count)s values would be lost, for example %(examples)s. The type was not changed.",
        count,
    ) % {"lost": len(lost), "count": count, "examples": examples}


def _people(old: Definition, new: Definition, rows: list[CustomValue]) -> tuple[dict[int, str], dict[str, int]]:
    """Staff numbers of people the values name, and people by the staff numbers the texts may name."""
    codes: dict[int, str] = {}
    if old.kind == Kind.PERSON:
        codes = dict(Person.objects.filter(pk__in={row.person_id for row in rows}).values_list("pk", "code"))
    ids: dict[str, Any] = {}
    if new.kind == Kind.PERSON:
        ids = dict(Person.objects.values_list("code", "pk"))
    return codes, ids
