"""The ceremonies of WebAuthn, checked by fido2 through django-allauth; loaded when first used.

What the browser is to sign lies in the session of the request until it comes back, once.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.people.models import User


def registration_options(user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey that stands for name and password too."""
    from allauth.mfa.webauthn.internal import auth

    return _plain(auth.begin_registration(user, True))


def register(credential: Any) -> dict[str, Any]:
    """Check what the browser made. Raises ValidationError."""
    from allauth.mfa.webauthn.internal import auth

    if not isinstance(credential, dict):
        raise ValidationError(_("The passkey could not be checked. Please try again."))
    try:
        auth.parse_registration_response(credential)
        made = auth.complete_registration(credential)
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise ValidationError(_("The passkey could not be checked. Please try again.")) from error
    if not made.is_user_verified():
        raise ValidationError(_("The device did not ask who you are; a passkey needs a PIN, a finger or a face."))
    return credential


def sign_in_options(user: User | None) -> dict[str, Any]:
    """What the browser needs to use a passkey: of the user, or any it knows for this site."""
    from allauth.mfa.webauthn.internal import auth

    return _plain(auth.begin_authentication(user))


def check(credential: Any, user: User | None = None) -> User:
    """Whose passkey signed. With a user, it must be theirs. Raises ValidationError."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.webauthn.internal import auth

    if not isinstance(credential, dict):
        raise ValidationError(_("The passkey could not be checked. Please try again."))
    try:
        auth.parse_authentication_response(credential)
        owner: Any = user or auth.extract_user_from_response(credential)
        row = auth.complete_authentication(owner, credential)
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValidationError(_("The passkey could not be checked. Please try again.")) from error
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
    found: User = User.objects.select_related("person").get(pk=owner.pk)
    return found


def _plain(options: Any) -> dict[str, Any]:
    """The options as JSON values; binary ones are texts in base64url already."""
    return dict(options)
