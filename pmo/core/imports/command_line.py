"""What the import commands share: paths, mappings, days, and the one JSON object they print."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.imports import services
from pmo.core.imports.commit import run_commit
from pmo.core.imports.jobs import reason_of
from pmo.core.imports.mapping import Mapping, MappingError, MatchPolicy
from pmo.core.imports.mapping_json import load_mapping, load_mapping_text, load_preset
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch, ImportMapping
from pmo.core.imports.preview import run_check
from pmo.core.imports.shown import refusal_text
from pmo.core.imports.targets import ImportTarget, get_target

USAGE_ERROR = 2


def import_file(
    target: ImportTarget, path: Path, mapping: Mapping | None, *, day: datetime.date | None, dry: bool
) -> ImportBatch:
    """Write a file, or only check it. Without a mapping the guess is taken. Raises CommandError; nothing is left then."""
    try:
        with path.open("rb") as source:
            batch = services.upload(
                actor=SYSTEM, file=File(source, path.name), filename=path.name, target=target.key, as_of=day
            )
    except (ReadError, ValidationError) as error:
        raise CommandError(reason(error), returncode=USAGE_ERROR) from error
    try:
        if mapping is not None:
            services.map_unread(actor=SYSTEM, batch=batch, mapping=mapping)
        else:
            services.describe(batch)
            if "error" in batch.table:
                raise ReadError(batch.table["error"]["code"], **batch.table["error"].get("params", {}))
            _insist_on_the_key(target, batch)
        if dry:
            return run_check(batch_id=batch.pk)
        services.begin_commit(actor=SYSTEM, batch=batch)
        return run_commit(actor=SYSTEM, batch_id=batch.pk)
    except (ReadError, MappingError, ValidationError) as error:
        if batch.state in services.OPEN:
            services.discard(actor=SYSTEM, batch=batch)
        else:
            services.abandon(actor=SYSTEM, batch=batch)
        raise CommandError(reason(error), returncode=USAGE_ERROR) from error


def _insist_on_the_key(target: ImportTarget, batch: ImportBatch) -> None:
    """Nobody looks at the guess here: a file without the key is refused, since importing it twice would make every row twice."""
    mapping, engine = load_mapping(batch.mapping), target.engine_target()
    if engine.generic and engine.key and mapping.match.by == ("new",):
        services.set_mapping(actor=SYSTEM, batch=batch, mapping=replace(mapping, match=MatchPolicy(("key",))))


def reason(error: ReadError | MappingError | ValidationError) -> str:
    """Why a file, a mapping or a row cannot be used."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else reason_of(error)


def path_of(text: str) -> Path:
    """The file of an argument; raises CommandError."""
    path = Path(text)
    if not path.is_file():
        raise CommandError(_("There is no file %(path)s.") % {"path": text}, returncode=USAGE_ERROR)
    return path


def mapping_of(target: ImportTarget, text: str) -> Mapping:
    """A saved mapping, else a preset, else a JSON file; raises CommandError that names what there is."""
    saved = ImportMapping.objects.filter(target=target.key, name=text).first()
    try:
        if saved is not None:
            return load_mapping(saved.spec)
        if text in target.presets:
            return load_preset(text)
        path = Path(text)
        if path.is_file():
            return load_mapping_text(path.read_bytes())
    except MappingError as error:
        raise CommandError(f"--mapping: {reason_of(error)}", returncode=USAGE_ERROR) from error
    except UnicodeDecodeError as error:
        raise CommandError(_("--mapping: %(path)s is not UTF-8.") % {"path": text}, returncode=USAGE_ERROR) from error
    known = [*ImportMapping.objects.filter(target=target.key).values_list("name", flat=True), *target.presets]
    message = _("--mapping: there is no saved mapping, preset or file %(name)s. Known are: %(known)s.")
    raise CommandError(message % {"name": text, "known": ", ".join(known)}, returncode=USAGE_ERROR)


def day_of(text: str | None) -> datetime.date | None:
    """The day of an argument; raises CommandError."""
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        message = _("--as-of: received %(received)s, expected a date such as 2026-11-20.") % {"received": text}
        raise CommandError(message, returncode=USAGE_ERROR) from error


def counts_of(batch: ImportBatch) -> Counter[str]:
    """How many rows were, or would be, created, updated, unchanged, refused."""
    return Counter(batch.result.get("counts") or batch.preview["counts"])


def as_json(batch: ImportBatch) -> dict[str, Any]:
    """The object that `--json` prints: counts, and every refused cell by row and column."""
    counts, target = counts_of(batch), get_target(batch.target)
    refused = [
        {"row": one.row, "column": one.column, "value": one.value, "reason": refusal_text(target, one)}
        for one in batch.refusals.iterator(chunk_size=2000)
    ]
    return {**{name: counts[name] for name in ("created", "updated", "unchanged")}, "refused": refused}


def summary(batch: ImportBatch, *, dry: bool, shown: int = 20) -> list[str]:
    """The same in words, with the first refused cells."""
    text = _(
        "%(file)s: %(created)d new, %(updated)d changed, %(unchanged)d unchanged, %(refused)d refused rows, %(cells)d refused cells"
    )
    total = batch.refusals.count()
    lines = [text % {"file": batch.filename, **_zeroes(), **counts_of(batch), "cells": total}]
    for one in batch.refusals.all()[:shown]:
        told = {"row": one.row, "column": one.column or "—", "reason": refusal_text(get_target(batch.target), one)}
        lines.append(_("Row %(row)d, %(column)s: %(reason)s") % told)
    if total > shown:
        lines.append(_("… and %(count)d more; --json names all of them.") % {"count": total - shown})
    if dry:
        lines.append(_("Nothing was written."))
    return lines


def _zeroes() -> dict[str, int]:
    return dict.fromkeys(("created", "updated", "unchanged", "refused"), 0)
