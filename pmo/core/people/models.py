"""Users, people, organisational units and the roles granted in them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.history.models import version_model
from pmo.core.people.names import localised
from pmo.core.records.models import Record, unique_if_alive


class User(AbstractUser):
    """A login. Who somebody is at work is the Person."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    language = models.CharField(
        _("Language"), max_length=10, default="zh-hans", choices=[("zh-hans", "中文"), ("en", "English")]
    )
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True)
    theme = models.CharField(_("Theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    # A program's login: it has API tokens and opens no page.
    is_service = models.BooleanField(_("Service account"), default=False)
    must_change_password = models.BooleanField(_("Must change the password"), default=False)
    password_changed_at = models.DateTimeField(_("Password changed"), null=True, blank=True)

    class Meta:
        verbose_name = _("User")
        verbose_name_plural = _("Users")
        default_permissions = ()


class OrgUnit(Record):
    """A unit of the organisation; units form a tree by a materialised path such as /0001/0007/."""

    access_scope = ("unit", "id")

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("Enterprise")
        BUSINESS_UNIT = "business_unit", _("Business unit")
        DEPARTMENT = "department", _("Department")
        TEAM = "team", _("Team")

    code = models.CharField(_("Code"), max_length=40)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind, default=Kind.DEPARTMENT)
    parent = models.ForeignKey(
        "self", verbose_name=_("Parent unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=500, editable=False, db_index=True, default="/")

    class Meta(Record.Meta):
        verbose_name = _("Organisational unit")
        verbose_name_plural = _("Organisational units")
        ordering = ["path"]
        constraints = [unique_if_alive("code", name="org_unit_code")]

    def __str__(self) -> str:
        return localised(self.name_zh, self.name_en) or self.code


class Person(Record):
    """Everybody who owns, manages, sponsors or rates something, with or without a login."""

    code = models.CharField(_("Staff number"), max_length=40)
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    title = models.CharField(_("Position"), max_length=120, blank=True)
    unit = models.ForeignKey(
        OrgUnit, verbose_name=_("Unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    line_manager = models.ForeignKey(
        "self", verbose_name=_("Line manager"), null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    user = models.OneToOneField(
        User, verbose_name=_("Login"), null=True, blank=True, on_delete=models.SET_NULL, related_name="person"
    )

    class Meta(Record.Meta):
        verbose_name = _("Person")
        verbose_name_plural = _("People")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="person_code")]

    def __str__(self) -> str:
        return localised(self.name_zh, self.name_en) or self.code


class RoleGrant(Record):
    """A role held in the whole organisation (no unit) or in a unit and everything below it."""

    person = models.ForeignKey(Person, verbose_name=_("Person"), on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        OrgUnit,
        verbose_name=_("Unit"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="grants",
        help_text=_("Empty: the whole organisation."),
    )

    class Meta(Record.Meta):
        verbose_name = _("Role grant")
        verbose_name_plural = _("Role grants")
        ordering = ["person", "role"]
        constraints = [unique_if_alive("person", "role", "unit", name="role_grant_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"


OrgUnitVersion = version_model(OrgUnit)
