"""Pages and fragments that say what went wrong, what was kept and what to do."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400. The text of our own BadRequest names the parameter and the value; anything else is not told."""
    reason = (
        str(exception) if isinstance(exception, BadRequest) and exception.args else _("This request could not be read.")
    )
    if request.path.startswith("/api/"):
        return _problem(request, HTTPStatus.BAD_REQUEST, reason)
    return _page(request, HTTPStatus.BAD_REQUEST, reason)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403. The exception's text is the reason and is shown."""
    reason = str(exception) if exception and exception.args else _("Your roles do not allow this.")
    return _page(request, HTTPStatus.FORBIDDEN, reason)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404. Says the same for what does not exist and what the user may not see."""
    return _page(request, HTTPStatus.NOT_FOUND, _("This page does not exist, or you may not see it."))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. Drawn without request context: whatever failed must not fail again here."""
    text = _("Something failed on our side. Nothing you typed was saved.")
    if request.path.startswith("/api/"):
        return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, text)
    if request.headers.get("HX-Request"):
        return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, text)
    html = render_to_string("errors/500.html", {"reason": text, "request_id": getattr(request, "request_id", "")})
    return HttpResponse(html, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW. Usually a form that lay open past the end of the session."""
    text = _("The form had expired. Reload the page and send it again; copy long texts first.")
    if request.headers.get("HX-Request"):
        return _plain(HTTPStatus.FORBIDDEN, text)
    return render(request, "errors/csrf.html", {"reason": text}, status=HTTPStatus.FORBIDDEN)


def _page(request: HttpRequest, status: HTTPStatus, reason: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _plain(status, reason)
    return render(request, f"errors/{status.value}.html", {"reason": reason}, status=status)


def _problem(request: HttpRequest, status: HTTPStatus, text: str) -> HttpResponse:
    """Programs get problem+json (RFC 9457), as everywhere in the API."""
    body = {
        "type": f"urn:bellwether:problem:{status.name.lower().replace('_', '-')}",
        "title": status.phrase,
        "status": status.value,
        "detail": text,
        "request_id": getattr(request, "request_id", ""),
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _plain(status: HTTPStatus, text: str) -> HttpResponse:
    """A fragment request gets the sentence alone; feedback.js shows it as a toast."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
