"""An article: reading it, voting for it, its revisions, the preview while it is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from knowledge.calc.compare import compare, shortened
from knowledge.calc.rendering import render as render_markdown
from knowledge.models import Article, ArticleRevision, ArticleState
from knowledge.queries import articles as queries
from knowledge.services import articles as services
from pmo.core.access.api import can, get_or_refuse
from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import StaleRecord
from pmo.core.registers.values import is_id
from pmo.core.registers.views.common import vary, wants_fragment

FIELDS = ("title_zh", "summary_zh", "body_zh", "title_en", "summary_en", "body_en")
_BODIES = ("body_zh", "body_en")
_MOST_LETTERS = 100_000


def _language(request: HttpRequest) -> str:
    """The language to read in: the reader's, or the one asked for with `?text=`."""
    asked = request.GET.get("text", "")
    return asked if asked in {"zh", "en"} else get_language() or "zh-hans"


@require_safe
def article_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The text with its contents, tags, votes, revisions and what it is connected with."""
    article: Article = get_or_refuse(request.user, Article, pk)
    person_id = grants_of(request.user).person_id
    if request.method == "GET":
        services.count_view(article=article, person_id=person_id)
    language = _language(request)
    votes, voted = queries.votes_of(article, person_id)
    context = {
        "article": article,
        "reading": queries.reading(article, language, queries.image_ids(article)),
        "chinese": language.startswith("zh"),
        "tags": queries.tags_of(article),
        "votes": votes,
        "voted": voted,
        "person_id": person_id,
        "revisions": list(ArticleRevision.objects.filter(article=article).select_related("by").order_by("-number")[:5]),
        "lessons": queries.lessons_of(request.user, article),
        "related": queries.related(request.user, article),
        "can_change": can(request.user, "change", article),
        "due": article.state == ArticleState.PUBLISHED and bool(article.review_on and article.review_on <= org_today()),
    }
    return render(request, "knowledge/article.html", context)


@require_POST
def article_vote(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Found useful (`useful=1`), or taken back."""
    article: Article = get_or_refuse(request.user, Article, pk)
    try:
        services.vote(actor=request_actor(request), article=article, useful=request.POST.get("useful") == "1")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("article-page", pk=article.pk)


@require_POST
def preview(request: HttpRequest, field: str) -> HttpResponse:
    """The posted text of a field as it will look: a fragment for htmx, a page of its own otherwise."""
    if field not in _BODIES:
        raise Http404(_("There is no such text."))
    raw = request.GET.get("article", "")
    images = queries.image_ids(get_or_refuse(request.user, Article, int(raw))) if is_id(raw) else set()
    text = request.POST.get(field, "")
    context = {"rendered": render_markdown(text[:_MOST_LETTERS], images), "empty": not text.strip()}
    page = "knowledge/preview.html" if wants_fragment(request) else "knowledge/preview_page.html"
    return vary(render(request, page, context))


@require_safe
def revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every revision of an article, the newest first."""
    article: Article = get_or_refuse(request.user, Article, pk)
    rows = ArticleRevision.objects.filter(article=article).select_related("by").order_by("-number")
    rows = rows.only("number", "made_on", "reason", "by", "article")
    return render(request, "knowledge/revisions.html", {"article": article, "revisions": rows[:500]})


def _revision(article: Article, number: int) -> ArticleRevision:
    row = ArticleRevision.objects.filter(article=article, number=number).select_related("by").first()
    if row is None:
        raise Http404(_("The article has no such revision."))
    found: ArticleRevision = row
    return found


@require_safe
def revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One revision: its text, or its lines against the revision before or after it (`?view=before`, `?view=after`)."""
    article: Article = get_or_refuse(request.user, Article, pk)
    row = _revision(article, number)
    rivals = {r.number: r for r in ArticleRevision.objects.filter(article=article, number__in=[number - 1, number + 1])}
    view = request.GET.get("view", "text")
    old, new = (rivals.get(number - 1), row) if view == "before" else (row, rivals.get(number + 1))
    if view not in {"before", "after"} or old is None or new is None:
        view = "text"
    context = {
        "article": article,
        "revision": row,
        "before": rivals.get(number - 1),
        "after": rivals.get(number + 1),
        "view": view,
        "old": old,
        "new": new,
        "changes": [] if view == "text" else _changes(old, new),
        "reading": queries.reading(row, _language(request), queries.image_ids(article)) if view == "text" else None,
        "can_change": can(request.user, "change", article),
    }
    return render(request, "knowledge/revision.html", context)


def _changes(old: Any, new: Any) -> list[tuple[Any, list[Any]]]:
    """(label of the field, lines) of every text that differs."""
    found = []
    for name in FIELDS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            label = Article._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            found.append((label, shortened(compare(before, after))))
    return found


@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Give the article the revision's texts again, as a new revision."""
    article: Article = get_or_refuse(request.user, Article, pk, "change")
    row = _revision(article, number)
    version = request.POST.get("version", "")
    try:
        services.restore_revision(
            actor=request_actor(request),
            article=article,
            revision=row,
            expected_version=int(version) if is_id(version) else 0,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("article-revision", pk=pk, number=number)
    except StaleRecord as stale:
        messages.error(request, str(stale))
        return redirect("article-revision", pk=pk, number=number)
    messages.success(request, _("The article says again what revision %(number)s said.") % {"number": number})
    return redirect("article-page", pk=pk)
