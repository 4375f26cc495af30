"""Who opens the pages of the administration: the PMO administrator changes, the auditor reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from pmo.core.access.api import holds_everywhere, refusal

VIEW = "core.administration.view"
CHANGE = "core.administration.change"
View = Callable[..., HttpResponseBase]


def may(user: Any, permission: str = CHANGE) -> bool:
    """Whether the user holds the permission in the whole organisation."""
    return holds_everywhere(user, permission)


def demand(user: Any, permission: str) -> None:
    """Raise Refused unless the user holds the permission in the whole organisation."""
    if not holds_everywhere(user, permission):
        refusal(permission).or_raise()


def for_readers(view: View) -> View:
    """A page for those who may see the administration."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        demand(request.user, VIEW)
        return view(request, *args, **kwargs)

    return guarded
