"""The tour in the frame of pages: `{% tour_panel %}` while it runs, `{% tour_invitation key %}` where it is offered."""

from __future__ import annotations

from typing import Any

from django import template

from portfolio.models import Personal
from portfolio.tour import TOURS
from portfolio.views.homes.roles import homes_of
from portfolio.views.tour import RUNNING, SEEN

register = template.Library()


@register.inclusion_tag("portfolio/tour_panel.html", takes_context=True)
def tour_panel(context: template.Context) -> dict[str, Any]:
    """The step that the reader is at; nothing while no tour runs. No query."""
    request = context.get("request")
    session = getattr(request, "session", None)
    running = session.get(RUNNING) if session is not None else None
    if request is None or not running or not request.user.is_authenticated:
        return {}
    steps = TOURS.get(running.get("key"), ())
    if not 0 <= running.get("at", -1) < len(steps):
        return {}
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "step": steps[running["at"]],
        "number": running["step"] + 1,
        "of": running["of"],
        "back": running["step"] - 1,
        "next": running["step"] + 1,
        "last": running["step"] + 1 == running["of"],
        "url": running["url"],
        "here": running["url"].split("#")[0] == request.get_full_path(),
    }


@register.inclusion_tag("portfolio/tour_invitation.html", takes_context=True)
def tour_invitation(context: template.Context, key: str) -> dict[str, Any]:
    """The offer of the tour of a home until it was taken or dismissed. One query in a session, then none."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated or request.session.get(RUNNING) or key not in TOURS:
        return {}
    if key not in {home.key for home in homes_of(request.user)}:
        return {}
    seen = request.session.get(SEEN)
    if seen is None:
        kept = Personal.objects.filter(user=request.user.pk).values_list("tours", flat=True).first()
        seen = request.session[SEEN] = sorted(kept or {})
    return {} if key in seen else {"key": key, "csrf_token": context.get("csrf_token"), "steps": len(TOURS[key])}
