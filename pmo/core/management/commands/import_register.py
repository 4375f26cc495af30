"""manage.py import_register: a table into any register, as the wizard does it."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.imports import command_line, services
from pmo.core.imports.targets import ImportTarget, all_targets, get_target


class Command(BaseCommand):
    help = "Import a CSV or XLSX file into a register. Rows are found by the register's key; importing twice changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("register", help="Key of the register, such as milestones.")
        parser.add_argument("file", help="The CSV, TSV, TXT or XLSX file.")
        parser.add_argument(
            "--mapping", help="Name of a saved mapping or preset, or path of a mapping.json; default: by the headers."
        )
        parser.add_argument("--as-of", help="The day the file speaks of, as YYYY-MM-DD; default today.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object and nothing else.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen and write nothing.")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], help="Language of the reasons."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"] or translation.get_language()):
            target = _target(options["register"])
            path, day = command_line.path_of(options["file"]), command_line.day_of(options["as_of"])
            mapping = command_line.mapping_of(target, options["mapping"]) if options["mapping"] else None
            dry = options["dry_run"]
            batch = command_line.import_file(target, path, mapping, day=day, dry=dry)
            if options["json"]:
                self.stdout.write(json.dumps(command_line.as_json(batch), ensure_ascii=False))
            else:
                for line in command_line.summary(batch, dry=dry):
                    self.stdout.write(line)
            if dry:
                services.discard(actor=SYSTEM, batch=batch)


def _target(key: str) -> ImportTarget:
    try:
        return get_target(key)
    except LookupError as error:
        known = ", ".join(sorted(one.key for one in all_targets()))
        message = _("Nothing can be imported into %(register)s. Known are: %(known)s.")
        raise CommandError(message % {"register": key, "known": known}, returncode=command_line.USAGE_ERROR) from error
