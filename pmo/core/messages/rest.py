"""One's own notifications as data. Authentication, errors and scopes are those of the rest of the API."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pmo.core.messages.models import Notification
from pmo.core.messages.queries import Shown, notifications_of, shown_rows
from pmo.core.messages.services.reading import mark_all_read, mark_read

_MOST = 200


class NotificationOut(serializers.Serializer):
    """A notification in the language of the request; `text` is empty where the reader may no longer see what it was about."""

    uid = serializers.UUIDField()
    event = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()
    note = serializers.CharField()
    url = serializers.CharField()
    visible = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class NotificationPage(serializers.Serializer):
    """`next` is the `before` of the following page, null at the end."""

    results = NotificationOut(many=True)
    next = serializers.IntegerField(allow_null=True)


class NotificationCount(serializers.Serializer):
    """How many became read."""

    read = serializers.IntegerField()


def _out(shown: Shown) -> dict[str, Any]:
    row, seen = shown.row, shown.visible
    return {
        "uid": row.uid,
        "event": row.event,
        "label": shown.label,
        "text": shown.text if seen else "",
        "note": shown.note,
        "url": row.url if seen else "",
        "visible": seen,
        "created_at": row.created_at,
        "read_at": row.read_at,
    }


class NotificationList(APIView):
    """The newest first."""

    @extend_schema(
        operation_id="notifications_list",
        parameters=[
            OpenApiParameter("unread", bool, description="Only those not read."),
            OpenApiParameter("event", str, description="Only of this kind."),
            OpenApiParameter("before", int, description="Continue after the page that gave this number as `next`."),
            OpenApiParameter("page_size", int, description="At most 200; 50 without it."),
        ],
        responses=NotificationPage,
    )
    def get(self, request: Request) -> Response:
        """A page of the user's notifications."""
        rows = notifications_of(request.user)
        if request.query_params.get("unread") in {"1", "true"}:
            rows = rows.filter(read_at__isnull=True)
        if event := request.query_params.get("event"):
            rows = rows.filter(event=event)
        before, size = _number(request, "before", 0), min(_number(request, "page_size", 50), _MOST)
        if before:
            rows = rows.filter(pk__lt=before)
        found: list[Notification] = list(rows[: size + 1])
        page = found[:size]
        following = page[-1].pk if len(found) > size else None
        return Response({"results": [_out(one) for one in shown_rows(request.user, page)], "next": following})


class NotificationRead(APIView):
    """One notification."""

    @extend_schema(operation_id="notifications_read", request=None, responses={204: None})
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        """Mark it as read."""
        row = notifications_of(request.user).filter(uid=uid).first()
        if row is None:
            raise Http404(_("You have no such notification."))
        mark_read(user=request.user, ids=[row.pk])
        return Response(status=HTTPStatus.NO_CONTENT)


class NotificationReadAll(APIView):
    """All of them."""

    @extend_schema(operation_id="notifications_read_all", request=None, responses=NotificationCount)
    def post(self, request: Request) -> Response:
        """Mark all as read."""
        return Response({"read": mark_all_read(user=request.user)})


def _number(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return usual
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**62:
        raise ValidationError({name: _("Expected a whole number above zero.")})
    return int(text)
