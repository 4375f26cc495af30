"""The lessons tab of a project, and taking up a lesson of another one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from knowledge.access import ADD_LESSON
from knowledge.models import Lesson
from knowledge.queries import projects as queries
from knowledge.services import lessons as services
from pmo.core.access.api import get_or_refuse, refusal
from pmo.core.access.decisions import YES
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from projects.models import Project


def project_tab(request: HttpRequest, row: Project) -> HttpResponse:
    """Own lessons, lessons of similar projects, templates in use."""
    may_add = services.may_add(request.user, row.pk)
    similar = queries.similar_lessons(request.user, row)
    templates = queries.template_uses(row, org_today())
    context = {
        "project": row,
        "lessons": queries.own_lessons(request.user, row),
        "similar": similar,
        "taken_up": sum(item.used for item in similar),
        "templates": templates,
        "outdated": sum(use.outdated for use in templates),
        "can_add": YES if may_add else refusal(ADD_LESSON),
    }
    return render(request, "knowledge/tab_lessons.html", context)


@require_POST
def use(request: HttpRequest, pk: int, project: int) -> HttpResponseBase:
    """A project takes the lesson up (`used=1`), or no longer does."""
    lesson: Lesson = get_or_refuse(request.user, Lesson, pk)
    taker: Project = get_or_refuse(request.user, Project, project)
    used = request.POST.get("used") == "1"
    try:
        services.take_up(actor=request_actor(request), lesson=lesson, project=taker, used=used)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(reverse("register-tab", kwargs={"key": "projects", "pk": taker.pk, "tab": "lessons"}))
