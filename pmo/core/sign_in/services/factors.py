"""Second factors: codes of an authenticator app, recovery codes, passkeys."""

from __future__ import annotations

import hmac
import logging
import time
from dataclasses import dataclass
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.messages.sealing import CannotOpen, resealed

log = logging.getLogger(__name__)

Type = Authenticator.Type
_STEP = 30
# A clock may be half a minute off either way.
_TOLERANCE = 1
_REAL = (Type.TOTP, Type.WEBAUTHN)


@dataclass(frozen=True)
class Factors:
    """What a user has set up."""

    totp: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int | None

    @property
    def any(self) -> bool:
        """Whether a second step is asked for."""
        return self.totp is not None or bool(self.passkeys)


def has_factor(user: Any) -> bool:
    """Whether an app or a passkey is set up; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=_REAL).exists())


def factors_of(user: Any) -> Factors:
    """One statement."""
    rows = list(Authenticator.objects.filter(user_id=user.pk).order_by("pk"))
    codes = next((row for row in rows if row.type == Type.RECOVERY_CODES), None)
    return Factors(
        totp=next((row for row in rows if row.type == Type.TOTP), None),
        passkeys=[row for row in rows if row.type == Type.WEBAUTHN],
        codes_left=None if codes is None else _codes_left(codes),
    )


def _codes_left(row: Authenticator) -> int:
    return 10 - bin(row.data.get("used_mask", 0)).count("1")


def new_secret() -> str:
    """A secret for an authenticator app, in base 32."""
    return str(generate_totp_secret())


def totp_url(user: Any, secret: str) -> str:
    """What an authenticator app reads from the picture."""
    return str(get_adapter().build_totp_url(user, secret))


def totp_picture(url: str) -> str:
    """The address as an SVG picture."""
    return str(get_adapter().build_totp_svg(url))


def matching_step(secret: str, code: str, after: int = 0) -> int | None:
    """The time step that the code belongs to; None for a wrong code and for one not later than step `after`."""
    now = int(time.time()) // _STEP
    for step in range(now - _TOLERANCE, now + _TOLERANCE + 1):
        if step > after and hmac.compare_digest(format_hotp_value(hotp_value(secret, step)), code):
            return step
    return None


def _typed(code: str) -> str:
    return "".join(sign for sign in code if sign.isascii() and sign.isdigit())


def activate_totp(*, actor: Actor, user: Any, secret: str, code: str) -> None:
    """Set up an app, in place of one there was. Raises ValidationError for a code that the secret does not give."""
    step = matching_step(secret, _typed(code))
    if step is None:
        raise ValidationError({"code": _("This is not the code of the moment. Check the clock of the device.")})
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk, type=Type.TOTP).delete()
        data = {"secret": get_adapter().encrypt(secret), "step": step}
        Authenticator.objects.create(user_id=user.pk, type=Type.TOTP, data=data)
        _audit(actor, user, "mfa_add", "totp")


def check_code(user: Any, code: str) -> str:
    """Judge a code of the app or a recovery code: "totp", "recovery_codes", or "" for a wrong one. Each works once."""
    typed = _typed(code)
    if not typed:
        return ""
    try:
        with transaction.atomic():
            rows = list(Authenticator.objects.select_for_update().filter(user_id=user.pk).order_by("pk"))
            return _checked(rows, typed)
    except CannotOpen:
        log.error("The second factor of user %s cannot be read any more: SECRET_KEY was changed.", user.pk)
        return ""


def _checked(rows: list[Authenticator], typed: str) -> str:
    for row in rows:
        if row.type == Type.TOTP:
            step = matching_step(get_adapter().decrypt(row.data["secret"]), typed, row.data.get("step", 0))
            if step is not None:
                row.data["step"], row.last_used_at = step, timezone.now()
                row.save(update_fields=["data", "last_used_at"])
                return str(Type.TOTP.value)
        elif row.type == Type.RECOVERY_CODES and RecoveryCodes(row).validate_code(typed):
            Authenticator.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
            return str(Type.RECOVERY_CODES.value)
    return ""


def new_codes(*, actor: Actor, user: Any) -> list[str]:
    """Ten recovery codes in place of the earlier ones; they are shown once."""
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).delete()
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
        _audit(actor, user, "mfa_add", "recovery_codes")
    return codes


def add_passkey(*, actor: Actor, user: Any, name: str, credential: dict[str, Any]) -> None:
    """Keep a passkey that the browser made and `passkeys.register` has checked."""
    with transaction.atomic():
        data = {"name": name[:60], "credential": credential}
        Authenticator.objects.create(user_id=user.pk, type=Type.WEBAUTHN, data=data)
        _audit(actor, user, "mfa_add", "webauthn")


def remove_factor(*, actor: Actor, user: Any, pk: int, must_keep: bool) -> None:
    """Remove an app or a passkey; with the last one the recovery codes go too. Raises ValidationError where one must stay."""
    with transaction.atomic():
        row = Authenticator.objects.filter(user_id=user.pk, pk=pk, type__in=_REAL).first()
        if row is None:
            return
        last = not Authenticator.objects.filter(user_id=user.pk, type__in=_REAL).exclude(pk=pk).exists()
        if last and must_keep:
            raise ValidationError(_("Your role asks for a second factor: set up another one first."))
        kind = row.type
        row.delete()
        if last:
            Authenticator.objects.filter(user_id=user.pk).delete()
        _audit(actor, user, "mfa_remove", kind)


def reset_factors(*, actor: Actor, user: Any) -> None:
    """Remove every factor of somebody who lost them."""
    with transaction.atomic():
        gone, _rows = Authenticator.objects.filter(user_id=user.pk).delete()
        if gone:
            _audit(actor, user, "mfa_reset", "all")


def reseal_factors() -> tuple[int, list[str]]:
    """Seal the secrets anew with the present key; returns how many, and the logins whose secrets cannot be read."""
    done, lost = 0, []
    rows = Authenticator.objects.filter(type__in=(Type.TOTP, Type.RECOVERY_CODES)).select_related("user")
    for row in rows.order_by("pk"):
        name = "secret" if row.type == Type.TOTP else "seed"
        try:
            row.data[name] = resealed(row.data[name])
        except CannotOpen:
            lost.append(f"{row.user.get_username()} ({row.type})")
            continue
        row.save(update_fields=["data"])
        done += 1
    return done, lost


def _audit(actor: Actor, user: Any, act: str, kind: str) -> None:
    changes = {"factor": [None, str(kind)]}
    record(actor=actor, act=Act(act, "core.user", user.pk, user.get_username(), changes=changes))
