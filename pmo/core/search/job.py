"""Building the index anew in the background: once for every version of the tokens, and whenever somebody asks."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.audit.actor import SYSTEM
from pmo.core.jobs.api import JobContext, Outcome, enqueue, job_kind, register_daily
from pmo.core.search.services import rebuild
from pmo.core.search.tokens import VERSION

KIND = "search.reindex"


def _describe(result: dict[str, Any]) -> Outcome:
    return Outcome(_("%(rows)s rows can be found.") % {"rows": result["rows"]}, reverse("search"))


@job_kind(KIND, label=gettext_lazy("Build the search index"), describe=_describe)
def run(ctx: JobContext) -> dict[str, Any]:
    """Read every row again. Running twice changes nothing."""

    def tell(done: int, total: int, what: str) -> None:
        ctx.progress(done, total, what)

    return {"rows": rebuild(progress=tell)}


def due(_now: datetime.datetime) -> str:
    """A new version of the tokens is due at once, and only once."""
    return f"tokens-{VERSION}"


def start(key: str) -> None:
    """Begin the work."""
    enqueue(kind=KIND, params={"tokens": key}, actor=SYSTEM, unique_key=KIND)


def declare() -> None:
    """Let the clock ask."""
    register_daily(KIND, due, start)
