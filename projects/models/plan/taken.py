"""Rows of registers that came with a plan file: how they are found again, and what the file said last."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.plan.file import PlanFile
from projects.models.project import Project


class TakenRow(models.Model):
    """Ties a row of a file to the record that it became.

    `given` holds what the file said last, by field: where the record still says it, a new value of the file is taken;
    where people changed it here, theirs stays. `before` is what undoing the last import puts back: {"made": version} for a
    record that it made, {"values": {field: value}, "given": {...}, "version": n} for one that it changed.
    """

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="taken_rows")
    register = models.CharField(max_length=40)
    source_id = models.CharField(_("ID in the file"), max_length=100)
    object_id = models.BigIntegerField()
    file = models.ForeignKey(
        PlanFile, verbose_name=_("File"), null=True, blank=True, on_delete=models.SET_NULL, related_name="taken_rows"
    )
    given = models.JSONField(default=dict)
    before = models.JSONField(default=dict, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("Row taken from a file")
        verbose_name_plural = _("Rows taken from files")
        ordering = ["project", "register", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "register", "source_id"], name="taken_row_source")]

    def __str__(self) -> str:
        return self.source_id
