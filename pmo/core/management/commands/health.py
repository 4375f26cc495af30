"""manage.py health"""

from __future__ import annotations

import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pmo.core.ops import health

PARTS = ("database", "broker", "beat", "worker", "this-worker")


class Command(BaseCommand):
    help = "Say whether the parts named (all of them if none is) work; exit status 1 where one does not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", nargs="*", metavar="PART", help=", ".join(PARTS))

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["part"]
        unknown = set(wanted) - set(PARTS)
        if unknown:
            raise CommandError(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
        now = timezone.now()
        found = health.checks(now)
        if "this-worker" in wanted:
            found.append(health.worker_check("this-worker", socket.gethostname(), now))
        shown = [check for check in found if not wanted or check.name in wanted]
        for check in shown:
            self.stdout.write(f"{check.name:<12} {'ok' if check.ok else check.detail}")
        # A part that was asked for and could not be looked at (no database) is not well either.
        missing = set(wanted) - {check.name for check in shown}
        sys.exit(1 if missing or not all(check.ok for check in shown) else 0)
