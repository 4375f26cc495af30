"""/styleguide: every part of the house in every state, and whole pages to copy from."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo.core.web import context, styleguide_data, styleguide_figures
from pmo.core.web.icons import SPRITE
from pmo.core.web.rag import Rag

PAGES = ("parts", "register", "dashboard", "detail", "form", "wizard")
TOKENS = (
    "canvas", "side", "surface", "sunken", "line", "line-2", "ctrl", "t1", "t2", "t3", "accent", "accent-bg", "selected",
    "green", "amber", "red", "grey", "critical", "c1", "c2", "c3", "c4", "c5", "c6", "budget", "baseline", "spark", "remaining",
)  # fmt: skip


def styleguide(request: HttpRequest) -> HttpResponse:
    """`?page=` is parts or one of the composed pages. The figures are samples of the guide, not of any project."""
    page = request.GET.get("page", "parts")
    if page.isdigit():
        page = "parts"
    if page not in PAGES:
        raise Http404
    values = {"pages": PAGES, "page": page, **styleguide_data.sample(get_language() or "zh-hans")}
    if page == "parts":
        values |= _parts()
        values["figures"] = styleguide_figures.figures(values["heat"], values["dimensions"], values["today"])
    return render(request, "styleguide.html" if page == "parts" else f"styleguide/{page}.html", values)


def _parts() -> dict[str, Any]:
    return {
        "tokens": TOKENS,
        "rags": [rag.value for rag in Rag],
        "icons": icon_names(),
        "densities": context.DENSITIES,
        "pager": Paginator(range(600), 50).page(3),
        "now": timezone.now() - dt.timedelta(minutes=3),
        **_sentences(),
    }


def _sentences() -> dict[str, str]:
    return {
        "toast_saved": _("3 risks closed."),
        "toast_note": _("within 10 minutes"),
        "toast_conflict": _("Not saved. Zhao Peng changed this record 1 minute ago. Your text is kept."),
        "banner_late": _("Last night's run did not finish. You see the figures of 19 November."),
        "banner_action": _("Open the job"),
        "empty_title": _("No decisions needed yet"),
        "empty_text": _("Decisions written in a status report appear here."),
        "empty_action": _("New decision"),
        "job_title": _("Recompute health"),
        "job_running": _("Running"),
        "job_eta": _("about 18 s left"),
        "job_import": _("Import risks.xlsx"),
        "job_partial": _("Partly done"),
        "job_text": _("212 rows written, 4 refused: row 17, Probability must be 1 to 5, received 8."),
        "job_when": _("3 minutes ago"),
        "job_failed": _("Failed"),
        "job_error": _("The database did not answer for 30 s. The run starts again by itself."),
    }


def icon_names() -> list[str]:
    """The symbols of the sprite, read from the file itself."""
    path = finders.find(SPRITE)
    if not path:
        return []
    with open(path, encoding="utf-8") as sprite:
        return re.findall(r'<symbol id="([^"]+)"', sprite.read())
