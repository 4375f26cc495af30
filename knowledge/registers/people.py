"""What each person gave to the knowledge of the organisation, beside the names in the people register."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from knowledge.models import Article, ArticleState, Lesson
from knowledge.models.choices import LessonState
from knowledge.registers.counts import counted
from pmo.core.registers.declaration import Column, contribute_columns


def contribute() -> None:
    """Two columns, chosen by who wants them: published articles owned, published lessons raised."""
    contribute_columns(
        "people",
        [
            Column(
                "articles_owned",
                label=_("Published articles"),
                kind="number",
                annotate=counted(Article.objects.filter(state=ArticleState.PUBLISHED), "owner"),
                how=_("Published articles the person owns."),
            ),
            Column(
                "lessons_raised",
                label=_("Published lessons"),
                kind="number",
                annotate=counted(Lesson.objects.filter(state=LessonState.PUBLISHED), "raised_by"),
                how=_("Published lessons of projects the person raised."),
            ),
        ],
        default=False,
    )
