"""The charter of a PMO: why it exists, what it may decide, who stands behind it; three signatures, then frozen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from office.models.unit import PMOUnit
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive


class PMOCharter(Record):
    """One revision of a PMO's charter. A signed one never changes; a change is the next revision."""

    code_pattern = "CHR-{:04d}"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed")
        REPLACED = "replaced", _("Replaced")

    class Part(models.TextChoices):
        EXECUTIVE = "executive", _("Executive")
        HR = "hr", _("HR, organisation design")
        HEAD = "head", _("Head of the PMO")

    unit = models.ForeignKey(PMOUnit, verbose_name=_("PMO unit"), on_delete=models.PROTECT, related_name="charters")
    code = models.CharField(_("Code"), max_length=40, blank=True)
    revision = models.PositiveIntegerField(_("Revision"), default=1, editable=False)
    state = models.CharField(_("Status"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    problem = models.TextField(_("Problem to solve"))
    mandate = models.TextField(_("Mandate"))
    scope = models.TextField(_("Scope"), blank=True)
    success_measures = models.TextField(_("Success measures"), blank=True)
    sponsor = models.ForeignKey(
        Person, verbose_name=_("Sponsor"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    executive = models.ForeignKey(
        Person, verbose_name=_("Signs as executive"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    hr = models.ForeignKey(
        Person,
        verbose_name=_("Signs for HR, organisation design"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    head = models.ForeignKey(
        Person,
        verbose_name=_("Signs as head of the PMO"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    executive_signed_at = models.DateTimeField(_("Signed by the executive"), null=True, blank=True, editable=False)
    hr_signed_at = models.DateTimeField(_("Signed by HR"), null=True, blank=True, editable=False)
    head_signed_at = models.DateTimeField(_("Signed by the head"), null=True, blank=True, editable=False)
    signed_on = models.DateField(_("Signed on"), null=True, blank=True, editable=False)
    review_on = models.DateField(_("Review on"), null=True, blank=True)
    sunset_on = models.DateField(
        _("Ends on"), null=True, blank=True, help_text=_("The PMO ends that day unless the charter is renewed.")
    )
    change_note = models.CharField(_("Why this revision"), max_length=300, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("PMO charter")
        verbose_name_plural = _("PMO charters")
        ordering = ["unit", "-revision"]
        constraints = [unique_if_alive("unit", "revision", name="charter_revision")]

    def __str__(self) -> str:
        return f"{self.code} v{self.revision}"

    @property
    def signatures(self) -> int:
        """How many of the three have signed."""
        return sum(getattr(self, f"{part}_signed_at") is not None for part in self.Part.values)


class CharterRight(Record):
    """Which charter a decision right comes from."""

    charter = models.ForeignKey(
        PMOCharter, verbose_name=_("PMO charter"), on_delete=models.CASCADE, related_name="rights"
    )
    right = models.OneToOneField(
        DecisionRight, verbose_name=_("Decision right"), on_delete=models.CASCADE, related_name="charter_link"
    )

    class Meta(Record.Meta):
        verbose_name = _("Decision right of a charter")
        verbose_name_plural = _("Decision rights of charters")
        ordering = ["charter", "right"]

    def __str__(self) -> str:
        return f"{self.charter_id} {self.right_id}"


PMOCharterVersion = version_model(PMOCharter)
