"""manage.py backup"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from pmo.core.ops.backup import BackupFailed, backup


class Command(BaseCommand):
    help = "Copy the database, while the product runs, into a file that can be restored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=Path(settings.VAR_DIR) / "backup", help="where to (var/backup)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path = backup(connection.settings_dict, options["folder"], timezone.now())
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{path} ({path.stat().st_size:,} bytes)")
