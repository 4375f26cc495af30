"""The reading home of the knowledge room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.models import Article, Lesson, Template
from knowledge.models.choices import LessonState, TemplateState
from knowledge.queries import articles as queries
from pmo.core.access.api import can
from pmo.core.access.grants import grants_of
from pmo.core.calendars.queries import org_today


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Articles by kind, the newest, the most useful, what is due for review, own drafts."""
    today = org_today()
    person_id = grants_of(request.user).person_id
    lessons = Lesson.objects.visible_to(request.user)
    context = {
        "home": queries.home(request.user, person_id, today),
        "today": today,
        "lessons": lessons.filter(state=LessonState.PUBLISHED).count(),
        "templates": Template.objects.visible_to(request.user).filter(state=TemplateState.ACTIVE).count(),
        "can_write": can(request.user, "add", Article),
    }
    return render(request, "knowledge/home.html", context)
