"""What sign-in keeps: sessions with their device, failures that lock, invitations, identities of other systems, earlier passwords."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.people.models import OrgUnit, Person


class Session(AbstractBaseSession):
    """A signed-in browser: Django's session, and beside it whose it is and where it was last seen."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("User")
    )
    # Names a session in an address of this site; the key itself is a secret.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    method = models.CharField(_("Signed in with"), max_length=20, blank=True)
    device = models.CharField(_("Device"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("Address"), null=True, blank=True)
    created_at = models.DateTimeField(_("Signed in"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("Last seen"), null=True)

    class Meta:
        verbose_name = _("Session")
        verbose_name_plural = _("Sessions")
        default_permissions = ()
        indexes = [models.Index(fields=["user", "-last_seen_at"], name="session_of_user")]


class SignInLimit(models.Model):
    """Failed attempts on an account, from an address, or of both together; `key` is a digest of what was typed."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("Account")
        ADDRESS = "address", _("Address")
        PAIR = "pair", _("Account and address")
        RESET = "reset", _("Password reset")

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=64, unique=True)
    # Whose failures these are, where the name typed is a login of ours.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["since"], name="sign_in_limit_since")]

    def __str__(self) -> str:
        return f"{self.kind} {self.failures}"


class Invite(models.Model):
    """An invitation by e-mail that makes one account, once; only the hash of its token is kept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("E-mail"))
    person = models.ForeignKey(
        Person, verbose_name=_("Person"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("Name"), max_length=100, blank=True)
    roles = models.JSONField(_("Roles"), default=list, blank=True)
    unit = models.ForeignKey(
        OrgUnit, verbose_name=_("Unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(
        _("Language"), max_length=10, default="zh-hans", choices=[("zh-hans", "中文"), ("en", "English")]
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("Expires"))
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Invited by")
    )
    sent = models.PositiveSmallIntegerField(default=1)
    accepted_at = models.DateTimeField(_("Accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("Invitation")
        verbose_name_plural = _("Invitations")
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.email


class ExternalIdentity(models.Model):
    """Who a login is in another system: the source's own name of it, which never changes hands."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities", verbose_name=_("User")
    )
    source = models.CharField(_("Source"), max_length=20)
    subject = models.CharField(_("Subject"), max_length=255)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("Last used"), null=True)

    class Meta:
        verbose_name = _("External identity")
        verbose_name_plural = _("External identities")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "subject"], name="external_identity_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.subject}"


class FormerPassword(models.Model):
    """The hash of a password a login had, so that it is not taken again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.user_id)
