"""What the log says of requests: of refused ones a line with the reason, of faults the way through the code."""

from __future__ import annotations

import logging

import pytest
from django.http import HttpRequest, HttpResponseServerError
from django.test import RequestFactory
from django.urls import reverse
from django.utils.log import log_response

from tests.conftest import UserClient


@pytest.mark.django_db
def test_a_refused_page_is_one_line_with_its_reason(outsider: UserClient, caplog: pytest.LogCaptureFixture) -> None:
    url = reverse("register-create", kwargs={"key": "currencies"})
    assert outsider.get(url).status_code == 403
    (line,) = [record for record in caplog.records if record.name == "django.request"]
    assert line.levelno == logging.WARNING and line.exc_info is None
    assert url in line.getMessage() and len(line.getMessage()) > len(url) + len("Forbidden (Permission denied): ") + 10
    assert "Traceback" not in caplog.text


def test_a_fault_keeps_its_traceback(caplog: pytest.LogCaptureFixture, rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/broken/")
    try:
        raise ZeroDivisionError("fault 100%")
    except ZeroDivisionError as error:
        answer = HttpResponseServerError()
        log_response("%s: %s", "Fault", "/broken/", response=answer, request=request, exception=error)
    assert "Traceback" in caplog.text and "fault 100%" in caplog.text


def test_a_reason_with_a_percent_sign_is_text(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("django.request")
    logger.warning("Not Found: %s", "/x/", exc_info=ValueError("100% %s"), extra={"status_code": 404})
    logger.warning("Bad Request", exc_info=ValueError("why"), extra={"status_code": 400})
    assert [record.getMessage() for record in caplog.records] == ["Not Found: /x/: 100% %s", "Bad Request: why"]
