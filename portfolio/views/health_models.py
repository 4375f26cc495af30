"""The health model: what is in force, the versions, and the editor with its preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.core.access.api import can
from pmo.core.audit.actor import request_actor
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.queries import org_today
from pmo.core.registers.history import name_shown
from portfolio.calc.health import DIMENSIONS, HealthModelSpec, default_model
from portfolio.calc.health.defaults import with_every_measure
from portfolio.forms.health import HealthModelForm
from portfolio.model_words import differences, dimensions_of, driver_sentences, rule_sentences
from portfolio.models import HealthModel
from portfolio.queries.health_models import NoHealthModelError, model_in_force, spec_of
from portfolio.services.health.messages import model_messages
from portfolio.services.health.models import publish_model, withdraw_model
from portfolio.services.health.preview import Preview, preview

EDIT = "portfolio.healthmodel.add"


def _newest() -> tuple[int, HealthModelSpec]:
    """Number and rules of the version published last, measures it does not know switched off; the default before."""
    model = HealthModel.objects.order_by("-number").first()
    return (model.number, with_every_measure(spec_of(model))) if model else (0, default_model())


@require_safe
def health_model(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """The version in force, or the one with the number, in plain words."""
    can(request.user, "view", HealthModel).or_raise()
    today = org_today()
    try:
        current: HealthModel | None = model_in_force(today)
    except NoHealthModelError:
        current = None
    shown = current
    if number is not None:
        shown = HealthModel.all_objects.filter(number=number).first()
        if shown is None:
            raise Http404(_("There is no such version of the health model."))
    spec = spec_of(shown) if shown else default_model()
    context = {
        "model": shown,
        "in_force": shown is not None and current is not None and shown.pk == current.pk,
        "today": today,
        "sentences": rule_sentences(spec),
        "dimensions": dimensions_of(spec),
        "drivers": driver_sentences(spec),
        "edit": can(request.user, EDIT, HealthModel),
    }
    return render(request, "portfolio/health_model.html", context)


@require_safe
def health_model_history(request: HttpRequest) -> HttpResponse:
    """Every version, the newest first: since when, why, by whom, and what it changed."""
    can(request.user, "view", HealthModel).or_raise()
    models = list(HealthModel.objects.order_by("number"))
    entries = AuditEntry.objects.filter(model="portfolio.healthmodel", action="create").order_by("id")
    authors = dict(entries.values_list("object_id", "actor_name"))
    rows: list[dict[str, Any]] = []
    before: HealthModelSpec | None = None
    for model in models:
        spec = spec_of(model)
        rows.append(
            {
                "model": model,
                "author": name_shown(authors.get(model.pk, "")),
                "changes": differences(before, spec) if before else [],
            }
        )
        before = spec
    today = org_today()
    edit = can(request.user, EDIT, HealthModel)
    return render(request, "portfolio/health_model_history.html", {"rows": rows[::-1], "today": today, "edit": edit})


@require_http_methods(["GET", "HEAD", "POST"])
def health_model_edit(request: HttpRequest) -> HttpResponseBase:
    """The editor: `preview` shows who would change colour and writes nothing, `publish` makes the next version."""
    can(request.user, EDIT, HealthModel).or_raise()
    number, base = _newest()
    form = HealthModelForm(request.POST or None, base=base, today=org_today())
    found: Preview | None = None
    if request.method == "POST" and form.is_valid():
        if "publish" in request.POST:
            published = _publish(request, form)
            if published is not None:
                messages.success(request, _("Version %(number)s is published.") % {"number": published.number})
                return redirect("health-model", number=published.number)
        else:
            found = _preview(request, form)
    context = {"form": form, "number": number, "preview": found, "dimension_count": len(DIMENSIONS)}
    return render(request, "portfolio/health_model_edit.html", context, status=422 if form.errors else 200)


def _publish(request: HttpRequest, form: HealthModelForm) -> HealthModel | None:
    typed = form.cleaned_data
    try:
        return publish_model(
            actor=request_actor(request), spec=form.spec(), valid_from=typed["valid_from"], note=typed["note"]
        )
    except ValidationError as error:
        form.refuse(error)
        return None


def _preview(request: HttpRequest, form: HealthModelForm) -> Preview | None:
    spec = form.spec()
    errors = model_messages(spec.validate())
    if errors:
        form.refuse(ValidationError(errors))
        return None
    try:
        return preview(spec=spec, day=org_today(), user=request.user)
    except NoHealthModelError:
        form.add_error(None, _("There is no version in force yet to compare with. Recompute health once first."))
        return None


@require_POST
def health_model_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take back a version that is not in force yet."""
    can(request.user, EDIT, HealthModel).or_raise()
    model = HealthModel.objects.filter(number=number).first()
    if model is None:
        raise Http404(_("There is no such version of the health model."))
    try:
        withdraw_model(actor=request_actor(request), model=model)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Version %(number)s is withdrawn.") % {"number": number})
    return redirect("health-model-history")
