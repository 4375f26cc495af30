"""manage.py import_linked: linked tables from one zip, as the pages do it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.imports import services
from pmo.core.imports.command_line import USAGE_ERROR, path_of, reason
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.texts import say
from portfolio.services.linked import batches
from portfolio.services.linked.wants import OUTCOMES

_SHOWN = 20


class Command(BaseCommand):
    help = "Import linked tables (CSV or XLSX files in one zip, with a table of relations). Importing twice changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", help="The zip archive.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object and nothing else.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen and write nothing.")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], help="Language of the reasons."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"] or translation.get_language()):
            dry = options["dry_run"]
            batch = _import(path_of(options["file"]), dry=dry)
            report = batch.preview if dry else batch.result
            if options["json"]:
                self.stdout.write(json.dumps(_as_json(batch, report), ensure_ascii=False))
            else:
                self._tell(batch, report, dry=dry)
            if dry:
                services.discard(actor=SYSTEM, batch=batch)

    def _tell(self, batch: ImportBatch, report: dict[str, Any], *, dry: bool) -> None:
        line = _(
            "%(name)s: %(rows)s rows, %(created)s new, %(updated)s changed, %(unchanged)s unchanged, "
            "%(merged)s repeated, %(refused)s refused"
        )
        for one in report["tables"]:
            self.stdout.write(line % {**one, "name": one["file"]})
        line = _(
            "%(what)s: %(rows)s relations, %(linked)s linked (%(new)s new), %(repeated)s repeated, %(refused)s not"
        )
        for one in report["relations"]:
            self.stdout.write(line % {**one, "what": f"{one['source']} {one['name']} {one['target']}"})
        for table in report["tables"]:
            for model, count in table["trashed"]:
                told = {"name": table["file"], "count": count, "what": apps.get_model(model)._meta.verbose_name}
                self.stdout.write(_("%(name)s: new although one lies in the trash (%(what)s): %(count)s") % told)
        for refusal in _refused(batch)[:_SHOWN]:
            self.stdout.write(_("Row %(row)d, %(column)s: %(reason)s") % refusal)
        if report["refused"] > _SHOWN:
            self.stdout.write(
                _("… and %(count)d more; --json names all of them.") % {"count": report["refused"] - _SHOWN}
            )
        if dry:
            self.stdout.write(_("Nothing was written."))


def _import(path: Path, *, dry: bool) -> ImportBatch:
    """Check the archive and, unless `dry`, write it. Raises CommandError; nothing is left then."""
    try:
        with path.open("rb") as source:
            batch = batches.take(actor=SYSTEM, file=File(source, path.name), filename=path.name)
    except (ReadError, ValidationError) as error:
        raise CommandError(reason(error), returncode=USAGE_ERROR) from error
    try:
        batches.run_check(actor=SYSTEM, batch_id=batch.pk)
        batch.refresh_from_db()
        if dry:
            return batch
        services.begin_commit(actor=SYSTEM, batch=batch)
        return batches.run_commit(actor=SYSTEM, batch_id=batch.pk)
    except (ReadError, ValidationError) as error:
        if batch.state in services.OPEN:
            services.discard(actor=SYSTEM, batch=batch)
        raise CommandError(reason(error), returncode=USAGE_ERROR) from error


def _refused(batch: ImportBatch) -> list[dict[str, Any]]:
    rows = batch.refusals.order_by("id")
    return [
        {
            "table": one.field,
            "row": one.row,
            "column": one.column,
            "value": one.value,
            "reason": say(one.code, one.params),
        }
        for one in rows.iterator(chunk_size=2000)
    ]


def _as_json(batch: ImportBatch, report: dict[str, Any]) -> dict[str, Any]:
    """Counts per table and per relation, columns kept and lost, and every refusal."""
    names = ("file", "rows", *OUTCOMES, "merged")
    return {
        "import": batch.pk,
        "set": report["set"],
        "tables": {one["label"]: {name: one[name] for name in names} for one in report["tables"]},
        "relations": [
            {name: one[name] for name in ("source", "name", "target", "rows", "linked", "new", "repeated", "refused")}
            for one in report["relations"]
        ],
        "kept": {one["label"]: [kept["column"] for kept in one["kept"]] for one in report["tables"] if one["kept"]},
        "lost": {one["label"]: one["lost"] for one in report["tables"] if one["lost"]},
        "unread": report["unread"],
        "surplus": report["surplus"],
        "trashed": {one["label"]: dict(one["trashed"]) for one in report["tables"] if one["trashed"]},
        "refused": _refused(batch),
    }
