"""The template library: templates, their versions, and who took which when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models.choices import TemplateKind, TemplateLanguage, TemplateState
from pmo.core.people.models import Person
from pmo.core.people.names import BilingualName
from pmo.core.records.models import Record, unique_if_alive
from projects.models import Project
from projects.models.choices import Method


class Template(BilingualName, Record):
    """A document to start from."""

    code_pattern = "TPL-{:03d}"

    code = models.CharField(_("Code"), max_length=60, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=TemplateKind, default=TemplateKind.OTHER)
    method = models.CharField(
        _("Method pack"), max_length=20, choices=Method, blank=True, help_text=_("Empty: fits every method.")
    )
    language = models.CharField(
        _("Language"), max_length=10, choices=TemplateLanguage, default=TemplateLanguage.CHINESE
    )
    owner = models.ForeignKey(
        Person, verbose_name=_("Owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="templates"
    )
    state = models.CharField(_("Status"), max_length=8, choices=TemplateState, default=TemplateState.ACTIVE)
    purpose = models.TextField(_("What it is for"), max_length=1000, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Template")
        verbose_name_plural = _("Templates")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="template_code")]


class TemplateVersion(Record):
    """One file of a template; a new file is a new version, never a replacement."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("Version"))
    filename = models.CharField(_("File"), max_length=200)
    stored = models.CharField(max_length=200, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(_("Size"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    note = models.CharField(_("What changed"), max_length=500, blank=True)
    effective_on = models.DateField(_("In force from"))
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        verbose_name = _("Template version")
        verbose_name_plural = _("Template versions")
        ordering = ["template", "-number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_number")]

    def __str__(self) -> str:
        return str(self.number)


class TemplateDownload(Record):
    """Somebody took a version of a template, perhaps for a project."""

    audit_project = "project_id"

    template = models.ForeignKey(
        Template, verbose_name=_("Template"), on_delete=models.CASCADE, related_name="downloads"
    )
    number = models.PositiveIntegerField(_("Version taken"))
    person = models.ForeignKey(
        Person, verbose_name=_("Person"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("For the project"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="template_downloads",
    )
    taken_on = models.DateField(_("Taken on"))

    class Meta(Record.Meta):
        verbose_name = _("Template download")
        verbose_name_plural = _("Template downloads")
        ordering = ["-taken_on", "-pk"]
        indexes = [models.Index(fields=["template", "project", "number"], name="download_tpl_project")]

    def __str__(self) -> str:
        return f"{self.template} {self.number}"
