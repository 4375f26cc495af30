"""What a plan file would change in the current plan."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import get_language, pgettext_lazy

from projects.models.plan import PlanFile, PlanVersion
from projects.queries.plans.changes import ADDED, CHANGED, KINDS, MOVED, REMOVED, Comparison, base_of, compare
from projects.queries.plans.words import AREAS
from projects.services.plans import shelf
from projects.views.plan_files.remembered import remembered

_PAGE = 50
LABELS: dict[str, Any] = {
    ADDED: pgettext_lazy("plan rows", "Added"),
    REMOVED: pgettext_lazy("plan rows", "Removed"),
    CHANGED: pgettext_lazy("plan rows", "Changed"),
    MOVED: pgettext_lazy("plan rows", "Moved"),
}
TONES = {ADDED: "green", REMOVED: "red", CHANGED: "accent", MOVED: "line"}


def changes_context(request: HttpRequest, file: PlanFile, *, money: bool) -> dict[str, Any]:
    """The lines that the filters of the address leave, page by page; none where the project has no plan yet."""
    base = base_of(file.project_id)
    if base is None:
        return {"base": None}
    try:
        found = _comparison(file, base, money=money)
    except shelf.FileGone:
        return {"base": base, "gone": True}
    area, kind, text = (request.GET.get(name, "").replace("\x00", "").strip() for name in ("area", "kind", "q"))
    numbers = found.counts()
    area = area if area in numbers else ""
    kind = kind if kind in KINDS else ""
    page = Paginator(found.filtered(area=area, kind=kind, text=text), _PAGE).get_page(request.GET.get("page"))
    return {
        "base": base,
        "page": page,
        "lines": [(one, AREAS[one.area], LABELS[one.kind], TONES[one.kind]) for one in page.object_list],
        "areas": [(name, AREAS[name], sum(kinds.values())) for name, kinds in numbers.items()],
        "kinds": [(name, LABELS[name]) for name in KINDS if any(name in kinds for kinds in numbers.values())],
        "totals": [
            (LABELS[name], sum(kinds.get(name, 0) for kinds in numbers.values()), name)
            for name in (ADDED, REMOVED, CHANGED, MOVED)
        ],
        "area": area,
        "kind": kind,
        "q": text,
        "additions": found.additions,
    }


def _comparison(file: PlanFile, base: PlanVersion, *, money: bool) -> Comparison:
    """A draft changes under one's hands: it is compared anew each time."""

    def made() -> Comparison:
        return compare(base, shelf.kept_plan(file), money=money)

    if base.state == PlanVersion.State.DRAFT:
        return made()
    name = f"changes:{base.pk}:{money}:{get_language()}"
    return remembered(file, name, made, lambda one: len(one.lines))
