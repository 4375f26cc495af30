"""Ways of signing in, in words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WORDS = {
    "password": gettext_lazy("Password"),
    "ldap": gettext_lazy("Directory"),
    "oidc": "OpenID Connect",
    "saml": "SAML",
    "passkey": gettext_lazy("Passkey"),
    "invite": gettext_lazy("Invitation"),
}


def method_words(method: str) -> Any:
    """The way, by the name that the settings give it where they do."""
    named = getattr(settings.SIGN_IN, method, None) if method in {"oidc", "saml", "ldap"} else None
    return named.name if named else _WORDS.get(method, method or _("unknown"))
