"""The risk breakdown structure: a tree of categories that the PMO edits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.people.names import BilingualName
from pmo.core.records.models import Record, unique_if_alive


class RiskCategory(BilingualName, Record):
    """A branch of the risk breakdown structure; branches form a tree by a materialised path."""

    code_pattern = "RC-{:03d}"

    code = models.CharField(_("Code"), max_length=40, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("Parent category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=500, editable=False, db_index=True, default="/")

    class Meta(Record.Meta):
        verbose_name = _("Risk category")
        verbose_name_plural = _("Risk categories")
        ordering = ["path"]
        constraints = [unique_if_alive("code", name="risk_category_code")]
