"""Loads rows into the SQLite of DATABASE_URL, recomputes a date and prints its snapshots and roll-ups as JSON."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

import django


def main(path: str, text: str) -> None:
    """`path` holds the rows as Django serialises them, `text` is the date."""
    django.setup()
    from django.core import serializers
    from django.core.management import call_command
    from django.db import connection

    from pmo.core.audit.actor import SYSTEM
    from portfolio.services.health.recompute import recompute
    from tests.health import build

    assert connection.vendor == "sqlite"
    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.constraint_checks_disabled():
        for row in serializers.deserialize("json", Path(path).read_text(encoding="utf-8")):
            row.save()
    day = datetime.date.fromisoformat(text)
    recompute(actor=SYSTEM, day=day)
    sys.stdout.write(json.dumps([build.snapshots(day), build.rollups(day)], default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
