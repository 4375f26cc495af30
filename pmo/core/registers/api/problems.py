"""Errors of the API as application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from pmo.core.access.decisions import Refused
from pmo.core.registers.services import FieldRefusedError
from pmo.core.registers.values import BadParameterError

CONTENT_TYPE = "application/problem+json"
Entry = dict[str, Any]


class ProblemError(Exception):
    """An error to be told to the client. `errors` are entries of `entry`; `extra` are further members."""

    def __init__(
        self, status: HTTPStatus, detail: Any = "", errors: Iterable[Entry] = (), *, kind: str = "", **extra: Any
    ) -> None:
        super().__init__(status, detail)
        self.status, self.detail, self.errors, self.kind, self.extra = status, detail, list(errors), kind, extra


def entry(field: str, value: Any, reason: Any) -> Entry:
    """One thing that is wrong: where, what was received, what is expected."""
    return {"field": field, "value": value, "reason": str(reason)}


def problem(
    request_id: str, status: HTTPStatus, detail: Any = "", errors: Iterable[Entry] = (), kind: str = "", **extra: Any
) -> dict[str, Any]:
    """The body of a problem."""
    body: dict[str, Any] = {
        "type": f"urn:bellwether:problem:{kind or status.name.lower().replace('_', '-')}",
        "title": _title(status),
        "status": status.value,
        "detail": str(detail),
        "request_id": request_id,
    }
    listed = list(errors)
    if listed:
        body["errors"] = listed
    return body | extra


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. What is not known here is a server error and passes on."""
    found = _understood(exc)
    if found is None:
        return None
    set_rollback()
    status, detail, errors, kind, extra = found
    request: Any = context.get("request")
    body = problem(_request_id(request), status, detail, errors, kind, **extra)
    response = Response(body, status=status, content_type=CONTENT_TYPE)
    for name in ("auth_header", "wait"):
        value = getattr(exc, name, None)
        if value is not None:
            response["WWW-Authenticate" if name == "auth_header" else "Retry-After"] = str(value)
    return response


Found = tuple[HTTPStatus, Any, list[Entry], str, dict[str, Any]]


def _understood(exc: Exception) -> Found | None:
    if isinstance(exc, ProblemError):
        return exc.status, exc.detail, exc.errors, exc.kind, exc.extra
    if isinstance(exc, Refused):
        return HTTPStatus.FORBIDDEN, exc.reason, [], "", {}
    if isinstance(exc, FieldRefusedError):
        entries = [entry(exc.field, None, exc.reason)]
        return HTTPStatus.FORBIDDEN, _("You may not write %(field)s.") % {"field": exc.field}, entries, "", {}
    if isinstance(exc, PermissionDenied):
        return HTTPStatus.FORBIDDEN, str(exc), [], "", {}
    if isinstance(exc, Http404):
        return HTTPStatus.NOT_FOUND, _("There is no such record, or you may not see it."), [], "", {}
    if isinstance(exc, BadParameterError):
        return HTTPStatus.BAD_REQUEST, exc.sentence, [entry(exc.parameter, exc.value, exc.expected)], "", {}
    if isinstance(exc, ValidationError):
        return HTTPStatus.BAD_REQUEST, _("The record was not saved."), validation_entries(exc, {}), "validation", {}
    if isinstance(exc, exceptions.APIException):
        return HTTPStatus(exc.status_code), _detail(exc), [], "", {}
    return None


def _detail(exc: exceptions.APIException) -> str:
    detail = exc.detail
    if isinstance(exc, exceptions.ParseError):
        return _("The body is not valid JSON: %(detail)s") % {"detail": str(detail).removeprefix("JSON parse error - ")}
    if isinstance(exc, exceptions.MethodNotAllowed):
        return _title(HTTPStatus.METHOD_NOT_ALLOWED)
    return str(detail) if not isinstance(detail, list | dict) else "; ".join(str(part) for part in detail)


def validation_entries(error: ValidationError, sent: dict[str, Any]) -> list[Entry]:
    """One entry per message, with the value that was sent for the field."""
    if hasattr(error, "error_dict"):
        return [
            entry("" if name == "__all__" else name, sent.get(name), message)
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    return [entry("", None, message) for message in error.messages]


def problem_response(request: HttpRequest, status: HTTPStatus, detail: Any) -> JsonResponse:
    """A problem outside DRF: unknown addresses below /api/."""
    body = problem(getattr(request, "request_id", ""), status, detail)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def _request_id(request: Any) -> str:
    return str(getattr(getattr(request, "_request", request), "request_id", ""))


def _title(status: HTTPStatus) -> str:
    titles = {
        HTTPStatus.BAD_REQUEST: _("The request cannot be used"),
        HTTPStatus.UNAUTHORIZED: _("Sign in first"),
        HTTPStatus.FORBIDDEN: _("Not allowed"),
        HTTPStatus.NOT_FOUND: _("Not found"),
        HTTPStatus.METHOD_NOT_ALLOWED: _("This address does not take this method"),
        HTTPStatus.CONFLICT: _("Conflict"),
        HTTPStatus.PRECONDITION_FAILED: _("The record was changed in the meantime"),
        HTTPStatus.PRECONDITION_REQUIRED: _("Say which version you change"),
        HTTPStatus.UNPROCESSABLE_ENTITY: _("The request contradicts an earlier one"),
    }
    return titles.get(status, status.phrase)
