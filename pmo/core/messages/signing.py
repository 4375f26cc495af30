"""How a receiver of webhooks knows that we sent them: HMAC-SHA256 over time and body.

The header reads `Bellwether-Signature: t=1795312800,v1=<hex>`; the signed text is the number, a dot and the body as sent. A
receiver computes the same with its secret, compares in constant time and refuses what is older than five minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

HEADER = "Bellwether-Signature"
SECRET_PREFIX = "bws_"  # noqa: S105 - how a secret begins, none itself


def new_secret() -> str:
    """A secret of 256 bits."""
    return SECRET_PREFIX + secrets.token_urlsafe(32)


def signature(secret: str, body: bytes, moment: int) -> str:
    """The value of the header for a body sent at `moment` (Unix seconds)."""
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={mac}"


def is_genuine(secret: str, body: bytes, header: str, *, now: int, tolerance: int = 300) -> bool:
    """What a receiver does: the header belongs to the body and is not older (or newer) than the tolerance in seconds."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    moment = parts.get("t", "")
    if not moment.isdigit() or abs(now - int(moment)) > tolerance:
        return False
    expected = signature(secret, body, int(moment)).partition("v1=")[2]
    return hmac.compare_digest(expected, parts.get("v1", ""))
