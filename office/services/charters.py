"""The life of a charter: draft, three signatures, in force; a change is the next revision."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from office.models import CharterRight, PMOCharter
from pmo.core.access.decisions import Refused
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.decision_rights.services import (
    change_proposal,
    drop_proposal,
    end_rights,
    propose_right,
    put_in_force,
)
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, delete_record, restore_record, update_record

_COPIED = (
    "problem", "mandate", "scope", "success_measures", "sponsor", "executive", "hr", "head", "review_on", "sunset_on",
)  # fmt: skip
_RIGHT = ("kind", "role", "unit", "up_to", "currency", "days", "remark")
State = PMOCharter.State


def create_charter(*, actor: Actor, row: PMOCharter, reason: str = "") -> PMOCharter:
    """Begin the first charter of a PMO. Raises ValidationError where it has one: that one is revised."""
    if row.unit_id and PMOCharter.objects.filter(unit_id=row.unit_id).exists():
        raise ValidationError({"unit": _("This PMO has a charter already; open it and make a new revision.")})
    _check_dates(row)
    row.revision, row.state = 1, State.DRAFT
    return create_record(actor=actor, row=row, reason=reason)


def update_charter(
    *,
    actor: Actor,
    row: PMOCharter,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
) -> PMOCharter:
    """Change a draft that nobody has signed. Raises ValidationError for any other, StaleRecord."""
    check_open(row)
    if "unit" in values and values["unit"] != row.unit:
        raise ValidationError({"unit": _("A charter stays with its PMO unit.")})
    _check_dates(PMOCharter(**{name: values.get(name, getattr(row, name)) for name in ("review_on", "sunset_on")}))
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def delete_charter(*, actor: Actor, row: PMOCharter, expected_version: int | None = None, reason: str = "") -> None:
    """Move a draft with its proposed rights to the trash. Raises ValidationError for one that was signed."""
    check_open(row)
    with transaction.atomic():
        for right in rights_of(row):
            drop_proposal(actor=actor, row=right, reason=reason)
        delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def restore_charter(*, actor: Actor, row: PMOCharter, reason: str = "") -> None:
    """Take a draft out of the trash together with its proposed rights. Raises ValidationError where another took its place."""
    if PMOCharter.objects.filter(unit_id=row.unit_id, revision=row.revision).exists():
        raise ValidationError(_("This PMO has another charter in its place by now."))
    with transaction.atomic():
        restore_record(actor=actor, row=row, reason=reason)
        links = CharterRight.objects.filter(charter=row).order_by().values("right_id")
        for right in DecisionRight.all_objects.filter(pk__in=links, deleted_at__isnull=False):
            restore_record(actor=actor, row=right, reason=reason)


def rights_of(charter: PMOCharter) -> list[DecisionRight]:
    """The decision rights of a charter: in the order of a project's life, small limits before large ones. One query."""
    rows = DecisionRight.objects.filter(charter_link__charter=charter).select_related("unit")
    order = list(DecisionRight.Kind.values)
    return sorted(rows, key=lambda row: (order.index(row.kind), _size(row.up_to), _size(row.days), row.pk))


def _size(limit: Decimal | int | None) -> float:
    return math.inf if limit is None else float(limit)


def check_open(row: PMOCharter) -> None:
    """Raise ValidationError unless the charter is a draft that nobody has signed."""
    if row.state != State.DRAFT:
        raise ValidationError(_("This charter is signed; a change needs a new revision."))
    if row.signatures:
        raise ValidationError(_("Somebody has signed this text; take the signatures back before you change it."))


def _check_dates(row: PMOCharter) -> None:
    if row.review_on and row.sunset_on and row.review_on > row.sunset_on:
        raise ValidationError({"review_on": _("The review comes before the end.")})


def set_rights(*, actor: Actor, charter: PMOCharter, lines: Sequence[Mapping[str, Any]], reason: str = "") -> None:
    """Make the lines the decision rights of the draft; a line with `id` changes that one, those left out are dropped.

    Raises ValidationError with the number of the line.
    """
    kept: set[int] = set()
    with transaction.atomic():
        # Somebody may sign meanwhile: what was signed stays.
        check_open(PMOCharter.objects.select_for_update(of=("self",)).get(pk=charter.pk))
        known = {row.pk: row for row in rights_of(charter)}
        for number, line in enumerate(lines, start=1):
            values = {name: line[name] for name in _RIGHT if name in line}
            try:
                row = known.get(line.get("id") or 0)
                if row is None:
                    _add_right(actor, charter, values)
                else:
                    kept.add(row.pk)
                    change_proposal(actor=actor, row=row, values=values, reason=reason)
            except ValidationError as error:
                message = _("Line %(number)s: %(error)s") % {"number": number, "error": " ".join(error.messages)}
                raise ValidationError(message) from error
        for pk, row in known.items():
            if pk not in kept:
                _drop_right(actor, row, reason)


