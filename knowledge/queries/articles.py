"""What the article's page and the reading home show."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from knowledge.calc.rendering import Rendered, render
from knowledge.models import Article, ArticleImage, ArticleKind, ArticleState, ArticleTag, ArticleVote, Lesson, Tag
from knowledge.queries.projects import name_projects

SHOWN = 6


@dataclass(frozen=True)
class Reading:
    """An article's text in one language. `only` is the language it exists in where it is not the reader's, else ""."""

    language: str
    only: str
    both: bool
    rendered: Rendered


def image_ids(article: Article) -> set[int]:
    """Ids of the pictures the article may show."""
    return set(ArticleImage.objects.filter(article=article).values_list("pk", flat=True)) if article.pk else set()


def reading(article: Any, language: str, images: set[int]) -> Reading:
    """The text in the reader's language, or in the other one where it is missing; revisions can be read too."""
    own = "zh" if language.startswith("zh") else "en"
    other = "en" if own == "zh" else "zh"
    has_own, has_other = bool(getattr(article, f"body_{own}").strip()), bool(getattr(article, f"body_{other}").strip())
    taken = own if has_own or not has_other else other
    return Reading(
        language="zh-Hans" if taken == "zh" else "en",
        only="" if has_own or not has_other else other,
        both=has_own and has_other,
        rendered=render(getattr(article, f"body_{taken}"), images),
    )


def related(user: Any, article: Article) -> list[Article]:
    """Published articles that share tags with this one, those with most in common first."""
    own = ArticleTag.objects.filter(article=article).values("tag_id")
    rows: QuerySet[Article] = Article.objects.visible_to(user).filter(state=ArticleState.PUBLISHED)
    shared = rows.filter(tag_links__tag_id__in=own, tag_links__deleted_at__isnull=True).exclude(pk=article.pk)
    return list(_light(shared.annotate(shared=Count("tag_links")).order_by("-shared", "-published_on", "pk"))[:SHOWN])


def lessons_of(user: Any, article: Article) -> list[Lesson]:
    """Lessons that point to the article, with the number of projects that took each up."""
    rows: QuerySet[Lesson] = Lesson.objects.visible_to(user).filter(article=article)
    used = Count("uses", filter=Q(uses__deleted_at__isnull=True), distinct=True)
    found: list[Lesson] = list(
        rows.select_related("project").annotate(taken_up=used).order_by("-taken_up", "-raised_on", "pk")[:20]
    )
    name_projects(user, found)
    return found


def tags_of(article: Article) -> list[Tag]:
    """The tags, in the order they were written."""
    order = {name: place for place, name in enumerate(article.tag_names.split(", "))}
    rows = Tag.objects.filter(article_links__article=article, article_links__deleted_at__isnull=True)
    return sorted(rows, key=lambda tag: order.get(tag.name, len(order)))


def votes_of(article: Article, person_id: int | None) -> tuple[int, bool]:
    """(how many found it useful, whether this person did)."""
    people = list(ArticleVote.objects.filter(article=article).values_list("person_id", flat=True))
    return len(people), person_id in people


def _light(rows: QuerySet[Article]) -> QuerySet[Article]:
    """Without the long texts, which a list does not show."""
    return rows.select_related("owner").defer("body_zh", "body_en")


@dataclass(frozen=True)
class Kind:
    """A kind of article with how many are published."""

    value: str
    label: Any
    number: int


@dataclass(frozen=True)
class Home:
    """The reading home. `published` counts all published articles the reader may see; `useful` carry `useful` counts."""

    kinds: list[Kind]
    published: int
    newest: list[Article]
    useful: list[Any]
    due: list[Article]
    due_number: int
    drafts: list[Article]
    tags: list[Any]


def home(user: Any, person_id: int | None, today: datetime.date) -> Home:
    """Everything the reading home shows, in a constant number of queries."""
    rows: QuerySet[Article] = Article.objects.visible_to(user)
    published = rows.filter(state=ArticleState.PUBLISHED)
    numbers = dict(published.order_by().values_list("kind").annotate(n=Count("pk")))
    votes = ArticleVote.objects.filter(article=OuterRef("pk")).order_by().values("article").annotate(n=Count("pk"))
    useful = published.annotate(useful=Coalesce(Subquery(votes.values("n")[:1]), 0)).filter(useful__gt=0)
    due = published.filter(review_on__lte=today)
    links = Q(article_links__deleted_at__isnull=True, article_links__article__in=published.order_by().values("pk"))
    tags = Tag.objects.annotate(number=Count("article_links", filter=links)).filter(number__gt=0)
    return Home(
        kinds=[Kind(value, label, numbers.get(value, 0)) for value, label in ArticleKind.choices],
        published=sum(numbers.values()),
        newest=list(_light(published.order_by(F("published_on").desc(nulls_last=True), "-pk"))[:SHOWN]),
        useful=list(_light(useful.order_by("-useful", "-views", "pk"))[:SHOWN]),
        due=list(_light(due.order_by("review_on", "pk"))[:SHOWN]),
        due_number=due.count(),
        drafts=list(_light(rows.filter(state=ArticleState.DRAFT, owner_id=person_id).order_by("-updated_at"))[:SHOWN])
        if person_id
        else [],
        tags=list(tags.order_by("-number", "name")[:24]),
    )
