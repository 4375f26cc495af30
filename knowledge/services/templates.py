"""The template library: files come as new versions, each taking is noted."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from knowledge.models import Template, TemplateDownload, TemplateVersion
from knowledge.services.articles import person_of
from knowledge.services.index import index_template
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.files.sniff import DOCUMENTS, document_type
from pmo.core.files.storing import Limits, checked, store
from pmo.core.records.services import create_record, update_record
from projects.models import Project

FOLDER = "knowledge/templates"
LIMITS = Limits(document_type, tuple(DOCUMENTS))


def create_template(*, actor: Actor, row: Template, reason: str = "") -> Template:
    """Save a template; its first file is uploaded afterwards."""
    with transaction.atomic():
        saved = create_record(actor=actor, row=row, reason=reason)
        index_template(saved)
    return saved


def update_template(
    *, actor: Actor, row: Template, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Template:
    """Change what is said of a template; its files stay as they are."""
    with transaction.atomic():
        saved = update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)
        index_template(saved)
    return saved


def add_version(
    *,
    actor: Actor,
    template: Template,
    name: str,
    content: bytes,
    note: str = "",
    effective_on: datetime.date | None = None,
) -> TemplateVersion:
    """Keep a file as the template's next version, in force from a day (today).

    Raises ValidationError by field: wrong type or content, over 20 MB, or the very file that is the latest version.
    """
    media = checked(name, content, LIMITS)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        # Two uploads at once would take the same number: the template's row lets one pass at a time.
        Template.all_objects.select_for_update().filter(pk=template.pk).first()
        last = TemplateVersion.objects.filter(template=template).order_by("-number").first()
        if last is not None and last.sha256 == digest:
            raise ValidationError({"file": _("This is the same file as version %(number)s.") % {"number": last.number}})
        stored = store(name, content, FOLDER, LIMITS)
        return create_record(
            actor=actor,
            row=TemplateVersion(
                template=template,
                number=last.number + 1 if last is not None else 1,
                filename=name,
                stored=stored.name,
                content_type=media,
                size=len(content),
                sha256=digest,
                note=note,
                effective_on=effective_on or org_today(),
                by=person_of(actor),
            ),
        )


def current_version(template: Template, day: datetime.date) -> TemplateVersion | None:
    """The version in force on a day: the highest number that is effective, None before the first."""
    rows: models.QuerySet[TemplateVersion] = TemplateVersion.objects.filter(template=template, effective_on__lte=day)
    return rows.order_by("-number").first()


def note_download(*, actor: Actor, version: TemplateVersion, project: Project | None) -> TemplateDownload:
    """Write down who took which version, and for which project."""
    return create_record(
        actor=actor,
        row=TemplateDownload(
            template=version.template,
            number=version.number,
            person=person_of(actor),
            project=project,
            taken_on=org_today(),
        ),
    )
