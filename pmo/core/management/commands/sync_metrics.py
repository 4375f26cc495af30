"""manage.py sync_metrics"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.metrics.services import sync_metrics


class Command(BaseCommand):
    help = (
        "Bring the metric catalogue in line with the metrics this version computes. Running it twice changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        added, changed = sync_metrics(actor=SYSTEM)
        self.stdout.write(_("%(added)d metrics added, %(changed)d changed.") % {"added": added, "changed": changed})
