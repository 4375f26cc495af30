"""Personal API tokens: made, shown once, kept as a hash, revoked."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.features import api as features
from pmo.core.features.declaration import API_TOKENS
from pmo.core.registers.models import ApiToken

PREFIX = "bw_"
LONGEST_DAYS = 366
# How often the time of last use is written.
_USE_STEP = datetime.timedelta(minutes=5)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_token(*, actor: Actor, name: str, scope: str, days: int, owner: Any = None) -> tuple[ApiToken, str]:
    """A token for the actor (or the owner, a service account) that lasts `days` (1 to 366). Raises Refused where tokens are switched off. Returns the row and the token itself, which is kept nowhere."""
    features.require(API_TOKENS)
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("A token lasts 1 to %(most)s days.") % {"most": LONGEST_DAYS}})
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        user=owner or actor.user,
        name=name,
        scope=scope,
        prefix=token[:8],
        digest=digest(token),
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )
    row.full_clean()
    with transaction.atomic():
        row.save(force_insert=True)
        record(actor=actor, act=Act("create", "core.apitoken", row.pk, row.name, changes={"scope": [None, scope]}))
    return row, token


def revoke_token(*, actor: Actor, row: ApiToken) -> None:
    """End a token at once; a second time changes nothing."""
    with transaction.atomic():
        ended = ApiToken.objects.filter(pk=row.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
        if ended:
            record(actor=actor, act=Act("revoke", "core.apitoken", row.pk, row.name))


def revoke_tokens(*, actor: Actor, user: Any) -> None:
    """End every token of the user that is in force: whoever made one may not have been the user."""
    with transaction.atomic():
        for row in tokens_of(user).filter(revoked_at__isnull=True, expires_at__gt=timezone.now()):
            revoke_token(actor=actor, row=row)


def find_token(text: str) -> ApiToken | None:
    """The token in force with this text, None for an unknown, expired or revoked one or one of an inactive user."""
    if not text.startswith(PREFIX):
        return None
    now = timezone.now()
    rows = ApiToken.objects.filter(
        digest=digest(text), revoked_at__isnull=True, expires_at__gt=now, user__is_active=True
    )
    found = rows.select_related("user").annotate(features_off=features.expression()).first()
    if found is not None:
        features.take(found.features_off)
    return found


def note_use(token: ApiToken) -> None:
    """Remember that the token was used, at most once in five minutes."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > _USE_STEP:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def tokens_of(user: Any) -> Any:
    """The user's tokens, newest first."""
    return ApiToken.objects.filter(user=user)
