"""Exports and erasures as jobs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.access.api import has_any
from pmo.core.audit.services import Act, record
from pmo.core.jobs.api import Job, JobContext, JobFailed, Outcome, job_kind
from pmo.core.people.models import Person, User
from pmo.core.privacy.erasing import erase
from pmo.core.privacy.exporting import write_export
from pmo.core.privacy.models import PersonErasure
from pmo.core.privacy.subjects import Pseudonym, Subject, subject_of_person, subject_of_user

EXPORT, ERASE = "core.privacy_export", "core.privacy_erase"
FOLDER = "personal"


def _export_outcome(result: dict[str, Any]) -> Outcome:
    text = _("%(rows)s rows of %(tables)s tables are in the file.") % {
        "rows": sum(result["counts"].values()),
        "tables": len(result["counts"]),
    }
    return Outcome(text, reverse("privacy-file", kwargs={"uid": result["uid"]}))


@job_kind(EXPORT, label=gettext_lazy("Export of personal data"), describe=_export_outcome)
def export(ctx: JobContext) -> dict[str, Any]:
    """Write the ZIP of one person. Running again replaces it."""
    subject = _subject(ctx.params)
    mentions = ctx.params.get("mentions") is True
    if mentions and not (ctx.actor.is_system or has_any(ctx.actor.user, "core.personerasure.add")):
        raise JobFailed(_("Personal data of others is handled by the PMO administrator."))
    name = f"{FOLDER}/{ctx.uid}.zip"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.zip"
        counts = write_export(subject=subject, path=path, now=timezone.now(), told=ctx.progress, mentions=mentions)
        default_storage.delete(name)
        with path.open("rb") as written:
            name = default_storage.save(name, File(written))
    row = subject.person or subject.user
    if row is not None:
        act = Act(
            "privacy.export", row._meta.label_lower, row.pk, subject.label, changes={"tables": [None, len(counts)]}
        )
        record(actor=ctx.actor, act=act)
    return {"file": name, "counts": counts, "uid": str(ctx.uid)}


def _subject(params: dict[str, Any]) -> Subject:
    person = Person.all_objects.filter(pk=params.get("person") or 0).select_related("user").first()
    if person is not None:
        return subject_of_person(person)
    user = User.objects.filter(pk=params.get("user") or 0).first()
    if user is None:
        raise JobFailed(_("This person is no longer there."))
    return subject_of_user(user)


def _remove_exports(subject: Subject) -> None:
    """The files of exports of the person, whoever asked for them."""
    about = Q(params__person=subject.person.pk) if subject.person else Q()
    if subject.user is not None:
        about |= Q(params__user=subject.user.pk)
    for job in Job.objects.filter(about, kind=EXPORT):
        if job.result:
            default_storage.delete(job.result["file"])


def _erase_outcome(result: dict[str, Any]) -> Outcome:
    count = sum(result["counts"].values())
    return Outcome(_("The person is erased: %(count)s rows were changed or removed.") % {"count": count})


@job_kind(
    ERASE, label=gettext_lazy("Erasure of a person"), permission="core.personerasure.add", describe=_erase_outcome
)
def run_erasure(ctx: JobContext) -> dict[str, Any]:
    """Erase a person after both steps. Running again finds it done."""
    row = PersonErasure.objects.select_related("person__user").get(pk=ctx.params["erasure"])
    if row.state == PersonErasure.State.DONE:
        return {"counts": row.counts}
    if row.state != PersonErasure.State.CONFIRMED:
        raise JobFailed(_("This erasure was withdrawn."))
    subject = subject_of_person(row.person)
    counts = erase(
        actor=ctx.actor,
        subject=subject,
        pseudonym=Pseudonym(row.pk),
        reason=row.reason,
        told=ctx.progress,
    )
    _remove_exports(subject)
    PersonErasure.objects.filter(pk=row.pk).update(
        state=PersonErasure.State.DONE, done_at=timezone.now(), counts=counts
    )
    return {"counts": counts}
