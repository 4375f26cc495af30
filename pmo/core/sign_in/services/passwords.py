"""Changing a password, and forgetting it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.audit.services import Act, record
from pmo.core.people.models import User
from pmo.core.registers.tokens import revoke_tokens
from pmo.core.sign_in.models import FormerPassword
from pmo.core.sign_in.services import limits, mails
from pmo.core.sign_in.services.sessions import end_sessions

# The password was lost: what was made with it may be somebody else's.
_LOST = frozenset({"password_reset", "password_temporary"})


def set_password(
    *, actor: Actor, user: User, password: str, keep: str | None = None, temporary: bool = False, act: str = ""
) -> None:
    """Give the user another password; all their sessions but the one with the key `keep` end, locks are lifted.

    `temporary`: it must be changed at the next sign-in. Where the old one was lost, API tokens end too. Raises ValidationError where the policy refuses it.
    """
    validate_password(password, user)
    with transaction.atomic():
        _keep_former(user)
        user.set_password(password)
        user.password_changed_at, user.must_change_password = timezone.now(), temporary
        user.save(update_fields=["password", "password_changed_at", "must_change_password"])
        end_sessions(actor=actor, user=user, but=keep, audited=False)
        if act in _LOST:
            revoke_tokens(actor=actor, user=user)
        limits.unlock(actor=actor, user=user)
        record(actor=actor, act=Act(act or "password_change", "core.user", user.pk, user.username))


def _keep_former(user: User) -> None:
    """Remember the present hash, and forget those that the policy no longer asks for."""
    most = max(settings.SIGN_IN.password_history - 1, 0)
    if user.has_usable_password() and most:
        FormerPassword.objects.create(user=user, password=user.password)
    kept = list(FormerPassword.objects.filter(user=user).values_list("pk", flat=True)[:most])
    FormerPassword.objects.filter(user=user).exclude(pk__in=kept).delete()


def may_reset(user: Any) -> bool:
    """Whether the user has a password of this site that can be forgotten."""
    policy = settings.SIGN_IN
    local = policy.passwords or user.username in policy.emergency_users
    return bool(local and user.is_active and not user.is_service and user.has_usable_password())


def request_reset(*, email: str, address: str | None, actor: Actor = SYSTEM) -> None:
    """Send a link to every login with this address; to nobody, and silently, where there is none or too much was asked."""
    if not limits.reset_allowed(email, address):
        return
    users = User.objects.filter(email__iexact=email) | User.objects.filter(email="", person__email__iexact=email)
    for user in users.filter(is_active=True).select_related("person").order_by("pk")[:5]:
        if may_reset(user):
            send_reset(actor=actor, user=user)


def send_reset(*, actor: Actor, user: User) -> None:
    """Queue the mail with the link."""
    with transaction.atomic():
        mails.queue_reset(user)
        record(actor=actor, act=Act("password_reset_sent", "core.user", user.pk, user.username))


def user_of_link(uid: str, token: str) -> User | None:
    """Whose link it is; None where it was used, ran out, or is not one of ours."""
    try:
        pk = int(force_str(urlsafe_base64_decode(uid)))
    except (TypeError, ValueError, OverflowError):
        return None
    user = User.objects.filter(pk=pk).select_related("person").first()
    if user is None or not may_reset(user) or not default_token_generator.check_token(user, token):
        return None
    return user
