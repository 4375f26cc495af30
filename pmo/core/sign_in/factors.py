"""How django-allauth's second factors are kept here: secrets sealed, under the product's name."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter

from pmo.core.messages.sealing import open_sealed, seal


class Adapter(DefaultMFAAdapter):
    """Seals what must be read again; tells nobody by mail (the services audit)."""

    def encrypt(self, text: str) -> str:
        """The secret as it lies in the database."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises CannotOpen."""
        return open_sealed(encrypted_text)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is sent."""

    def _get_site_name(self) -> str:
        return "Bellwether"

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())
