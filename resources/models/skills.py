"""What people can do, and what they have papers for."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.people.models import Person
from pmo.core.people.names import BilingualName
from pmo.core.records.models import Record, unique_if_alive


class Skill(BilingualName, Record):
    """A skill people are searched by."""

    code_pattern = "SKL-{:03d}"

    class Category(models.TextChoices):
        ENGINEERING = "engineering", pgettext_lazy("skill", "Engineering")
        TESTING = "testing", pgettext_lazy("skill", "Testing")
        SOFTWARE = "software", pgettext_lazy("skill", "Software and data")
        SITE = "site", pgettext_lazy("skill", "Site and safety")
        MANAGEMENT = "management", pgettext_lazy("skill", "Management")
        BUSINESS = "business", pgettext_lazy("skill", "Business")

    code = models.CharField(_("Code"), max_length=40, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    category = models.CharField(_("Category"), max_length=20, choices=Category, default=Category.ENGINEERING)

    class Meta(Record.Meta):
        verbose_name = _("Skill")
        verbose_name_plural = _("Skills")
        ordering = ["category", "code"]
        constraints = [unique_if_alive("code", name="skill_code")]


class PersonSkill(Record):
    """How well a person has a skill."""

    access_scope = ("pool", "person__unit_id")

    class Level(models.IntegerChoices):
        AWARE = 1, pgettext_lazy("skill level", "1 Aware")
        BASIC = 2, pgettext_lazy("skill level", "2 Basic")
        INDEPENDENT = 3, pgettext_lazy("skill level", "3 Independent")
        ADVANCED = 4, pgettext_lazy("skill level", "4 Advanced")
        EXPERT = 5, pgettext_lazy("skill level", "5 Expert")

    person = models.ForeignKey(Person, verbose_name=_("Person"), on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, verbose_name=_("Skill"), on_delete=models.PROTECT, related_name="people")
    level = models.PositiveSmallIntegerField(pgettext_lazy("skill", "Level"), choices=Level, default=Level.INDEPENDENT)
    assessed_on = models.DateField(_("Assessed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Skill of a person")
        verbose_name_plural = _("Skills of people")
        ordering = ["person__code", "skill__code"]
        constraints = [unique_if_alive("person", "skill", name="person_skill_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.skill}"


class Certificate(Record):
    """A certificate of a person; valid, expiring or expired follows from its date."""

    access_scope = ("pool", "person__unit_id")

    person = models.ForeignKey(Person, verbose_name=_("Person"), on_delete=models.CASCADE, related_name="certificates")
    name = models.CharField(_("Certificate"), max_length=200)
    body = models.CharField(_("Issued by"), max_length=200, blank=True)
    number = models.CharField(_("Certificate number"), max_length=80, blank=True)
    issued_on = models.DateField(_("Issued on"), null=True, blank=True)
    expires_on = models.DateField(_("Expires on"), null=True, blank=True, help_text=_("Empty: does not expire."))

    class Meta(Record.Meta):
        verbose_name = _("Certificate")
        verbose_name_plural = _("Certificates")
        ordering = ["expires_on", "person__code"]
        constraints = [unique_if_alive("person", "name", "number", name="certificate_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.person}"

    def clean(self) -> None:
        if self.issued_on and self.expires_on and self.expires_on < self.issued_on:
            raise ValidationError({"expires_on": _("The end lies before the start.")})
