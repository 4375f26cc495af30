"""What changed from one computed day to the next."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from portfolio.models import HealthSnapshot
from projects.models.choices import Band

CHANGES = {"colour": _("Other colour"), "red": _("Newly red"), "stale": _("Newly stale")}


def changed(rows: Any, kind: str) -> Any:
    """Snapshots that differ from the run before theirs: `colour`, newly `red`, or newly `stale`."""
    before = HealthSnapshot.objects.filter(project_id=OuterRef("project_id"), date__lt=OuterRef("date")).order_by(
        "-date"
    )
    if kind == "stale":
        return rows.annotate(was_stale=Subquery(before.values("stale")[:1])).filter(stale=True, was_stale=False)
    rows = rows.annotate(was_band=Subquery(before.values("band")[:1])).filter(was_band__isnull=False)
    rows = rows.exclude(was_band=F("band"))
    return rows.filter(band=Band.RED) if kind == "red" else rows
