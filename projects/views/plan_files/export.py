"""The project's plan as a file, and what each format leaves out before it is taken."""

from __future__ import annotations

import tempfile
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_safe

from pmo.core.access.api import can
from pmo.core.audit.actor import request_actor
from pmo.core.audit.services import record
from pmo.core.records.services import act_on
from pmo.core.registers.values import is_id
from projects.access import IMPORT_PLAN, MONEY, VIEW_PLAN
from projects.calc.plan.document import Plan
from projects.calc.plan.money import without_money
from projects.models import Project
from projects.models.plan import PlanVersion
from projects.plan_exports.formats import CONTENT_TYPES, ENDINGS, LIMITS, WRITERS
from projects.plan_exports.words import export_text
from projects.queries.plans import stored
from projects.queries.plans.words import area_label
from projects.views.plan_files.common import plan_url, project_for

_IN_MEMORY = 5 * 1024 * 1024
_FORMATS: dict[str, tuple[Any, Any]] = {
    "mspdi": (
        gettext_lazy("Microsoft Project (XML)"),
        gettext_lazy("Opens in Microsoft Project and in other programs that read its XML."),
    ),
    "xlsx": ("Excel (XLSX)", gettext_lazy("A workbook with a sheet for each table; it can be imported here again.")),
    "csv": ("CSV", gettext_lazy("One text file with every table; it can be imported here again.")),
}


@require_safe
def plan_exports(request: HttpRequest, pk: int) -> HttpResponse:
    """The formats with what each leaves out of the version, as its writer would report it."""
    project = project_for(request, pk, VIEW_PLAN)
    version = _version(request, project)
    money = can(request.user, MONEY, project)
    plan = _shown(version, bool(money))
    offered = []
    for kind, (label, about) in _FORMATS.items():
        lines = [(area_label(one.area), export_text(one.code), one) for one in LIMITS[kind](plan)]
        offered.append({"kind": kind, "label": label, "about": about, "lines": lines})
    context = {
        "project": project,
        "version": version,
        "tasks": len(plan.tasks),
        "formats": offered,
        "complete": [one["label"] for one in offered if not one["lines"]],
        "money": money,
        "plan_url": plan_url(project),
    }
    return render(request, "projects/plan/exports.html", context)


@require_GET
def plan_export(request: HttpRequest, pk: int, kind: str) -> FileResponse | HttpResponse:
    """The published version, or the one that `?version=` numbers; without costs and rates for who may not see money."""
    project = project_for(request, pk, VIEW_PLAN)
    if kind not in WRITERS:
        raise Http404(_("There is no such file format; mspdi, xlsx and csv are offered."))
    version = _version(request, project)
    plan = _shown(version, bool(can(request.user, MONEY, project)))
    content: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the response closes it
    left_out = WRITERS[kind](plan, content)
    content.seek(0)
    changes = {"format": kind, "version": version.number, "tasks": len(plan.tasks), "left_out": len(left_out)}
    record(actor=request_actor(request), act=act_on(version, "plan.export", changes, ""))
    name = f"{project.code}-plan-{version.number}-{timezone.localtime():%Y%m%d}.{ENDINGS[kind]}"
    response = FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _shown(version: PlanVersion, money: bool) -> Plan:
    """The plan of the version, without costs and rates for who may not see them."""
    plan = stored.plan_as_shown(version)
    return plan if money else without_money(plan)


def _version(request: HttpRequest, project: Project) -> PlanVersion:
    """The version to export; a draft only for who may import. Raises Http404."""
    number = request.GET.get("version", "")
    rows = PlanVersion.objects.filter(project=project)
    if not can(request.user, IMPORT_PLAN, project):
        rows = rows.exclude(state=PlanVersion.State.DRAFT)
    if number:
        version: PlanVersion | None = rows.filter(number=int(number)).first() if is_id(number) else None
    else:
        version = rows.filter(state=PlanVersion.State.PUBLISHED).first()
    if version is None:
        raise Http404(_("This project has no such version of its plan."))
    return version
