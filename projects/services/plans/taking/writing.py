"""Taking the rows of a plan file into their registers, in the transaction that publishes its plan."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import record
from pmo.core.imports.texts import in_all_languages, refused_by, say_message
from pmo.core.records.services import StaleRecord, act_on, create_many
from projects.calc.plan.document import Plan
from projects.calc.plan.stored import remarks_json
from projects.models.plan import PlanFile, PlanVersion, TakenRow
from projects.models.project import Project
from projects.queries.plans.people import People
from projects.services.plans.taking import deciding, fields
from projects.services.plans.taking.contract import Taker, takers
from projects.services.plans.taking.deciding import ADOPTED, CHANGED, KEPT, NEW, REFUSED, UNCHANGED, Decided, Decision

_LISTED = 200
_LONGEST_TITLE = 120
# What the report names row by row.
_NAMED = frozenset({deciding.REFUSED, deciding.DENIED, deciding.IN_TRASH})
Outcome = dict[str, Any]


def preview(*, actor: Actor, project: Project, plan: Plan, file: PlanFile | None = None) -> list[Outcome]:
    """What publishing the plan would do to the registers; nothing is written there. The file's report keeps it, if one is given."""
    outcomes = [_outcome(one, done=False) for one in _decisions(actor, project, plan)]
    if file is not None and outcomes:
        keep_report(file, outcomes)
    return outcomes


def take(*, actor: Actor, version: PlanVersion, plan: Plan, reason: str = "") -> list[Outcome]:
    """Take the rows of the version's file into the registers; call it in a transaction. Returns what became of them.

    The file's report and the version keep it. A row that cannot be written is named with its reason; the others are taken.
    """
    file, project = version.source, version.project
    found = _decisions(actor, project, plan)
    for one in found:
        _write(actor, project, file, one, reason)
    outcomes = [_outcome(one, done=True) for one in found]
    if not outcomes:
        return []
    version.kept = [*version.kept, *(line for one in outcomes for line in one["kept"])]
    version.lost = [*version.lost, *(line for one in outcomes for line in one["lost"])]
    PlanVersion.all_objects.filter(pk=version.pk).update(kept=version.kept, lost=version.lost)
    if file is not None:
        keep_report(file, outcomes)
    changes = {one["kind"]: {**one["counts"], "rows": one["rows"]} for one in outcomes}
    record(actor=actor, act=act_on(version, "plan.registers", changes, reason))
    return outcomes


def keep_report(file: PlanFile, outcomes: list[Outcome]) -> None:
    """What became of the rows, in the file's report."""
    file.report = {**file.report, "registers": outcomes}
    PlanFile.all_objects.filter(pk=file.pk).update(report=file.report)


def _decisions(actor: Actor, project: Project, plan: Plan) -> list[Decision]:
    people = People(actor)
    found = (deciding.decide(one, actor=actor, project=project, plan=plan, people=people) for one in takers())
    return [one for one in found if one is not None]


def _write(actor: Actor, project: Project, file: PlanFile | None, decision: Decision, reason: str) -> None:
    taker, rows = decision.taker, decision.rows
    _create_many(actor, [one for one in rows if one.verdict == NEW and not one.beside], reason)
    for one in rows:
        if one.verdict == NEW and one.beside:
            _attempt(one, partial(_create, actor, taker, one, reason))
        elif _is_known(one):
            _attempt(one, partial(_update, actor, taker, one, reason))
    new = [_link(project, file, taker, one, {"made": one.row.version}) for one in rows if one.verdict == NEW]
    changed = []
    for one in rows:
        if not _is_known(one):
            continue
        before = {"values": one.before, "given": one.link.given if one.link is not None else {}}
        if one.link is None:
            new.append(_link(project, file, taker, one, {**before, "adopted": True}))
        else:
            one.link.given, one.link.file, one.link.before = {**one.link.given, **one.given}, file, before
            changed.append(one.link)
    TakenRow.objects.bulk_create(new, batch_size=500)
    TakenRow.objects.bulk_update(changed, ["given", "file", "before"], batch_size=200)


def _is_known(one: Decided) -> bool:
    """Whether the row stands for a record of which something is to be written, or to be remembered."""
    return one.verdict in {CHANGED, ADOPTED, KEPT} or _says_more(one)


def _create_many(actor: Actor, wanted: list[Decided], reason: str) -> None:
    """New records without custom fields, in a constant number of statements per 500: each was prepared and checked."""
    saved = create_many(actor=actor, rows=[one.row for one in wanted], reason=reason)
    for one, row in zip(wanted, saved, strict=True):
        one.row = row


def _says_more(one: Decided) -> bool:
    """Whether the file says by now what people had written here before it did: from here on its word is theirs."""
    link = one.link
    return one.verdict == UNCHANGED and link is not None and {**link.given, **one.given} != link.given


def _create(actor: Actor, taker: Taker, one: Decided, reason: str) -> None:
    one.row = taker.create(actor=actor, row=one.row, reason=reason)
    fields.write(actor=actor, register=taker.kind, row=one.row, values=one.beside, reason=reason, fresh=True)


def _update(actor: Actor, taker: Taker, one: Decided, reason: str) -> None:
    if one.values:
        one.row = taker.update(
            actor=actor, row=one.row, values=one.values, expected_version=one.row.version, reason=reason
        )
    fields.write(actor=actor, register=taker.kind, row=one.row, values=one.beside, reason=reason, fresh=False)


def _attempt(one: Decided, write: Any) -> None:
    """Write a row; what its service refuses becomes its reason, and the other rows go on."""

    def whole() -> None:
        with transaction.atomic():
            write()

    try:
        problems = refused_by(whole, once=True)
    except StaleRecord as error:
        told = error.args[0]
        one.verdict, one.reason = REFUSED, in_all_languages(lambda: str(told))
        return
    if problems:
        one.verdict = REFUSED
        one.reason = in_all_languages(lambda: " ".join(say_message(message) for message in problems.values()))


def _link(project: Project, file: PlanFile | None, taker: Taker, one: Decided, before: dict[str, Any]) -> TakenRow:
    return TakenRow(
        project=project,
        register=taker.kind,
        source_id=one.entry.uid,
        object_id=one.row.pk,
        file=file,
        given=one.given,
        before=before,
    )


def _outcome(decision: Decision, *, done: bool) -> Outcome:
    """As a report keeps it: numbers, the rows that did not come in with their reason, and what people's edits held back."""
    rows = decision.rows
    labels = {one.attname: one.name for one in decision.taker.model._meta.concrete_fields}
    return {
        "kind": decision.taker.kind,
        "done": done,
        "rows": len(rows),
        "counts": deciding.counts(rows),
        "named": [
            {
                "title": one.title[:_LONGEST_TITLE],
                "id": one.entry.uid[:60],
                "verdict": one.verdict,
                "reason": one.reason,
            }
            for one in rows
            if one.verdict in _NAMED
        ][:_LISTED],
        "held": [
            {"title": one.title[:_LONGEST_TITLE], "fields": [labels.get(name, name) for name in one.kept]}
            for one in rows
            if one.kept
        ][:_LISTED],
        "kept": remarks_json(decision.notes.remarks(lost=False)),
        "lost": remarks_json(decision.notes.remarks(lost=True)),
    }