def _add_right(actor: Actor, charter: PMOCharter, values: Mapping[str, Any]) -> None:
    right = propose_right(actor=actor, row=DecisionRight(**values))
    create_record(actor=actor, row=CharterRight(charter=charter, right=right))


def _drop_right(actor: Actor, right: DecisionRight, reason: str) -> None:
    """A line taken out of the table leaves no link: a restored charter comes back without it."""
    for link in CharterRight.objects.filter(right=right):
        delete_record(actor=actor, row=link, reason=reason)
    drop_proposal(actor=actor, row=right, reason=reason)


def sign_charter(
    *, actor: Actor, charter: PMOCharter, part: str, person: Person | None, now: datetime.datetime | None = None
) -> PMOCharter:
    """Sign one part as the person whom the charter names. The third signature puts the charter and its rights in force.

    Raises Refused for anybody else, ValidationError for a charter that is no draft or lacks a signer.
    """
    if charter.state != State.DRAFT:
        raise ValidationError(_("This charter is signed; a change needs a new revision."))
    missing = [str(label) for value, label in PMOCharter.Part.choices if getattr(charter, f"{value}_id") is None]
    if missing:
        raise ValidationError(_("Name first who signs as: %(parts)s.") % {"parts": _(", ").join(missing)})
    signer = getattr(charter, part)
    if person is None or person.pk != signer.pk:
        label = PMOCharter.Part(part).label
        raise Refused(_("Only %(person)s may sign here as %(part)s.") % {"person": signer, "part": label})
    if getattr(charter, f"{part}_signed_at") is not None:
        return charter
    moment = now or timezone.now()
    with transaction.atomic():
        update_record(actor=actor, row=charter, values={f"{part}_signed_at": moment}, action="sign")
        if charter.signatures == len(PMOCharter.Part.values):
            _put_in_force(actor, charter)
    return charter


def _put_in_force(actor: Actor, charter: PMOCharter) -> None:
    today = org_today()
    before = PMOCharter.objects.filter(unit_id=charter.unit_id, state=State.SIGNED).exclude(pk=charter.pk)
    for old in before:
        update_record(actor=actor, row=old, values={"state": State.REPLACED})
        end_rights(actor=actor, rows=rights_of(old), day=today)
    put_in_force(actor=actor, rows=rights_of(charter), day=today)
    update_record(actor=actor, row=charter, values={"state": State.SIGNED, "signed_on": today})


def take_back_signatures(*, actor: Actor, charter: PMOCharter, reason: str) -> PMOCharter:
    """Undo the signatures of a draft, so that its text can change. Raises ValidationError without a reason or once signed."""
    if charter.state != State.DRAFT:
        raise ValidationError(_("This charter is signed; a change needs a new revision."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    values: dict[str, Any] = {f"{part}_signed_at": None for part in PMOCharter.Part.values}
    return update_record(actor=actor, row=charter, values=values, reason=reason.strip(), action="unsign")


def revise_charter(*, actor: Actor, charter: PMOCharter, note: str) -> PMOCharter:
    """The next revision as a draft with the same text and rights. Raises ValidationError without a note or beside a draft."""
    if charter.state != State.SIGNED:
        raise ValidationError(_("Only the signed charter is revised."))
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    if PMOCharter.objects.filter(unit_id=charter.unit_id, state=State.DRAFT).exists():
        raise ValidationError(_("There is a draft of the next revision already."))
    latest = PMOCharter.all_objects.filter(unit_id=charter.unit_id).order_by("-revision")[0]
    with transaction.atomic():
        row = PMOCharter(
            unit_id=charter.unit_id,
            code=charter.code,
            revision=latest.revision + 1,
            change_note=note.strip(),
            **{name: getattr(charter, name) for name in _COPIED},
        )
        made = create_record(actor=actor, row=row, reason=note.strip())
        for right in rights_of(charter):
            _add_right(actor, made, {name: getattr(right, name) for name in _RIGHT})
    return made
