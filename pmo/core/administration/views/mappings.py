"""Import mappings: the kept ones and those that come with the product; taking one in from a file."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pmo.core.access.api import can, has_any
from pmo.core.audit.actor import request_actor
from pmo.core.imports import kept
from pmo.core.imports.mapping_json import dump_mapping, load_preset, preset_names
from pmo.core.imports.models import ImportMapping
from pmo.core.imports.preset_words import preset_about, preset_title
from pmo.core.imports.views.common import allowed_targets

CHANGE = "core.importmapping.change"


class MappingForm(forms.Form):
    """A file with a mapping, and what it is for."""

    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("JSON, as the download gives it."))
    target = forms.ChoiceField(label=gettext_lazy("Register"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Empty: the name in the file."),
    )
    replace = forms.BooleanField(label=gettext_lazy("Replace a mapping of the same name"), required=False)

    def __init__(self, *args: Any, targets: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["target"]
        field.choices = targets


@require_safe
def mapping_list(request: HttpRequest) -> HttpResponse:
    """Kept mappings with what they map, and the ready-made ones."""
    can(request.user, "view", ImportMapping).or_raise()
    rows = []
    for row in ImportMapping.objects.order_by("target", "name"):
        target, mapping = kept.target_or_none(row.target), kept.readable(row)
        lines = kept.spec_lines(mapping, target.engine_target() if target else None) if mapping else []
        rows.append(
            {
                "row": row,
                "target": target,
                "lines": lines,
                "fits": bool(target and mapping) and all(line.known for line in lines),
            }
        )
    ready = []
    for name, target in kept.presets():
        mapping = load_preset(name)
        lines = kept.spec_lines(mapping, target.engine_target())
        words = {"title": preset_title(name), "about": preset_about(name, mapping.description)}
        ready.append({"name": name, "target": target, "lines": lines, **words})
    context = {"rows": rows, "ready": ready, "change": has_any(request.user, CHANGE)}
    return render(request, "administration/mappings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mapping_upload(request: HttpRequest) -> HttpResponse:
    """Keep a mapping from a file."""
    can(request.user, "add", ImportMapping).or_raise()
    targets = [(one.key, one.label) for one in allowed_targets(request.user)]
    form = MappingForm(request.POST or None, request.FILES or None, targets=targets)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            row = kept.take_in(
                actor=request_actor(request),
                text=typed["file"].read(kept.LARGEST + 1),
                name=typed["name"],
                target=typed["target"],
                replace_existing=typed["replace"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The mapping was saved as %(name)s.") % {"name": row.name})
            return redirect("import-mappings")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "administration/mapping_upload.html", {"form": form}, status=status)


@require_safe
def preset_json(request: HttpRequest, name: str) -> JsonResponse:
    """A ready-made mapping as a file."""
    can(request.user, "view", ImportMapping).or_raise()
    if name not in preset_names():
        raise Http404(_("There is no such mapping any more."))
    response = JsonResponse(dump_mapping(load_preset(name)), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
