"""manage.py import_portfolio: a project list into the registry, as the wizard does it."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from pmo.core.audit.actor import SYSTEM
from pmo.core.imports import command_line, services
from pmo.core.imports.targets import get_target

TARGET = "projects"


class Command(BaseCommand):
    help = "Import a project list (CSV or XLSX) with a saved mapping, a preset or a mapping.json. Importing twice changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", help="The CSV, TSV, TXT or XLSX file.")
        parser.add_argument(
            "--mapping", required=True, help="Name of a saved mapping or preset, or path of a mapping.json."
        )
        parser.add_argument(
            "--as-of", help="The day the file speaks of, as YYYY-MM-DD; default today. A date column goes before."
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object and nothing else.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen and write nothing.")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], help="Language of the reasons."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"] or translation.get_language()):
            target, dry = get_target(TARGET), options["dry_run"]
            path = command_line.path_of(options["file"])
            mapping, day = command_line.mapping_of(target, options["mapping"]), command_line.day_of(options["as_of"])
            batch = command_line.import_file(target, path, mapping, day=day, dry=dry)
            if options["json"]:
                self.stdout.write(json.dumps(command_line.as_json(batch), ensure_ascii=False))
            else:
                for line in command_line.summary(batch, dry=dry):
                    self.stdout.write(line)
            if dry:
                services.discard(actor=SYSTEM, batch=batch)
