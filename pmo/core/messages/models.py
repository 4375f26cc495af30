"""What is told to whom, how they want to hear it, and the deliveries that are still to make."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

URL_LENGTH = 1000
# Refused one by one, with pauses up to an hour: about seven hours. A server that is not reached does not count.
MOST_ATTEMPTS = 12


class Channel(models.TextChoices):
    """How something reaches a receiver. A digest is a mail that gathers."""

    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    DIGEST = "digest", _("Daily digest")
    WEBHOOK = "webhook", _("Webhook")
    CHAT = "chat", _("Chat group")


class Mode(models.TextChoices):
    """When somebody wants to hear of a kind of event by mail."""

    NOW = "now", _("At once")
    DIGEST = "digest", _("In the daily digest")
    OFF = "off", pgettext_lazy("messages", "Not at all")


class Language(models.TextChoices):
    """The languages of a receiver that is not a user."""

    ZH = "zh-hans", "中文"
    EN = "en", "English"


class Notification(models.Model):
    """One thing told to one user; rendered from its event and parameters in the reader's language."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    event = models.CharField(_("Kind"), max_length=60)
    # The event's own key: with it nobody is told the same thing twice.
    key = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    note = models.JSONField(null=True)
    url = models.CharField(max_length=URL_LENGTH, blank=True)
    about_model = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(_("Time"))
    read_at = models.DateTimeField(_("Read"), null=True)
    # Waits for the user's next digest.
    for_digest = models.BooleanField(default=False)
    # Switched off in the centre: kept for the digest or the mail only.
    hidden = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Notification")
        verbose_name_plural = _("Notifications")
        default_permissions = ()
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "event", "key"], name="notification_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_user"),
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True, hidden=False), name="notification_unread"
            ),
            models.Index(fields=["user"], condition=models.Q(for_digest=True), name="notification_digest"),
            models.Index(fields=["about_model", "about_id"], name="notification_about"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.user_id}"


class MessageChoice(models.Model):
    """What a user chose for one kind of event on one channel; without a row the default of the role holds."""

    class Channel(models.TextChoices):
        CENTRE = "centre", _("Notification centre")
        EMAIL = "email", pgettext_lazy("channel", "E-mail")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="message_choices")
    event = models.CharField(max_length=60)
    channel = models.CharField(max_length=6, choices=Channel)
    mode = models.CharField(max_length=6, choices=Mode)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "event", "channel"], name="message_choice_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.event} {self.channel} {self.mode}"


class MessageHours(models.Model):
    """When a user is reached: the hour of the digest, the hours of quiet, both by the user's clock."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="message_hours"
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("Hour of the digest"), default=8, validators=[MinValueValidator(0), MaxValueValidator(23)]
    )
    quiet_from = models.TimeField(_("Quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("Quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("Message hours")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} {self.digest_hour}"


class DigestDay(models.Model):
    """A digest made for a user and a day by the user's clock: the constraint makes it once, however many clocks tick."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class Webhook(models.Model):
    """An address outside that is told of events, signed. The secret is sealed; see `pmo.core.messages.sealing`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=100)
    url = models.CharField(_("Address"), max_length=500)
    events = models.JSONField(_("Events"), default=list, blank=True)
    secret = models.TextField(editable=False)
    active = models.BooleanField(_("Active"), default=True)
    # Deliveries refused one after the other; a good one sets it back.
    failures = models.PositiveIntegerField(_("Failures in a row"), default=0, editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("Webhook")
        verbose_name_plural = _("Webhooks")
        default_permissions = ()
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class ChatGroup(models.Model):
    """A group in a chat tool that is told of events by a robot. The robot's address is a secret and is sealed."""

    class Kind(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")
        TEAMS = "teams", "Microsoft Teams"
        SLACK = "slack", "Slack"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=100)
    kind = models.CharField(_("Tool"), max_length=10, choices=Kind)
    address = models.TextField(editable=False)
    hint = models.CharField(max_length=12, editable=False)
    language = models.CharField(_("Language"), max_length=10, choices=Language, default=Language.ZH)
    events = models.JSONField(_("Events"), default=list, blank=True)
    # Only what concerns one portfolio (or unit); empty: everything.
    scope_kind = models.CharField(max_length=20, blank=True)
    scope_id = models.BigIntegerField(null=True, blank=True)
    active = models.BooleanField(_("Active"), default=True)
    failures = models.PositiveIntegerField(_("Failures in a row"), default=0, editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Chat group")
        verbose_name_plural = _("Chat groups")
        default_permissions = ()
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class MessageDelivery(models.Model):
    """One delivery to make on one channel: written with what it tells, taken by one worker at a time."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        SENDING = "sending", pgettext_lazy("delivery", "Being sent")
        SENT = "sent", pgettext_lazy("delivery", "Delivered")
        DEAD = "dead", pgettext_lazy("delivery", "Given up")
        DROPPED = "dropped", pgettext_lazy("delivery", "No longer wanted")

    # The identity a receiver sees: Message-ID of a mail, delivery id of a webhook. The same in every attempt.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(max_length=8, choices=Channel)
    # Event key, receiver and channel: a second delivery of the same is refused by the table.
    once = models.CharField(max_length=300, unique=True)
    event = models.CharField(_("Kind"), max_length=60)
    notification = models.ForeignKey(Notification, null=True, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    webhook = models.ForeignKey(Webhook, null=True, on_delete=models.CASCADE, related_name="deliveries")
    chat = models.ForeignKey(ChatGroup, null=True, on_delete=models.CASCADE, related_name="deliveries")
    payload = models.JSONField(default=dict)
    state = models.CharField(_("Status"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    next_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("Delivered at"), null=True)
    status_code = models.PositiveSmallIntegerField(pgettext_lazy("delivery", "Answer"), null=True)
    error = models.CharField(_("Error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("Time"))

    class Meta:
        verbose_name = _("Delivery")
        verbose_name_plural = _("Deliveries")
        default_permissions = ()
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(state__in=["waiting", "sending"]), name="message_delivery_due"
            ),
            models.Index(fields=["webhook", "-id"], name="message_delivery_webhook"),
            models.Index(fields=["chat", "-id"], name="message_delivery_chat"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.once}"


class DeliveryLane(models.Model):
    """Who is delivering on a lane: one worker at a time, so that a slow receiver does not occupy all of them."""

    name = models.CharField(max_length=20, primary_key=True)
    holder = models.UUIDField(null=True)
    until = models.DateTimeField(null=True)
    # Times in a row that the way out was closed: the lane then rests, longer each time.
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class CalendarFeed(models.Model):
    """A secret address at which a user's calendar program reads dates: only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    name = models.CharField(_("Name"), max_length=100)
    prefix = models.CharField(_("Begins with"), max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(_("Language"), max_length=10, choices=Language, default=Language.ZH)
    kinds = models.JSONField(_("Shows"), default=list)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("Last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("Calendar feed")
        verbose_name_plural = _("Calendar feeds")
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
