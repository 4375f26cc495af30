"""The search index: one row for each thing that can be found, with its text brought into one form."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models.article import Article
from knowledge.models.lesson import Lesson
from knowledge.models.template import Template
from pmo.core.records.models import Record


class SearchEntry(Record):
    """What is searched of one article, lesson or template (exactly one of them is set). Lower case, half width."""

    article = models.OneToOneField(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="found_by")
    lesson = models.OneToOneField(Lesson, null=True, blank=True, on_delete=models.CASCADE, related_name="found_by")
    template = models.OneToOneField(Template, null=True, blank=True, on_delete=models.CASCADE, related_name="found_by")
    code = models.CharField(max_length=60, blank=True)
    head = models.TextField(blank=True)  # code, titles, tags
    pinyin = models.TextField(blank=True)  # of the head
    initials = models.TextField(blank=True)  # first letters of the pinyin
    body = models.TextField(blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Search entry")
        verbose_name_plural = _("Search entries")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(article__isnull=False, lesson__isnull=True, template__isnull=True)
                | models.Q(article__isnull=True, lesson__isnull=False, template__isnull=True)
                | models.Q(article__isnull=True, lesson__isnull=True, template__isnull=False),
                name="search_entry_of_one",
            )
        ]

    def __str__(self) -> str:
        return self.code
