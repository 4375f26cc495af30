"""Built reports as data: which ones the user has, and what each answers for them now."""

from __future__ import annotations

import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pmo.core.registers.api.problems import ProblemError, entry
from pmo.core.registers.api.shapes import PROBLEMS
from pmo.core.registers.declaration import UnknownRegisterError, get_register
from pmo.core.registers.queries import check_list
from pmo.core.report_builder.answer import Answer, Key, answer
from pmo.core.report_builder.figures import about
from pmo.core.report_builder.models import BuiltReport
from pmo.core.report_builder.queries import listed, visible_reports
from pmo.core.report_builder.question import Question, read_question


class BuiltReportOut(serializers.Serializer[Any]):
    """A kept report; `register` is the key of what it counts."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    register = serializers.CharField()
    sharing = serializers.CharField()
    schedule = serializers.CharField()
    updated_at = serializers.DateTimeField()


class BuiltReportList(serializers.Serializer[Any]):
    """All of them, by name."""

    results = BuiltReportOut(many=True)


class AnswerKey(serializers.Serializer[Any]):
    """A value of a column of the register, null for rows without one, and what it is called."""

    value = serializers.CharField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]


class AnswerRow(AnswerKey):
    """`figures` stand in the order of `columns`; `total` is null where figures do not add up."""

    currency = serializers.CharField()
    figures = serializers.ListField(child=serializers.CharField(allow_null=True))
    total = serializers.CharField(allow_null=True)


class BuiltAnswer(BuiltReportOut):
    """What the report answers for the user. Without `columns` each row has one figure. Figures are decimals as text."""

    measure = serializers.CharField()
    by = serializers.CharField()
    across = serializers.CharField()
    filters = serializers.CharField()
    columns = AnswerKey(many=True)
    rows = AnswerRow(many=True)
    left_out = serializers.IntegerField()


class BuiltReports(APIView):
    """The reports the user owns, those of their unit and the units above it, and the public ones."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(
        operation_id="built_reports_list", tags=["built-reports"], responses={200: BuiltReportList, **PROBLEMS}
    )
    def get(self, request: Request) -> Response:
        """All of them, by name."""
        return Response({"results": [_report(row) for row in listed(request.user)]})


class BuiltReportItem(APIView):
    """One kept report."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(operation_id="built_reports_read", tags=["built-reports"], responses={200: BuiltAnswer, **PROBLEMS})
    def get(self, request: Request, pk: int) -> Response:
        """What it answers now, over the rows the user may see."""
        row = visible_reports(request.user).filter(pk=pk).first()
        if row is None:
            raise Http404(_("There is no such report, or it is not shared with you."))
        question = _question(row, request.user)
        found = answer(question, request.user)
        problems = [*question.errors, *([found.problem] if found.problem else [])]
        if problems:
            told = [entry("query", row.query, problem) for problem in problems]
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, problems[0], told)
        return Response(_report(row) | _answer(question, found))


def _question(row: BuiltReport, user: Any) -> Question:
    try:
        register = get_register(row.register)
    except UnknownRegisterError:
        raise Http404(_("There is no such register.")) from None
    check_list(register, user)
    return read_question(register, user, QueryDict(row.query))


def _report(row: BuiltReport) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "register": row.register,
        "sharing": row.sharing,
        "schedule": row.schedule,
        "updated_at": row.updated_at,
    }


def _answer(question: Question, found: Answer) -> dict[str, Any]:
    columns: list[Any] = list(found.columns) or [None]
    adds_up = question.measure.adds_up
    return {
        "measure": question.measure.label,
        "by": question.by.label if question.by else "",
        "across": question.across.label if question.across else "",
        "filters": about(question)[-1][1],
        "columns": [_key(key) for key in found.columns],
        "rows": [
            {
                **_key(row),
                "currency": row.currency or found.currency,
                "figures": [_text(found.figure(row, key)) for key in columns],
                "total": _text(found.total(row)) if adds_up else None,
            }
            for row in found.rows
        ],
        "left_out": found.left_out,
    }


def _key(key: Key) -> dict[str, Any]:
    return {"value": _text(key.value), "label": key.label}


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
