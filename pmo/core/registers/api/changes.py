"""Own changes of the last week through the API, and taking them back within ten minutes."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pmo.core.audit.actor import actor_of
from pmo.core.registers.api.output import plain
from pmo.core.registers.api.problems import ProblemError
from pmo.core.registers.api.shapes import PROBLEMS
from pmo.core.registers.undo.jobs import start_undo
from pmo.core.registers.undo.models import UndoEntry
from pmo.core.registers.undo.services import AT_ONCE, UndoRefusedError, entry_of, may_undo, undo

UNDO, UNTIL = "Undo-Location", "Undo-Until"
_NEWEST = 100


class LeftAlone(serializers.Serializer[Any]):
    """A row that stayed as it is."""

    id = serializers.IntegerField()
    label: Any = serializers.CharField()
    reason = serializers.CharField()


class Change(serializers.Serializer[Any]):
    """One change of mine: what it did, and until when it can be taken back."""

    uid = serializers.UUIDField()
    register = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField()
    title = serializers.CharField()
    matched = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused_count = serializers.IntegerField()
    refused: Any = LeftAlone(many=True)
    kept: Any = LeftAlone(many=True)
    created_at = serializers.DateTimeField()
    undo_until = serializers.DateTimeField()
    undo = serializers.CharField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    job = serializers.CharField(allow_null=True)


class ChangePage(serializers.Serializer[Any]):
    """The newest changes."""

    results: Any = Change(many=True)


def as_json(entry: UndoEntry) -> dict[str, Any]:
    """One change. `undo` is where a POST takes it back, null where that is over."""
    return {
        "uid": str(entry.uid),
        "register": entry.register,
        "kind": entry.kind,
        "state": entry.state,
        "title": entry.title,
        "matched": entry.matched,
        "changed": entry.changed,
        "unchanged": entry.unchanged,
        "refused_count": entry.refused_count,
        "refused": entry.refused,
        "kept": entry.kept,
        "created_at": plain(entry.created_at),
        "undo_until": plain(entry.expires_at),
        "undo": undo_address(entry) if may_undo(entry) else None,
        "undone_at": plain(entry.undone_at),
        "job": reverse("job-detail", kwargs={"uid": entry.job_uid}) if entry.job_uid else None,
    }


def undo_address(entry: UndoEntry) -> str:
    """Where a POST takes the change back."""
    return reverse("api-change-undo", kwargs={"uid": entry.uid})


def with_undo(response: Response, entry: UndoEntry | None) -> Response:
    """The answer to a change of one row, with the address that takes it back and until when."""
    if entry is not None:
        response[UNDO], response[UNTIL] = undo_address(entry), plain(entry.expires_at)
    return response


class ChangeList(APIView):
    """My changes."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(
        operation_id="changes_list", summary="My changes of the last week", tags=["changes"], responses=ChangePage
    )
    def get(self, request: Request) -> Response:
        """The newest hundred."""
        mine = UndoEntry.objects.filter(user_id=int(request.user.pk or 0)).order_by("-id")[:_NEWEST]
        return Response({"results": [as_json(entry) for entry in mine]})


class ChangeItem(APIView):
    """One change of mine."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(
        operation_id="changes_retrieve", summary="One change", tags=["changes"], responses={200: Change, **PROBLEMS}
    )
    def get(self, request: Request, uid: uuid.UUID) -> Response:
        """What it did and how far it is."""
        return Response(as_json(_mine(request, uid)))


class ChangeUndo(APIView):
    """Taking a change back."""

    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="changes_undo",
        summary="Take a change back",
        tags=["changes"],
        request=None,
        responses={200: Change, 202: Change, **PROBLEMS},
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        """200 with the rows that stay in `kept`; 202 where it goes on as a job; 409 where it is over or done."""
        entry = _mine(request, uid)
        actor = actor_of(request.user, getattr(request._request, "request_id", ""))
        try:
            if entry.changed > AT_ONCE:
                with transaction.atomic():
                    job = start_undo(actor=actor, entry=entry)
                body = as_json(entry) | {"job": reverse("job-detail", kwargs={"uid": job.uid})}
                return Response(body, status=HTTPStatus.ACCEPTED)
            undo(actor=actor, entry=entry)
        except UndoRefusedError as refused:
            raise ProblemError(HTTPStatus.CONFLICT, refused.reason, kind="undo") from refused
        return Response(as_json(entry))


def _mine(request: Request, uid: uuid.UUID) -> UndoEntry:
    entry = entry_of(request.user, uid)
    if entry is None:
        raise Http404
    return entry
