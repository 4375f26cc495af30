"""Idempotency-Key: a POST sent twice makes one record and gets one answer."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.core.registers.api.problems import ProblemError
from pmo.core.registers.models import IdempotencyKey

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_KEPT = datetime.timedelta(days=7)
_LONGEST = 100


def once(request: Request, work: Callable[[], Response]) -> Response:
    """Run the work once per key; the same request again gets the kept answer. Without a key the work just runs.

    Key, record and answer commit together, so a crash leaves none of them; a second request meanwhile waits for the first.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        return work()
    if len(key) > _LONGEST:
        detail = _("%(header)s is longer than %(most)s characters.") % {"header": HEADER, "most": _LONGEST}
        raise ProblemError(HTTPStatus.BAD_REQUEST, detail)
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        claimed = _claim(request.user, key, fingerprint)
        if claimed is None:
            return _replay(request.user, key, fingerprint)
        response = work()
        kept = {
            "data": response.data,
            "headers": {name: response[name] for name in ("ETag", "Location") if name in response},
        }
        IdempotencyKey.objects.filter(pk=claimed.pk).update(status=response.status_code, body=kept)
    return response


def _fingerprint(request: Request) -> str:
    content = b"\n".join([str(request.method).encode(), request.get_full_path().encode(), request._request.body])
    return hashlib.sha256(content).hexdigest()


def _claim(user: Any, key: str, fingerprint: str) -> IdempotencyKey | None:
    """The row that reserves the key, None where it is taken."""
    IdempotencyKey.objects.filter(user=user, created_at__lt=timezone.now() - _KEPT).delete()
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(user=user, key=key, fingerprint=fingerprint)
    except IntegrityError:
        return None


def _replay(user: Any, key: str, fingerprint: str) -> Response:
    kept = IdempotencyKey.objects.get(user=user, key=key)
    if kept.fingerprint != fingerprint:
        detail = _("This %(header)s was used for another request.") % {"header": HEADER}
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="idempotency-key-reused")
    body: Any = kept.body
    response = Response(body["data"], status=kept.status)
    for name, value in body["headers"].items():
        response[name] = value
    response[REPLAYED] = "true"
    return response
