"""Taking the rows of an import back with its plan."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.bulk import delete_many
from pmo.core.records.services import StaleRecord
from projects.models.plan import PlanFile, TakenRow
from projects.services.plans.taking import fields
from projects.services.plans.taking.contract import Taker, takers
from projects.services.plans.taking.deciding import told


def take_back(*, actor: Actor, file: PlanFile) -> dict[str, dict[str, int]]:
    """Undo what the import of the file did to the registers; call it in a transaction. Returns the numbers by register.

    Records that it made and nobody has touched go to the trash; fields that it changed and nobody has changed since say again
    what they said before. Records that somebody has worked on stay, as do those that the actor may not change.
    """
    found = {}
    for taker in takers():
        links = list(TakenRow.objects.filter(file=file, register=taker.kind).order_by("pk"))
        if links:
            found[taker.kind] = _taken_back(actor, taker, file, links)
    return found


def _taken_back(actor: Actor, taker: Taker, file: PlanFile, links: list[TakenRow]) -> dict[str, int]:
    told_of = {"removed": 0, "restored": 0, "stay": 0}
    rights = [taker.permissions[name] for name in ("change", "delete")]
    if not actor.is_system and not all(can(actor.user, one, file.project) for one in rights):
        return {**told_of, "stay": len(links)}
    manager: Any = taker.model._base_manager
    rows = manager.in_bulk([one.object_id for one in links])
    made = [one for one in links if "made" in one.before]
    untouched = [one for one in made if _is_untouched(rows.get(one.object_id), one.before["made"])]
    delete_many(actor=actor, rows=[rows[one.object_id] for one in untouched], day=org_today())
    TakenRow.objects.filter(pk__in=[one.pk for one in untouched]).delete()
    told_of["removed"], told_of["stay"] = len(untouched), len(made) - len(untouched)
    for link in links:
        if "made" not in link.before:
            told_of[_back(actor, taker, link, rows.get(link.object_id))] += 1
    return told_of


def _is_untouched(row: Any, version: int) -> bool:
    return row is not None and row.deleted_at is None and row.version == version


def _back(actor: Actor, taker: Taker, link: TakenRow, row: Any) -> str:
    """Put a changed record and what is remembered of it back; one that somebody deleted stays deleted."""
    alive = row is not None and row.deleted_at is None
    if alive:
        try:
            with transaction.atomic():
                _restore(actor, taker, link, row)
        except (ValidationError, StaleRecord):
            return "stay"
    if "adopted" in link.before:
        link.delete()
    else:
        link.given, link.before, link.file = link.before.get("given", {}), {}, None
        link.save(update_fields=["given", "before", "file"])
    return "restored" if alive else "stay"


def _restore(actor: Actor, taker: Taker, link: TakenRow, row: Any) -> None:
    """Fields that still say what the import wrote say again what they said before."""
    now = fields.held(taker.kind, [row.pk])
    values: dict[str, Any] = {}
    beside: dict[str, str | None] = {}
    for name, value in link.before.get("values", {}).items():
        if name.startswith(fields.MARK):
            if now.get((row.pk, name)) == link.given.get(name):
                beside[name] = value
        elif told(taker.model, name, getattr(row, name)) == link.given.get(name):
            values[name] = taker.model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
    if values:
        row = taker.update(actor=actor, row=row, values=values, expected_version=row.version)
    fields.write(actor=actor, register=taker.kind, row=row, values=beside, reason="", fresh=False)
