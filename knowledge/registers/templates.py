"""The template library and who took what from it."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from knowledge.models import Template, TemplateDownload, TemplateVersion
from knowledge.queries.library import OVER
from knowledge.registers.counts import counted
from knowledge.services import templates
from pmo.core.calendars.queries import org_today
from pmo.core.registers.declaration import Column, FieldGroup, Register

_TAKEN = TemplateDownload.objects.all()


def _current(user: Any) -> Subquery:
    """The number of the version in force today."""
    rows = TemplateVersion.objects.filter(template=OuterRef("pk"), effective_on__lte=org_today())
    return Subquery(rows.order_by("-number").values("number")[:1], output_field=IntegerField())


def _in_force_since(user: Any) -> Subquery:
    rows = TemplateVersion.objects.filter(template=OuterRef("pk"), effective_on__lte=org_today())
    return Subquery(rows.order_by("-number").values("effective_on")[:1])


def _outdated(user: Any) -> Any:
    """Projects, not yet over, that took the template, less those that took the version in force or a later one."""
    newest = TemplateVersion.objects.filter(template=OuterRef("template"), effective_on__lte=org_today())
    running = _TAKEN.exclude(project__status__in=OVER)
    fresh = running.filter(number__gte=Subquery(newest.order_by("-number").values("number")[:1]))
    return counted(running, "template", "project", distinct=True) - counted(fresh, "template", "project", distinct=True)


TEMPLATES = Register(
    key="templates",
    model=Template,
    group="knowledge",
    icon="copy",
    order=40,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Template"), primary=True, width="wide"),
        Column("kind"),
        Column("method"),
        Column("language"),
        Column("state", kind="badge", tones={"active": "good", "draft": "quiet", "retired": "line"}),
        Column("owner"),
        Column("current", label=_("Version in force"), kind="number", annotate=_current),
        Column("in_force_since", label=_("In force from"), kind="date", annotate=_in_force_since),
        Column("taken", label=_("Downloads"), kind="number", annotate=counted(_TAKEN, "template"), sum=True),
        Column(
            "used_by",
            label=_("Used by projects"),
            kind="number",
            annotate=counted(_TAKEN, "template", "project", distinct=True),
        ),
        Column(
            "outdated",
            label=_("With an outdated version"),
            kind="number",
            annotate=_outdated,
            how=_("Projects not yet closed that took the template, but never the version in force."),
        ),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "name",
        "kind",
        "method",
        "language",
        "state",
        "current",
        "in_force_since",
        "taken",
        "used_by",
        "outdated",
    ],
    default_sort=["code"],
    group_by=["kind", "method", "language", "state"],
    search_fields=["code", "name_zh", "name_en", "purpose"],
    form_fields=["code", "name_zh", "name_en", "kind", "method", "language", "state", "owner", "purpose"],
    inline_fields=["kind", "method", "language", "state", "owner"],
    field_groups=[
        FieldGroup(_("Template"), ("code", "name_zh", "name_en", "purpose")),
        FieldGroup(_("Place in the library"), ("kind", "method", "language", "state", "owner")),
    ],
    detail_fields=["purpose"],
    state_field="state",
    create=templates.create_template,
    update=templates.update_template,
    empty=_("No templates yet. Add one, then upload its file."),
    description=_("Documents to start from. Every file stays as a version."),
)

DOWNLOADS = Register(
    key="template-downloads",
    model=TemplateDownload,
    group="knowledge",
    icon="download",
    order=50,
    read_only=True,
    code_field="",
    columns=[
        Column("taken_on", primary=True),
        Column("template", link=True),
        Column("number"),
        Column("person"),
        Column("project", link=True, sort="project__code"),
    ],
    default_sort=["-taken_on"],
    group_by=["template", "person", "project"],
    search_fields=["template__code", "template__name_zh", "template__name_en", "project__code"],
    empty=_("Nobody has taken a template yet."),
)
