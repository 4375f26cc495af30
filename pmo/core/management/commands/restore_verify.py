"""manage.py restore_verify"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from pmo.core.ops.backup import BackupFailed
from pmo.core.ops.bundles.restoring import prove
from pmo.env import database_from_url


class Command(BaseCommand):
    help = (
        "Restore a backup (the newest where none is named) into a temporary database, compare every table and the head of "
        "the audit trail with what the backup says, check the trail, and remove the database. Exit status 1 where it differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path, nargs="?", help="the folder that `manage.py backup` wrote")
        parser.add_argument(
            "--folder", type=Path, default=Path(settings.VAR_DIR) / "backup", help="where backups are (var/backup)"
        )
        parser.add_argument("--into", metavar="URL", help="an empty database, where none can be made on the server")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            bundle = options["backup"] or newest(options["folder"])
            place = database_from_url(options["into"]) if options["into"] else None
            proof = prove(bundle=bundle, server=connection.settings_dict, into=place)
        except (BackupFailed, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{bundle}: {proof.rows:,} rows of {proof.tables} tables, {proof.files} files")
        self.stdout.write(f"audit head {proof.head}")
        for line in proof.wrong:
            self.stdout.write(f"WRONG {line}")
        if proof.wrong:
            raise CommandError("The restored database differs from the backup.")
        self.stdout.write("ok: the backup can be restored")


def newest(folder: Path) -> Path:
    """The last backup of the folder. Raises BackupFailed."""
    found = sorted(path for path in folder.glob("bellwether-*") if path.is_dir() and path.suffix != ".draft")
    if not found:
        raise BackupFailed(f"There is no backup in {folder}; make one with `make backup`.")
    return found[-1]
