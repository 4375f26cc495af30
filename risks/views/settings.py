"""What the PMO sets up: the cells and steps of a matrix, ready-made matrices and categories."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from pmo.core.access.api import can, get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.people.names import localised
from pmo.core.records.services import StaleRecord
from risks.calc.scales import SCALES, Scale
from risks.calc.taxonomies import TAXONOMIES, Node
from risks.forms.matrix import MatrixForm, preset_choices
from risks.models import RiskCategory, RiskMatrix
from risks.queries.grid import Grid, build_grid
from risks.services import load_scale, load_taxonomy, update_matrix

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def edit_matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """The cells and steps of a matrix; `?preset=` fills the form from a ready-made one and writes nothing."""
    matrix = get_or_refuse(request.user, RiskMatrix, pk, "change")
    form = MatrixForm(request.POST or None, matrix=matrix, preset=request.GET.get("preset", ""))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _saved(request, matrix, form):
            messages.success(request, _("The matrix is saved."))
            return redirect("register-detail", key="risk-matrices", pk=matrix.pk)
    context = {"form": form, "matrix": matrix, "presets": preset_choices(), "preset": request.GET.get("preset", "")}
    return render(request, "risks/matrix_edit.html", context, status=status)


def _saved(request: HttpRequest, matrix: RiskMatrix, form: MatrixForm) -> bool:
    try:
        update_matrix(
            actor=request_actor(request),
            row=matrix,
            values=form.values(),
            expected_version=form.cleaned_data["version"],
        )
    except StaleRecord as error:
        form.add_error(None, str(error))
        return False
    except ValidationError as error:
        form.refuse(error.message_dict if hasattr(error, "error_dict") else {"": error.messages})
        return False
    return True


@dataclass(frozen=True)
class _Offer:
    """A ready-made matrix as the page shows it."""

    key: str
    name: str
    source: str
    grid: Grid


def _offer(scale: Scale) -> _Offer:
    grid = build_grid({}, RiskMatrix(**scale.values()), lambda chance, effect: "")
    return _Offer(scale.key, localised(scale.name_zh, scale.name_en), localised(scale.source_zh, scale.source_en), grid)


@require_http_methods(METHODS)
def scales(request: HttpRequest) -> HttpResponse:
    """Choose a ready-made matrix to keep and change."""
    can(request.user, "add", RiskMatrix).or_raise()
    if request.method == "POST":
        first = not RiskMatrix.objects.filter(is_default=True).exists()
        try:
            made = load_scale(actor=request_actor(request), key=request.POST.get("key", ""), default=first)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("risk-scales")
        messages.success(request, _("%(name)s is taken over. Change its cells and steps as you need.") % {"name": made})
        return redirect("register-detail", key="risk-matrices", pk=made.pk)
    return render(request, "risks/scales.html", {"offers": [_offer(scale) for scale in SCALES.values()]})


TAXONOMY_NAMES = {
    "pmi": gettext_lazy("PMI risk breakdown structure"),
    "sei": gettext_lazy("SEI taxonomy of software risks"),
}
_TAXONOMY_HELP = {
    "pmi": gettext_lazy(
        "Four branches for projects of every kind: technical, external, organizational, project management."
    ),
    "sei": gettext_lazy(
        "Three classes with elements and attributes for software: product, development environment, constraints."
    ),
}


@require_http_methods(METHODS)
def taxonomies(request: HttpRequest) -> HttpResponse:
    """Load a ready-made risk breakdown structure; what is there already stays as it is."""
    can(request.user, "add", RiskCategory).or_raise()
    if request.method == "POST":
        try:
            number = load_taxonomy(actor=request_actor(request), key=request.POST.get("key", ""))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("risk-taxonomies")
        text = ngettext("%(number)s category added.", "%(number)s categories added.", number) % {"number": number}
        messages.success(request, text)
        return redirect(reverse("register-list", kwargs={"key": "risk-categories"}))
    known = set(RiskCategory.objects.values_list("code", flat=True))
    offers = [
        {
            "key": key,
            "name": TAXONOMY_NAMES[key],
            "help": _TAXONOMY_HELP[key],
            "branches": _branches(nodes),
            "number": len(nodes),
            "missing": sum(node.code not in known for node in nodes),
        }
        for key, nodes in TAXONOMIES.items()
    ]
    return render(request, "risks/taxonomies.html", {"offers": offers})


def _branches(nodes: tuple[Node, ...]) -> list[tuple[str, list[str]]]:
    """The two upper levels, for the page."""
    return [
        (
            localised(node.zh, node.en),
            [localised(child.zh, child.en) for child in nodes if child.parent == node.code],
        )
        for node in nodes
        if not node.parent
    ]
