"""What the organisation knows: articles, lessons, templates, and the index that finds them."""

from knowledge.models.article import Article, ArticleImage, ArticleRevision, ArticleTag, ArticleVote, Tag
from knowledge.models.choices import ArticleKind, ArticleState
from knowledge.models.lesson import Lesson, LessonUse
from knowledge.models.search import SearchEntry
from knowledge.models.template import Template, TemplateDownload, TemplateVersion

__all__ = [
    "Article",
    "ArticleImage",
    "ArticleKind",
    "ArticleRevision",
    "ArticleState",
    "ArticleTag",
    "ArticleVote",
    "Lesson",
    "LessonUse",
    "SearchEntry",
    "Tag",
    "Template",
    "TemplateDownload",
    "TemplateVersion",
]
