"""The search index: one entry for each living row of a register, and the words a misspelt one may have meant."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """What is searched and shown of one row. Fields with a permission of their own are never copied here.

    `scope_id` is the id whose membership decides who sees the row (the model's `access_scope`). What databases compare
    are the `tokens` (see `pmo.core.search.tokens`); `pmo.core.search.ddl` makes their index.
    """

    register = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    scope_id = models.BigIntegerField(null=True)
    project_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)  # who answers for the row
    code = models.CharField(max_length=80, blank=True)
    code_key = models.CharField(max_length=80, blank=True, db_index=True)  # lower case, no punctuation
    title_zh = models.CharField(max_length=300, blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    pinyin = models.TextField(blank=True)  # of the titles: syllables apart by a space, runs by a bar
    tokens = models.TextField(blank=True)
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("Search entry")
        verbose_name_plural = _("Search entries")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["register", "row_id"], name="core_search_entry_once")]

    def __str__(self) -> str:
        return f"{self.register} {self.row_id}"


class SearchSpelling(models.Model):
    """A word of the index under one of its forms (see `pmo.core.search.spelling`)."""

    form = models.CharField(max_length=40)
    word = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("Spelling")
        verbose_name_plural = _("Spellings")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["form", "word"], name="core_search_spelling_once")]

    def __str__(self) -> str:
        return f"{self.form} {self.word}"
