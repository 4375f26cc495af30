"""Secrets that must be read again (signing keys, robots' addresses), kept so that the database alone does not give them away.

Fernet (AES-128-CBC and HMAC-SHA256) with keys that HKDF-SHA256 derives from SECRET_KEY. Secrets sealed under the keys in
SECRET_KEY_FALLBACKS still open; `manage.py reseal_secrets` seals them anew, so that an earlier key can be dropped.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# Another purpose of SECRET_KEY gets another key.
_PURPOSE = b"bellwether.messages.sealing"
_KEY_BYTES = 32


class CannotOpen(Exception):
    """The sealed text was changed, or was sealed with a key that is no longer known."""


def seal(text: str) -> str:
    """The text in a form that only this installation opens; different every time."""
    return _ring().encrypt(text.encode()).decode()


def open_sealed(sealed: str) -> str:
    """What was sealed. Raises CannotOpen."""
    try:
        return _ring().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen("changed, or sealed with a key that is no longer known") from error


def opens(sealed: str) -> bool:
    """Whether the sealed text can be read with the keys of today."""
    try:
        open_sealed(sealed)
    except CannotOpen:
        return False
    return True


def resealed(sealed: str) -> str:
    """The same secret under the present key. Raises CannotOpen."""
    return seal(open_sealed(sealed))


def _ring() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key: str) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_PURPOSE)
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))
