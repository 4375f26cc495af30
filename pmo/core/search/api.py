"""The search of the REST API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pmo.core.registers.api.problems import ProblemError, entry
from pmo.core.registers.api.shapes import PROBLEMS
from pmo.core.search.content import indexed_registers
from pmo.core.search.hits import Hit, hits_of
from pmo.core.search.queries import counts, find

MOST, DEFAULT = 50, 20


class SearchHit(serializers.Serializer[Any]):
    """One row that was found."""

    register = serializers.CharField()
    id = serializers.IntegerField()
    code = serializers.CharField()
    title = serializers.CharField()
    project = serializers.CharField()
    extract = serializers.CharField()
    url = serializers.CharField()


class SearchAnswer(serializers.Serializer[Any]):
    """The best rows, and how many fit by register; `more` says that counting stopped at a thousand."""

    results = SearchHit(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    more = serializers.BooleanField()
    meant = serializers.DictField(child=serializers.CharField())


_PARAMETERS = [
    OpenApiParameter("q", str, description="Words, codes, Chinese, pinyin or its initials; every word must be found."),
    OpenApiParameter("register", str, many=True, description="Only rows of these registers."),
    OpenApiParameter("limit", int, description="At most so many rows, 1 to 50; 20 where it is not given."),
]


class SearchView(APIView):
    """Find rows of every register."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(
        operation_id="search",
        summary="Search every register",
        tags=["search"],
        parameters=_PARAMETERS,
        responses={
            200: SearchAnswer,
            **PROBLEMS,
        },
    )
    def get(self, request: Request) -> Response:
        """The best hits among the rows the user may see."""
        limit, keys = _limit(request), _registers(request)
        found = find(request.user, request.query_params.get("q", ""), keys)
        numbers, more = counts(request.user, found)
        results = [_as_json(hit) for hit in hits_of(request.user, found.entries[:limit])]
        return Response({"results": results, "counts": numbers, "more": more, "meant": found.meant})


def _as_json(hit: Hit) -> dict[str, Any]:
    return {
        "register": hit.register.key,
        "id": hit.row_id,
        "code": hit.code,
        "title": hit.name,
        "project": hit.project,
        "extract": "".join(piece for piece, _marked in hit.extract),
        "url": hit.url,
    }


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "") or str(DEFAULT)
    if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST:
        return int(text)
    raise _refused("limit", text, _("A whole number from 1 to %(most)s is expected.") % {"most": MOST})


def _registers(request: Request) -> list[str]:
    asked = [key for key in request.query_params.getlist("register") if key]
    known = {one.key for one in indexed_registers()}
    for key in asked:
        if key not in known:
            raise _refused("register", key, _("Expected one of: %(keys)s.") % {"keys": ", ".join(sorted(known))})
    return asked


def _refused(field: str, value: str, reason: str) -> ProblemError:
    return ProblemError(HTTPStatus.BAD_REQUEST, reason, [entry(field, value, reason)], kind="parameter")
