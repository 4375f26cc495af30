"""manage.py compile_catalogues"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from pmo.core.ops.catalogues import compile_catalogues


class Command(BaseCommand):
    help = "Compile the message catalogues that changed. Needs no gettext programs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="compile all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in compile_catalogues([Path(folder) for folder in settings.LOCALE_PATHS], force=options["force"]):
            self.stdout.write(f"compiled {path.relative_to(settings.BASE_DIR)}")
