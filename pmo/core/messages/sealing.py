"""Secrets that must be read again (signing keys, robots' addresses), kept so that the database alone does not give them away.

Encrypt-then-MAC over keys derived from SECRET_KEY: HMAC-SHA256 in counter mode gives the key stream, HMAC-SHA256 over
nonce and text the tag (NIST SP 800-108 for the derivation, Bellare and Namprempre 2000 for the order). Earlier keys in
SECRET_KEY_FALLBACKS still open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

_VERSION = "v1"
_NONCE = 16
_TAG = 32


class CannotOpen(Exception):
    """The sealed text was changed, or was sealed with a key that is no longer known."""


def seal(text: str) -> str:
    """The text in a form that only this installation opens; different every time."""
    nonce = secrets.token_bytes(_NONCE)
    hidden = _mask(settings.SECRET_KEY, nonce, text.encode())
    return f"{_VERSION}.{base64.urlsafe_b64encode(nonce + hidden + _tag(settings.SECRET_KEY, nonce, hidden)).decode()}"


def open_sealed(sealed: str) -> str:
    """What was sealed. Raises CannotOpen."""
    version, _dot, rest = sealed.partition(".")
    try:
        raw = base64.urlsafe_b64decode(rest)
    except ValueError as error:
        raise CannotOpen("not a sealed text") from error
    if version != _VERSION or len(raw) < _NONCE + _TAG:
        raise CannotOpen("not a sealed text")
    nonce, hidden, tag = raw[:_NONCE], raw[_NONCE:-_TAG], raw[-_TAG:]
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(tag, _tag(key, nonce, hidden)):
            return _mask(key, nonce, hidden).decode()
    raise CannotOpen("changed, or sealed with another key")


def _derived(key: str, use: str) -> bytes:
    return hmac.new(key.encode(), f"bellwether.messages.sealing {use}".encode(), hashlib.sha256).digest()


def _mask(key: str, nonce: bytes, data: bytes) -> bytes:
    """Data XOR key stream: hides and shows alike."""
    stream_key, stream = _derived(key, "hide"), b""
    for block in range(-(-len(data) // 32)):
        stream += hmac.new(stream_key, nonce + block.to_bytes(8, "big"), hashlib.sha256).digest()
    return bytes(left ^ right for left, right in zip(data, stream, strict=False))


def _tag(key: str, nonce: bytes, hidden: bytes) -> bytes:
    return hmac.new(_derived(key, "prove"), nonce + hidden, hashlib.sha256).digest()
