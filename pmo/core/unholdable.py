"""Text that no database of ours holds: the character NUL, and half of a surrogate pair.

Forms refuse NUL, and much that is typed is cleaned of it where it comes in. What comes another way (an address, a button's hidden
field, JSON, a header) is refused here, at the door of the database, with words and not with an error of the server; on SQLite too,
which would take a NUL that PostgreSQL does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.db import DataError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils.translation import gettext as _

NUL = "\x00"
_IN_JSON = "unsupported Unicode escape sequence"


class UnholdableText(BadRequest):
    """Somebody sent such a text; the answer is a 400 that says so."""

    def __init__(self, near: str) -> None:
        shown = near.replace(NUL, "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()[:40]
        text = _("A text holds a character that cannot be saved: “%(text)s”. Take it out, then send it again.")
        super().__init__(text % {"text": shown})


def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """An execute wrapper. Raises UnholdableText where a parameter cannot be held."""
    for given in params if many else (params,):
        _look(given or ())
    try:
        return execute(sql, params, many, context)
    except UnicodeEncodeError as error:
        raise UnholdableText(str(error.object)[max(0, error.start - 20) : error.end]) from None
    except DataError as error:
        if _IN_JSON in str(error):
            raise UnholdableText(NUL) from None
        raise


def _look(params: Iterable[Any]) -> None:
    for value in params.values() if isinstance(params, dict) else params:
        if isinstance(value, str) and NUL in value:
            raise UnholdableText(value[max(0, value.index(NUL) - 20) :])


def _guard(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    if refuse not in connection.execute_wrappers:
        # First: a connection may open within `execute_wrapper`, which takes the last one away when it ends.
        connection.execute_wrappers.insert(0, refuse)


def guard_connections() -> None:
    """Every connection that is opened from now on refuses such texts."""
    connection_created.connect(_guard, dispatch_uid="unholdable.guard")
