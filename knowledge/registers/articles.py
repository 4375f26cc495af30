"""Articles and tags."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from knowledge.forms.markdown import ArticleForm
from knowledge.models import Article, ArticleRevision, ArticleTag, ArticleVote, Tag
from knowledge.models.choices import ArticleState
from knowledge.registers.counts import counted
from knowledge.services import articles, tags
from pmo.core.calendars.queries import org_today
from pmo.core.registers.declaration import Column, FieldGroup, Filter, Link, Register
from pmo.core.registers.values import is_id

_YES = [("true", _("Yes")), ("false", _("No"))]
STATES = {"draft": "quiet", "published": "good", "archived": "line"}


def article_url(row: Any) -> str:
    """The article's own page."""
    return reverse("article-page", kwargs={"pk": row.pk})


def _by_tag(rows: Any, values: list[str], user: Any) -> Any:
    if not all(is_id(value) for value in values):
        raise ValidationError(_("A tag is named by its number here."))
    return rows.filter(pk__in=ArticleTag.objects.filter(tag_id__in=map(int, values)).values("article_id"))


def _tags(user: Any) -> list[tuple[int, str]]:
    return [(tag.pk, tag.name) for tag in Tag.objects.order_by("name")[:500]]


def _review_due(rows: Any, values: list[str], user: Any) -> Any:
    due = rows.filter(state=ArticleState.PUBLISHED, review_on__lte=org_today())
    return due if values == ["true"] else rows.exclude(pk__in=due.order_by().values("pk"))


def _home(request: HttpRequest) -> str:
    return reverse("knowledge-home")


ARTICLES = Register(
    key="articles",
    model=Article,
    group="knowledge",
    icon="book",
    order=20,
    columns=[
        Column("code", width="narrow"),
        Column("title", label=_("Title"), primary=True, width="wide"),
        Column("kind"),
        Column("state", kind="badge", tones=STATES),
        Column("tag_names", sortable=False, filterable=False),
        Column("owner"),
        Column("country"),
        Column("published_on"),
        Column("review_on"),
        Column("views", sum=True),
        Column(
            "useful", label=_("Found useful by"), kind="number", annotate=counted(ArticleVote.objects.all(), "article")
        ),
        Column(
            "revisions_made",
            label=_("Revisions"),
            kind="number",
            annotate=counted(ArticleRevision.objects.all(), "article"),
        ),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "title",
        "kind",
        "state",
        "tag_names",
        "owner",
        "published_on",
        "review_on",
        "views",
        "useful",
    ],
    default_sort=["-published_on", "code"],
    group_by=["kind", "state", "owner", "country"],
    filters=[
        Filter("kind"),
        Filter("state"),
        Filter("tag", label=_("Tag"), choices=_tags, apply=_by_tag),
        Filter("owner"),
        Filter("review_due", label=_("Review due"), choices=_YES, apply=_review_due),
        Filter("country", advanced=True),
        Filter("published_on", advanced=True),
        Filter("review_on", advanced=True),
        Filter("views", advanced=True),
    ],
    search_fields=["code", "title_zh", "title_en", "tag_names", "summary_zh", "summary_en"],
    form_fields=[
        "kind",
        "state",
        "tag_names",
        "owner",
        "review_on",
        "country",
        "title_zh",
        "summary_zh",
        "body_zh",
        "title_en",
        "summary_en",
        "body_en",
        "code",
    ],
    inline_fields=["kind", "state", "owner", "review_on", "country"],
    field_groups=[
        FieldGroup(_("Place in the library"), ("kind", "state", "tag_names", "owner", "review_on", "country", "code")),
        FieldGroup(_("In Chinese"), ("title_zh", "summary_zh", "body_zh")),
        FieldGroup(_("In English"), ("title_en", "summary_en", "body_en")),
    ],
    state_field="state",
    form_class=ArticleForm,
    create=articles.create_article,
    update=articles.update_article,
    detail_url=article_url,
    list_links=[Link(_("Knowledge home"), _home, icon="book")],
    empty=_("No articles yet. Write down what others should know."),
    description=_("Best practice, lessons, war stories, processes, guidelines, contingency plans and FAQs."),
)

TAGS = Register(
    key="tags",
    model=Tag,
    group="knowledge",
    icon="flag",
    order=60,
    code_field="",
    columns=[
        Column("name", primary=True),
        Column("articles_with", label=_("Articles"), kind="number", annotate=counted(ArticleTag.objects.all(), "tag")),
        Column("updated_at"),
    ],
    default_sort=["name"],
    search_fields=["name"],
    form_fields=["name"],
    inline_fields=["name"],
    update=tags.update_tag,
    delete=tags.delete_tag,
    empty=_("No tags yet. They come with the articles that carry them."),
)
