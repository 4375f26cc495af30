"""Starting, following and ending the tour; how far a person came is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portfolio.models import Personal
from portfolio.tour import ENDED, TOURS, steps_of
from portfolio.views.homes.roles import home_named, homes_of

RUNNING, SEEN = "tour", "tours_seen"


@require_POST
def start(request: HttpRequest) -> HttpResponseRedirect:
    """Begin the tour of a home (`tour`, by default the chosen one's) where the person left it, or again from its first step.

    The tour shows the home it is for, so that one becomes the chosen home.
    """
    homes = homes_of(request.user)
    kept = Personal.objects.filter(user=request.user.pk or 0).first()
    wanted = request.POST.get("tour", "") or (kept.home if kept else "")
    key = home_named(homes, wanted).key
    step = int(kept.tours.get(key, 0)) if kept else 0
    Personal.objects.update_or_create(user_id=request.user.pk or 0, defaults={"home": key})
    return _go(request, key, max(step, 0))


@require_POST
def go(request: HttpRequest) -> HttpResponseRedirect:
    """Go to the step `step` of the running tour; beyond the last one it ends."""
    running = request.session.get(RUNNING) or {}
    raw = request.POST.get("step", "")
    if running.get("key") not in TOURS or not (raw.isascii() and raw.isdigit()):
        return redirect("home")
    return _go(request, running["key"], int(raw[:3]))


@require_POST
def end(request: HttpRequest) -> HttpResponseRedirect:
    """Dismiss the tour of a home, running or only offered; it can be started again from the menu."""
    running = request.session.get(RUNNING) or {}
    key = running.get("key") or home_named(homes_of(request.user), request.POST.get("tour", "")).key
    _keep(request, key, ENDED)
    request.session.pop(RUNNING, None)
    return redirect(str(running.get("url") or "home"))


def _go(request: HttpRequest, key: str, step: int) -> HttpResponseRedirect:
    steps = steps_of(key, request.user)
    if step >= len(steps):
        _keep(request, key, ENDED)
        request.session.pop(RUNNING, None)
        messages.success(request, _("That was the tour. You can take it again from the menu with your name."))
        return redirect("home")
    found, url = steps[step]
    _keep(request, key, step)
    request.session[RUNNING] = {"key": key, "step": step, "of": len(steps), "url": url, "at": TOURS[key].index(found)}
    return redirect(url)


def _keep(request: HttpRequest, key: str, step: int) -> None:
    kept, _made = Personal.objects.get_or_create(user_id=request.user.pk or 0)
    tours: dict[str, Any] = {**kept.tours, key: step}
    Personal.objects.filter(pk=kept.pk).update(tours=tours)
    request.session[SEEN] = sorted(tours)
