"""Webhooks and chat groups: one lane, since both are HTTP to addresses that somebody typed in."""

from __future__ import annotations

import json
import time
from typing import Any

from django.utils.translation import override

from pmo.core.features.api import is_on
from pmo.core.features.declaration import CHATS, WEBHOOKS
from pmo.core.messages import safe_http
from pmo.core.messages.channels import robots
from pmo.core.messages.channels.outcome import End, Outcome, Sender
from pmo.core.messages.models import MessageDelivery, Webhook
from pmo.core.messages.safe_http import NoAnswer, UnsafeAddress
from pmo.core.messages.sealing import CannotOpen, open_sealed
from pmo.core.messages.signing import HEADER, signature

GONE = 410
AGENT = "Bellwether-Webhooks/1"
SWITCHED_OFF = "switched off"
REDIRECT = "redirects are not followed"
UNREADABLE = "the secret can no longer be read"


class WebSender(Sender):
    """Sends rows of both channels; opens a connection for each."""

    def send(self, row: MessageDelivery) -> Outcome:
        """Deliver to the webhook or the robot of the group, unless somebody switched it off."""
        target = row.webhook or row.chat
        if target is None or not target.active or not is_on(WEBHOOKS if row.webhook is not None else CHATS):
            return Outcome(End.DROPPED, SWITCHED_OFF)
        try:
            return post_webhook(row.webhook, row) if row.webhook is not None else robots.post_chat(row)
        except CannotOpen:
            return Outcome(End.NEVER, UNREADABLE, sealed=True)
        except UnsafeAddress as error:
            with override("en"):
                return Outcome(End.NEVER, str(error.message))
        except NoAnswer as error:
            return Outcome(End.LATER, str(error))


def post_webhook(hook: Webhook, row: MessageDelivery) -> Outcome:
    """One signed POST. 2xx is delivered; 410 says never again; a redirect is not followed and counts as a failure."""
    body = webhook_body(row)
    answer = safe_http.request("POST", hook.url, body=body, headers=webhook_headers(hook, row, body))
    if answer.ok:
        return Outcome(End.SENT, "", answer.status)
    said = answer.body[:200].decode(errors="replace").strip()
    if 300 <= answer.status < 400:
        said = REDIRECT
    return Outcome(End.NEVER if answer.status == GONE else End.LATER, f"{answer.status} {said}", answer.status)


def webhook_body(row: MessageDelivery) -> bytes:
    """The JSON body: the same in every attempt."""
    content: dict[str, Any] = {"id": str(row.uid), **row.payload}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def webhook_headers(hook: Webhook, row: MessageDelivery, body: bytes) -> dict[str, str]:
    """Content type, event, delivery and signature."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": AGENT,
        "Bellwether-Event": row.event,
        "Bellwether-Delivery": str(row.uid),
        HEADER: signature(open_sealed(hook.secret), body, int(time.time())),
    }
