"""Comments and tags of a record through the REST API: whoever sees the record reads them, whoever takes part writes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pmo.core.access.decisions import Refused
from pmo.core.activity import queries, services
from pmo.core.activity.access import may_change, may_remove, may_take_part
from pmo.core.activity.calc import pieces
from pmo.core.activity.models import Comment, about
from pmo.core.activity.views import tab_address
from pmo.core.audit.actor import Actor, actor_of
from pmo.core.records.models import Record
from pmo.core.records.services import StaleRecord
from pmo.core.registers.api.idempotency import once
from pmo.core.registers.api.output import plain
from pmo.core.registers.api.problems import ProblemError, entry, validation_entries
from pmo.core.registers.api.shapes import PROBLEMS
from pmo.core.registers.api.views import if_match, known_register
from pmo.core.registers.declaration import Register
from pmo.core.registers.queries import get_row
from pmo.core.registers.values import is_id

_MOST, _USUAL = 200, 50
_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The comment's ETag.")


class Said(serializers.Serializer[Any]):
    """One comment. Mentions are written into the text as @Name(code)."""

    id = serializers.IntegerField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    author = serializers.CharField(read_only=True)
    text = serializers.CharField(max_length=5000)
    mentions: Any = serializers.ListField(child=serializers.CharField(), read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    edited_at = serializers.DateTimeField(read_only=True, allow_null=True)
    mine = serializers.BooleanField(read_only=True)
    untold: Any = serializers.ListField(child=serializers.CharField(), read_only=True, required=False)


class SaidPage(serializers.Serializer[Any]):
    """The newest first; `next` goes into `before`."""

    next = serializers.IntegerField(allow_null=True)
    results: Any = Said(many=True)


class TagsOfRow(serializers.Serializer[Any]):
    """The tags of a record."""

    tags: Any = serializers.ListField(child=serializers.CharField())


class AboutView(APIView):
    """What belongs to one row of a register of records."""

    def found(self, key: str, pk: int) -> tuple[Register, Any]:
        """The register and the row the user sees. Raises Http404."""
        register = known_register(key)
        if register is None or not issubclass(register.model, Record):
            raise Http404
        return register, get_row(register, self.request.user, pk)

    def actor(self) -> Actor:
        """Who acts."""
        return actor_of(self.request.user, getattr(self.request._request, "request_id", ""))


class CommentList(AboutView):
    """What was said about a row."""

    http_method_names = ["get", "post", "head", "options"]

    @extend_schema(
        operation_id="comments_list",
        summary="Comments of a row",
        tags=["activity"],
        parameters=[
            OpenApiParameter("before", int, description="Only comments with a smaller id."),
            OpenApiParameter("page_size", int, description="1 to 200; 50 without it."),
        ],
        responses={200: SaidPage, **PROBLEMS},
    )
    def get(self, request: Request, key: str, pk: int) -> Response:
        """A page, the newest first."""
        _register, row = self.found(key, pk)
        before, size = _number(request, "before", 0), min(_number(request, "page_size", _USUAL), _MOST)
        rows = Comment.objects.filter(**about(row)).select_related("author__person").order_by("-pk")
        listed: list[Comment] = list((rows.filter(pk__lt=before) if before else rows)[: size + 1])
        page = listed[:size]
        results = [_as_json(comment, request.user) for comment in page]
        return Response({"next": page[-1].pk if len(listed) > size else None, "results": results})

    @extend_schema(
        operation_id="comments_create",
        summary="Comment on a row",
        tags=["activity"],
        request=Said,
        responses={201: Said, **PROBLEMS},
    )
    def post(self, request: Request, key: str, pk: int) -> Response:
        """Say something: people mentioned are told. `untold` names those who may not see the row or cannot sign in."""
        register, row = self.found(key, pk)
        may_take_part(request.user, row).or_raise()
        return once(request, lambda: self._add(request, register, row))

    def _add(self, request: Request, register: Register, row: Any) -> Response:
        text, url = _text(request), tab_address(register, row)
        posted = _saved(text, lambda: services.add_comment(actor=self.actor(), row=row, text=text, url=url))
        return _answer(posted, request.user, HTTPStatus.CREATED)


class CommentItem(AboutView):
    """One comment."""

    http_method_names = ["get", "patch", "delete", "head", "options"]

    @extend_schema(
        operation_id="comments_retrieve", summary="One comment", tags=["activity"], responses={200: Said, **PROBLEMS}
    )
    def get(self, request: Request, key: str, pk: int, number: int) -> Response:
        """The comment and its ETag."""
        _register, _row, comment = self._one(key, pk, number)
        return _answer(services.Posted(comment), request.user)

    @extend_schema(
        operation_id="comments_update",
        summary="Change one's own comment",
        tags=["activity"],
        parameters=[_MATCH],
        request=Said,
        responses={200: Said, **PROBLEMS},
    )
    def patch(self, request: Request, key: str, pk: int, number: int) -> Response:
        """Say it in other words: only its author."""
        register, row, comment = self._one(key, pk, number)
        if not may_change(request.user, comment):
            raise Refused(_("Only the author changes a comment."))
        text, expected, url = _text(request), if_match(request, comment), tab_address(register, row)
        try:
            posted = _saved(
                text,
                lambda: services.edit_comment(
                    actor=self.actor(), comment=comment, row=row, text=text, url=url, expected_version=expected
                ),
            )
        except StaleRecord:
            told = _("This comment was changed elsewhere in the meantime. Compare, then save again.")
            raise ProblemError(HTTPStatus.PRECONDITION_FAILED, told) from None
        return _answer(posted, request.user)

    @extend_schema(
        operation_id="comments_destroy",
        summary="Remove a comment",
        tags=["activity"],
        responses={204: None, **PROBLEMS},
    )
    def delete(self, request: Request, key: str, pk: int, number: int) -> Response:
        """Take it away: its author, or the PMO."""
        _register, row, comment = self._one(key, pk, number)
        may_remove(request.user, comment, row).or_raise()
        services.remove_comment(actor=self.actor(), comment=comment)
        return Response(status=HTTPStatus.NO_CONTENT)

    def _one(self, key: str, pk: int, number: int) -> tuple[Register, Any, Comment]:
        register, row = self.found(key, pk)
        comment = Comment.objects.filter(**about(row), pk=number).select_related("author__person").first()
        if comment is None:
            raise Http404
        return register, row, comment


class TagList(AboutView):
    """The tags of a row."""

    http_method_names = ["get", "put", "head", "options"]

    @extend_schema(
        operation_id="row_tags_retrieve",
        summary="Tags of a row",
        tags=["activity"],
        responses={200: TagsOfRow, **PROBLEMS},
    )
    def get(self, request: Request, key: str, pk: int) -> Response:
        """In their order."""
        _register, row = self.found(key, pk)
        return Response({"tags": queries.tags_of(row)})

    @extend_schema(
        operation_id="row_tags_update",
        summary="Give a row these tags",
        tags=["activity"],
        request=TagsOfRow,
        responses={200: TagsOfRow, **PROBLEMS},
    )
    def put(self, request: Request, key: str, pk: int) -> Response:
        """Exactly these, no others."""
        _register, row = self.found(key, pk)
        may_take_part(request.user, row).or_raise()
        given = request.data.get("tags") if isinstance(request.data, dict) else None
        if not isinstance(given, list) or not all(isinstance(word, str) and "\x00" not in word for word in given):
            raise _fault("tags", _("A list of texts is expected."))
        tags = _saved(given, lambda: services.set_tags(actor=self.actor(), row=row, text="\n".join(given)))
        return Response({"tags": tags})


def _as_json(comment: Comment, user: Any) -> dict[str, Any]:
    person = getattr(comment.author, "person", None)
    return {
        "id": comment.pk,
        "version": comment.version,
        "author": str(person) if person is not None else comment.author_name,
        "text": comment.text,
        "mentions": list(dict.fromkeys(piece.code for piece in pieces(comment.text) if piece.code)),
        "created_at": plain(comment.created_at),
        "edited_at": plain(comment.edited_at),
        "mine": may_change(user, comment),
    }


def _answer(posted: services.Posted, user: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    body = _as_json(posted.comment, user) | {"untold": posted.untold}
    response = Response(body, status=status)
    response["ETag"] = f'"{posted.comment.version}"'
    return response


def _text(request: Request) -> str:
    text = request.data.get("text") if isinstance(request.data, dict) else None
    if not isinstance(text, str) or "\x00" in text:
        raise _fault("text", _("Text is expected."))
    return text


def _fault(name: str, told: str) -> ProblemError:
    return ProblemError(
        HTTPStatus.BAD_REQUEST, _("The record was not saved."), [entry(name, None, told)], kind="validation"
    )


def _saved(sent: Any, work: Any) -> Any:
    """What the service gives; what it refuses becomes a 400 that names the field."""
    try:
        return work()
    except ValidationError as error:
        entries = validation_entries(error, {"text": sent, "tags": sent})
        raise ProblemError(
            HTTPStatus.BAD_REQUEST, _("The record was not saved."), entries, kind="validation"
        ) from error


def _number(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return usual
    if not is_id(text) or int(text) < 1:
        raise _fault(name, _("a positive whole number is expected."))
    return int(text)
