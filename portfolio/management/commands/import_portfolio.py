"""manage.py import_portfolio: a project list into the registry, as the wizard does it."""

from __future__ import annotations

import argparse
import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.imports import services
from pmo.core.imports.commit import run_commit
from pmo.core.imports.jobs import reason_of
from pmo.core.imports.mapping import Mapping, MappingError
from pmo.core.imports.mapping_json import load_mapping, load_mapping_text, load_preset, preset_names
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch, ImportMapping
from pmo.core.imports.preview import run_check
from pmo.core.imports.shown import refusal_text
from pmo.core.imports.targets import get_target

USAGE_ERROR = 2
TARGET = "projects"
_SHOWN = 20


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
            path, mapping, day = _path(options["file"]), _mapping(options["mapping"]), _day(options["as_of"])
            batch = self._run(path, mapping, day, options["dry_run"])
            if options["json"]:
                self.stdout.write(json.dumps(_as_json(batch), ensure_ascii=False))
            else:
                self._summarise(batch, dry=options["dry_run"])
            if options["dry_run"]:
                services.discard(actor=SYSTEM, batch=batch)

    def _run(self, path: Path, mapping: Mapping, day: datetime.date | None, dry: bool) -> ImportBatch:
        try:
            with path.open("rb") as source:
                batch = services.upload(
                    actor=SYSTEM, file=File(source, path.name), filename=path.name, target=TARGET, as_of=day
                )
        except (ReadError, ValidationError) as error:
            raise CommandError(_reason(error), returncode=USAGE_ERROR) from error
        try:
            services.map_unread(actor=SYSTEM, batch=batch, mapping=mapping)
            if dry:
                return run_check(batch_id=batch.pk)
            services.begin_commit(actor=SYSTEM, batch=batch)
            return run_commit(actor=SYSTEM, batch_id=batch.pk)
        except (ReadError, MappingError, ValidationError) as error:
            services.abandon(actor=SYSTEM, batch=batch)
            raise CommandError(_reason(error), returncode=USAGE_ERROR) from error

    def _summarise(self, batch: ImportBatch, *, dry: bool) -> None:
        counts = _counts(batch)
        text = _(
            "%(file)s: %(created)d new, %(updated)d changed, %(unchanged)d unchanged, %(refused)d refused rows, %(cells)d refused cells"
        )
        self.stdout.write(text % {"file": batch.filename, **counts, "cells": batch.refusals.count()})
        refusals = list(batch.refusals.all()[:_SHOWN])
        for one in refusals:
            text = _("Row %(row)d, %(column)s: %(reason)s")
            self.stdout.write(
                text % {"row": one.row, "column": one.column or "—", "reason": refusal_text(get_target(TARGET), one)}
            )
        rest = batch.refusals.count() - len(refusals)
        if rest:
            self.stdout.write(_("… and %(count)d more; --json names all of them.") % {"count": rest})
        if dry:
            self.stdout.write(_("Nothing was written."))


def _reason(error: ReadError | MappingError | ValidationError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else reason_of(error)


def _path(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise CommandError(_("There is no file %(path)s.") % {"path": text}, returncode=USAGE_ERROR)
    return path


def _mapping(text: str) -> Mapping:
    """A saved mapping, else a preset, else a JSON file."""
    saved = ImportMapping.objects.filter(target=TARGET, name=text).first()
    try:
        if saved is not None:
            return load_mapping(saved.spec)
        if text in preset_names():
            return load_preset(text)
        path = Path(text)
        if path.is_file():
            return load_mapping_text(path.read_bytes())
    except MappingError as error:
        raise CommandError(f"--mapping: {reason_of(error)}", returncode=USAGE_ERROR) from error
    except UnicodeDecodeError as error:
        raise CommandError(_("--mapping: %(path)s is not UTF-8.") % {"path": text}, returncode=USAGE_ERROR) from error
    known = [*ImportMapping.objects.filter(target=TARGET).values_list("name", flat=True), *preset_names()]
    message = _("--mapping: there is no saved mapping, preset or file %(name)s. Known are: %(known)s.")
    raise CommandError(message % {"name": text, "known": ", ".join(known)}, returncode=USAGE_ERROR)


def _day(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        message = _("--as-of: received %(received)s, expected a date such as 2026-11-20.") % {"received": text}
        raise CommandError(message, returncode=USAGE_ERROR) from error


def _counts(batch: ImportBatch) -> Counter[str]:
    return Counter(batch.result.get("counts") or batch.preview["counts"])


def _as_json(batch: ImportBatch) -> dict[str, Any]:
    counts = _counts(batch)
    refused = [
        {"row": one.row, "column": one.column, "value": one.value, "reason": refusal_text(get_target(TARGET), one)}
        for one in batch.refusals.iterator(chunk_size=2000)
    ]
    return {**{name: counts[name] for name in ("created", "updated", "unchanged")}, "refused": refused}
