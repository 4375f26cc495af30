"""What the pages of registers are called, for a favourite made without script."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import ResolverMatch

from pmo.core.registers.declaration import UnknownRegisterError, get_register
from pmo.core.registers.queries import visible


def page_title(request: HttpRequest, match: ResolverMatch) -> str:
    """The row of a page of a row, the title of the list otherwise; "" for other pages and rows the user may not see."""
    try:
        register = get_register(str(match.kwargs.get("key", "")))
    except UnknownRegisterError:
        return ""
    if not (match.url_name or "").startswith("register-"):
        return ""
    if "pk" not in match.kwargs or (match.url_name or "").startswith("register-view"):
        return str(register.title)
    row = visible(register, request.user).filter(pk=match.kwargs["pk"]).first()
    return "" if row is None else str(row)
