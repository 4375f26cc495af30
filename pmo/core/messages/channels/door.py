"""The way out for Apprise: its plugins get this in place of `requests`, so that every connection passes the guard.

A plugin calls `requests.post(url, ...)`; here that becomes one request through `safe_http` to a host of the robot's own kind,
without redirects and proxies, and the answer is kept so that a refusal inside a 200 is seen.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from django.utils.translation import gettext_lazy as _

from pmo.core.messages import safe_http
from pmo.core.messages.safe_http import NoAnswer, UnsafeAddress


@dataclass
class Exchange:
    """What one message of a robot asked and got."""

    hosts: tuple[str, ...]
    answer: safe_http.Answer | None = None
    refused: UnsafeAddress | None = None
    silent: NoAnswer | None = None


_current: ContextVar[Exchange | None] = ContextVar("robot_exchange", default=None)


@contextlib.contextmanager
def through_door(*hosts: str) -> Iterator[Exchange]:
    """Let the plugins used inside reach these hosts (".example.org": any below it) and nothing else."""
    exchange = Exchange(hosts)
    token = _current.set(exchange)
    try:
        yield exchange
    finally:
        _current.reset(token)


def stand_at(module: ModuleType) -> None:
    """Put the door into a plugin's module."""
    module.__dict__["requests"] = DOOR


class Door:
    """As much of `requests` as the plugins we use ask for."""

    codes = requests.codes
    RequestException = requests.RequestException

    def post(self, url: str, **options: Any) -> requests.Response:
        """Like `requests.post`."""
        return self.request("POST", url, **options)

    def get(self, url: str, **options: Any) -> requests.Response:
        """Like `requests.get`."""
        return self.request("GET", url, **options)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        **_ignored: Any,
    ) -> requests.Response:
        """One guarded request. Certificates are always verified, redirects never followed, whatever the plugin asks."""
        exchange = _current.get()
        if exchange is None:
            raise requests.RequestException("outside the door")
        if params:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"
        try:
            refuse_foreign(url, exchange.hosts)
            exchange.answer = safe_http.request(method.upper(), url, body=_bytes(data), headers=dict(headers or {}))
        except UnsafeAddress as error:
            exchange.refused = error
            raise requests.RequestException("refused") from error
        except NoAnswer as error:
            exchange.silent = error
            raise requests.RequestException(str(error)) from error
        return _response(url, exchange.answer)


DOOR = Door()


def refuse_foreign(url: str, hosts: tuple[str, ...]) -> None:
    """Raise UnsafeAddress for anything but https to one of the hosts."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    known = any(host == name or (name.startswith(".") and host.endswith(name)) for name in hosts)
    if parts.scheme != "https" or not known:
        raise UnsafeAddress(_("%(host)s is not a host of this chat tool.") % {"host": host})


def _bytes(data: Any) -> bytes:
    if isinstance(data, str):
        return data.encode()
    if isinstance(data, Mapping):
        return json.dumps(dict(data)).encode()
    return bytes(data or b"")


def _response(url: str, answer: safe_http.Answer) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.url = url
    response._content = answer.body
    response.headers.update(answer.headers)
    return response
