"""The course of a charter: draft, submitted, approved; opened again it becomes the next revision."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.people.models import Person
from pmo.core.records.services import StaleRecord, create_record, delete_record, update_record
from projects.access import COUNTERSIGN
from projects.models import CharterRevision, CharterSignature, Project, ProjectCharter
from projects.models.charter import CharterText
from projects.services.acting import acting_person

State = ProjectCharter.State
Capacity = CharterSignature.Capacity
TEXT_FIELDS = tuple(field.name for field in CharterText._meta.fields)
NEEDED = ("purpose", "scope_in", "scope_out", "limit_spend", "limit_days", "escalation")


def create_charter(*, actor: Actor, row: ProjectCharter, reason: str = "") -> ProjectCharter:
    """Save the first draft. Raises ValidationError where the project has a charter."""
    with transaction.atomic():
        # Two at once would not see each other's row: the project's row lets one pass at a time.
        Project.all_objects.select_for_update().filter(pk=row.project_id).first()
        if ProjectCharter.objects.filter(project_id=row.project_id).exists():
            raise ValidationError({"project": _("This project has a charter already; open that one again.")})
        return create_record(actor=actor, row=row, reason=reason)


def update_charter(
    *, actor: Actor, row: ProjectCharter, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> ProjectCharter:
    """Change a draft. Raises ValidationError once it is submitted or approved."""
    if row.state != State.DRAFT:
        raise ValidationError(_("A charter that is submitted or approved is not changed; open it again first."))
    if "project" in values and values["project"] != row.project:
        raise ValidationError({"project": _("A charter stays with its project.")})
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def delete_charter(*, actor: Actor, row: ProjectCharter, expected_version: int | None = None, reason: str = "") -> None:
    """Move a draft to the trash; what was approved once stays on file."""
    if row.in_force or row.state != State.DRAFT:
        raise ValidationError(_("Only a draft that was never approved can be deleted."))
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def submit_charter(*, actor: Actor, charter: ProjectCharter, day: datetime.date | None = None) -> ProjectCharter:
    """Hand the draft to sponsor and PMO; the project manager who does it signs by it.

    Raises ValidationError where something is missing that the approval rests on.
    """
    if charter.state != State.DRAFT:
        raise ValidationError(_("Only a draft can be submitted."))
    _check_complete(charter)
    today = day or org_today()
    with transaction.atomic():
        update_record(
            actor=actor,
            row=charter,
            values={"state": State.SUBMITTED, "submitted_on": today},
            action="submit",
            day=today,
        )
        person = acting_person(actor)
        if person.pk == charter.project.pm_id:
            _sign(actor, charter, Capacity.PM, person, today)
    return charter


def _check_complete(charter: ProjectCharter) -> None:
    project = charter.project
    if project.pm_id is None or project.sponsor_id is None:
        raise ValidationError(_("Name the project manager and the sponsor on the project first."))
    empty = [name for name in NEEDED if getattr(charter, name) in (None, "")]
    if empty:
        named = {field.name: field.verbose_name for field in ProjectCharter._meta.concrete_fields}
        labels = _now(", ").join(str(named[name]) for name in empty)
        raise ValidationError(_("Still empty: %(fields)s.") % {"fields": labels})


def sign_charter(
    *, actor: Actor, charter: ProjectCharter, capacity: str = "", day: datetime.date | None = None
) -> CharterSignature:
    """Sign the submitted text as sponsor, project manager or PMO; without a capacity, in the first that is open.

    Raises ValidationError where the actor has no such capacity or has signed already, StaleRecord where it has moved on.
    """
    if charter.state != State.SUBMITTED:
        raise ValidationError(_("Only a submitted charter is signed."))
    person = acting_person(actor)
    signed = set(signatures_of(charter).values_list("capacity", flat=True))
    held = capacities_of(actor, charter, person)
    wanted = Capacity(capacity) if capacity in Capacity.values else next((one for one in held if one not in signed), "")
    if not wanted and held:
        raise ValidationError(_("You have signed this revision already."))
    if wanted not in held:
        raise ValidationError(_("The project's sponsor, its project manager and the PMO sign the charter."))
    if wanted in signed:
        raise ValidationError(_("This revision is signed in this capacity already."))
    with transaction.atomic():
        _hold(charter)
        return _sign(actor, charter, Capacity(wanted), person, day or org_today())


def _hold(charter: ProjectCharter) -> None:
    """Lock the charter, so that signing and opening again follow each other. Raises StaleRecord where it has moved on."""
    stored: ProjectCharter = ProjectCharter.all_objects.select_for_update(of=("self",)).get(pk=charter.pk)
    if stored.version != charter.version:
        raise StaleRecord(stored)


def capacities_of(actor: Actor, charter: ProjectCharter, person: Person) -> list[CharterSignature.Capacity]:
    """In which capacities the person may sign the charter."""
    project = charter.project
    held = []
    if person.pk == project.sponsor_id:
        held.append(Capacity.SPONSOR)
    if person.pk == project.pm_id:
        held.append(Capacity.PM)
    if not actor.is_system and can(actor.user, COUNTERSIGN, charter):
        held.append(Capacity.PMO)
    return held


def _sign(
    actor: Actor, charter: ProjectCharter, capacity: CharterSignature.Capacity, person: Person, day: datetime.date
) -> CharterSignature:
    row = CharterSignature(
        project_id=charter.project_id,
        charter=charter,
        revision=charter.revision,
        capacity=capacity,
        person=person,
        signed_on=day,
    )
    return create_record(actor=actor, row=row, day=day)


def signatures_of(charter: ProjectCharter) -> Any:
    """The signatures under the text as it stands."""
    return CharterSignature.objects.filter(charter=charter, revision=charter.revision)


def approve_charter(
    *,
    actor: Actor,
    charter: ProjectCharter,
    effective_on: datetime.date | None = None,
    day: datetime.date | None = None,
) -> ProjectCharter:
    """Put the submitted text in force, signing it by that in the actor's own capacity.

    Raises ValidationError while a signature is missing, for the project manager, and for a day before the approval.
    """
    if charter.state != State.SUBMITTED:
        raise ValidationError(_("Only a submitted charter can be approved."))
    today = day or org_today()
    person = acting_person(actor)
    if person.pk == charter.project.pm_id:
        raise ValidationError(_("Project managers do not approve the limits of their own authority."))
    with transaction.atomic():
        signed = set(signatures_of(charter).values_list("capacity", flat=True))
        for capacity in capacities_of(actor, charter, person):
            if capacity not in signed:
                _sign(actor, charter, capacity, person, today)
                signed.add(str(capacity))
        missing = [str(one.label) for one in Capacity if one not in signed]
        if missing:
            raise ValidationError(_("Signatures are missing: %(names)s.") % {"names": _now(", ").join(missing)})
        values = {
            "state": State.APPROVED,
            "approved_by": person,
            "approved_on": today,
            "effective_on": effective_on or today,
            "in_force": charter.revision,
        }
        return update_record(actor=actor, row=charter, values=values, action="approve", day=today)


def reopen_charter(
    *, actor: Actor, charter: ProjectCharter, reason: str, day: datetime.date | None = None
) -> ProjectCharter:
    """Take a submitted charter back, or open an approved one as the next revision: the approved one stays readable.

    Raises ValidationError for a draft, and without a reason.
    """
    if charter.state == State.DRAFT:
        raise ValidationError(_("This charter is open already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the charter is opened again.")})
    today = day or org_today()
    values: dict[str, Any] = {"state": State.DRAFT, "submitted_on": None}
    with transaction.atomic():
        if charter.state == State.APPROVED:
            _keep_revision(actor, charter, reason.strip(), today)
            values["revision"] = charter.revision + 1
        else:
            _hold(charter)
            for signature in signatures_of(charter):
                delete_record(actor=actor, row=signature, reason=reason, day=today)
        return update_record(actor=actor, row=charter, values=values, action="reopen", reason=reason, day=today)


def _keep_revision(actor: Actor, charter: ProjectCharter, reason: str, day: datetime.date) -> CharterRevision:
    if charter.approved_on is None or charter.effective_on is None:
        raise ValidationError(_("An approved charter needs the day of its approval."))
    row = CharterRevision(
        project_id=charter.project_id,
        charter=charter,
        number=charter.revision,
        approved_by=charter.approved_by,
        approved_on=charter.approved_on,
        effective_on=charter.effective_on,
        reopened_on=day,
        reason=reason,
        **{name: getattr(charter, name) for name in TEXT_FIELDS},
    )
    return create_record(actor=actor, row=row, reason=reason, day=day)
