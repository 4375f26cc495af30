"""manage.py restore"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from pmo.core.ops.backup import BackupFailed
from pmo.core.ops.bundles.making import fingerprint
from pmo.core.ops.bundles.restoring import restore
from pmo.env import database_from_url


class Command(BaseCommand):
    help = "Put a backup into an empty database, and its files into an empty folder. Nothing is ever written over."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path, help="the folder that `manage.py backup` wrote")
        parser.add_argument(
            "--into", required=True, metavar="URL", help="sqlite:///path or postgresql://user@host/name"
        )
        parser.add_argument("--media", type=Path, help="an empty folder for the uploaded files")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            place = database_from_url(options["into"])
            manifest = restore(bundle=options["backup"], into=place, media=options["media"])
        except (BackupFailed, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest["tables"].values())
        self.stdout.write(f"{rows:,} rows of {len(manifest['tables'])} tables, as of {manifest['made_at']}")
        if manifest["secrets"]["secret_key_fingerprint"] != fingerprint(settings.SECRET_KEY):
            self.stdout.write("SECRET_KEY is not the one of the backup: sealed secrets will not open with this one.")
