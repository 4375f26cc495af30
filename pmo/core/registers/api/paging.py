"""Cursor paging: a page continues after the last row seen, whatever was added or removed meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, OrderBy, Q, QuerySet
from django.utils.translation import gettext as _

from pmo.core.registers.api.output import plain
from pmo.core.registers.queries import order_expressions
from pmo.core.registers.state import ListState
from pmo.core.registers.values import BadParameterError
from pmo.core.unholdable import NUL

MOST = 500
DEFAULT = 100


def page_of(state: ListState, rows: QuerySet[Any], size: int, cursor: str) -> tuple[list[Any], str]:
    """Up to `size` rows after the cursor, and the cursor of the next page (empty at the end). One query."""
    levels = order_expressions(state)
    aliases = [f"reg_sort_{place}" for place in range(len(levels))]
    rows = rows.annotate(**{alias: expression for alias, (expression, _down) in zip(aliases, levels, strict=True)})
    directions = [(alias, down) for alias, (_expression, down) in zip(aliases, levels, strict=True)]
    orders = [OrderBy(F(alias), descending=down, nulls_last=True) for alias, down in directions]
    try:
        if cursor:
            rows = rows.filter(_after(directions, _decode(cursor, len(levels))))
        found = list(rows.order_by(*orders, "pk")[: size + 1])
    except BadParameterError:
        raise
    except (TypeError, ValueError, OverflowError, ValidationError):
        # A value of another column's kind: the cursor is of another sort, or made up.
        raise _bad(cursor) from None
    more = len(found) > size
    found = found[:size]
    return found, _encode([plain(getattr(found[-1], alias)) for alias in aliases], found[-1].pk) if more else ""


def read_size(text: str) -> int:
    """The page size asked for, 1 to 500."""
    if not text:
        return DEFAULT
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST):
        raise BadParameterError("page_size", text, _("a whole number from 1 to %(most)s is expected.") % {"most": MOST})
    return int(text)


def _encode(values: list[Any], pk: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([*values, pk]).encode()).decode().rstrip("=")


def _decode(cursor: str, levels: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise _bad(cursor) from None
    plainly = isinstance(values, list) and all(isinstance(value, str | int | float | None) for value in values)
    plainly = plainly and not any(isinstance(value, str) and NUL in value for value in values)
    if not plainly or len(values) != levels + 1 or not isinstance(values[-1], int) or abs(values[-1]) >= 2**63:
        raise _bad(cursor)
    return list(values)


def _bad(cursor: str) -> BadParameterError:
    return BadParameterError(
        "cursor", cursor, _("the value of `next` of the page before is expected, with the same sort.")
    )


def _after(directions: list[tuple[str, bool]], values: list[Any]) -> Q:
    """Rows that come after the one with these values; NULL comes last in every direction."""
    condition = Q(pk__gt=values[-1])
    for (alias, down), value in reversed(list(zip(directions, values[:-1], strict=True))):
        if value is None:
            condition = Q(**{f"{alias}__isnull": True}) & condition
        else:
            beyond = Q(**{f"{alias}__{'lt' if down else 'gt'}": value}) | Q(**{f"{alias}__isnull": True})
            condition = beyond | (Q(**{alias: value}) & condition)
    return condition
