"""manage.py backup"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from pmo.core.ops.backup import BackupFailed
from pmo.core.ops.bundles.making import make_bundle


class Command(BaseCommand):
    help = "Copy the database and the uploaded files, while the product runs, into a folder that can be restored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=Path(settings.VAR_DIR) / "backup", help="where to (var/backup)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path = make_bundle(database=connection.settings_dict, folder=options["folder"], now=timezone.now())
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        size = sum(one.stat().st_size for one in path.iterdir())
        self.stdout.write(f"{path} ({size:,} bytes)")
        self.stdout.write("It is not encrypted, and SECRET_KEY is not in it: keep both safe, and apart.")
