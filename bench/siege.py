"""Many hostile uploads at once, as a project manager's browser sends them, while others look at ordinary pages.

outcomes = attack(address, user, password, uploads)      # several at once, each followed to its end
with Watch(address, user, password, pages) as watch:     # asks for the pages all the time; what they answered
    ...
"""

from __future__ import annotations

import contextlib
import html
import http.client
import re
import secrets
import socket
import threading
import time
import urllib.parse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

READ, CHOOSING, REFUSED, IMPORTED, UNWORDED, SILENT = "read", "choosing", "refused", "imported", "unworded", "silent"
_PAUSE = 0.3
_NO_MATCH = ""


@dataclass(frozen=True)
class Upload:
    """A file for a project, under a name."""

    project: int
    name: str
    path: Path


@dataclass
class Fate:
    """What became of an upload: a state of above, the page of the file ("" where it was refused at once), what the page said."""

    upload: Upload
    state: str
    page: str = ""
    words: str = ""


class Visitor:
    """Somebody signed in, who asks over HTTP as a browser does."""

    def __init__(self, address: str, user: str, password: str) -> None:
        self.host = urllib.parse.urlsplit(address).netloc
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.get("/login")
        status, body = self.post("/login", {"username": user, "password": password})
        if status != 302:
            raise RuntimeError(f"{user} could not sign in: {status} {body[:500]}")
        # Signing in changes the token.
        self.get("/r/projects/")

    def get(self, path: str) -> tuple[int, str]:
        """Status and text."""
        return self._ask("GET", path, b"", {})

    def post(self, path: str, fields: dict[str, str], file: tuple[str, Path] | None = None) -> tuple[int, str]:
        """Status and text, or the address that it leads to."""
        border = secrets.token_hex(16)
        parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
        parts.append(f'name="csrfmiddlewaretoken"\r\n\r\n{self.token}'.encode())
        if file is not None:
            name = file[0].encode()
            head = b'name="file"; filename="%s"\r\nContent-Type: application/octet-stream\r\n\r\n' % name
            parts.append(head + file[1].read_bytes())
        body = b"".join(
            b"--%s\r\nContent-Disposition: form-data; %s\r\n" % (border.encode(), part) for part in parts
        ) + b"--%s--\r\n" % (border.encode())
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={border}"})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.host, timeout=120)
        with contextlib.closing(connection):
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(method, path, body or None, {"Cookie": cookie, "Accept-Language": "en", **headers})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        found = _first(r'(?:name="csrfmiddlewaretoken" value=|"X-CSRFToken": )"([^"]+)"', text)
        self.token = found or self.token
        return answer.status, answer.headers.get("Location", "") if answer.status == 302 else text


def attack(
    address: str, user: str, password: str, uploads: Sequence[Upload], *, hands: int = 4, most_seconds: float = 600.0
) -> list[Fate]:
    """Upload everything, as many at once as there are hands, then follow each to its end; what was read is imported."""
    visitor, end = Visitor(address, user, password), time.monotonic() + most_seconds
    with ThreadPoolExecutor(hands) as pool:
        fates = list(pool.map(lambda one: _upload(visitor, one), uploads))
        return list(pool.map(lambda fate: _to_the_end(visitor, fate, end), fates))


def _to_the_end(visitor: Visitor, fate: Fate, end: float) -> Fate:
    return _import(visitor, _choose(visitor, _follow(visitor, fate, end), end), end)


def _upload(visitor: Visitor, upload: Upload) -> Fate:
    path = f"/projects/{upload.project}/plan/import/"
    status, answer = visitor.post(path, {}, (upload.name, upload.path))
    if status == 302:
        return Fate(upload, SILENT, answer)
    words = _text(_first(r'role="alert">(.*?)</div>', answer))
    return Fate(upload, REFUSED if status == 422 and words else UNWORDED, "", words or f"{status} {answer[:500]}")


def _follow(visitor: Visitor, fate: Fate, end: float) -> Fate:
    """Ask for the file's page until no job works on it."""
    while fate.state == SILENT and time.monotonic() < end:
        status, page = visitor.get(fate.page)
        if status == 200 and 'id="wait"' in page:
            time.sleep(_PAUSE)
            continue
        fate.state, fate.words = _state(status, page)
    return fate


def _state(status: int, page: str) -> tuple[str, str]:
    lead = _text(_first(r'<p class="lead">(.*?)</p>', page))
    if status != 200:
        return UNWORDED, f"{status} {page[:500]}"
    if 'id="take-title"' in page:
        return READ, lead
    if 'id="choose-title"' in page:
        return CHOOSING, lead
    if "is version" in lead:
        return IMPORTED, lead
    words = _text(_first(r'class="banner-text">(.*?)</span>', page))
    return (REFUSED if words else UNWORDED), words or _text(page)[:500]


def _import(visitor: Visitor, fate: Fate, end: float) -> Fate:
    """A damaged file that gave a plan is taken like any other: all of it, or nothing with a word why."""
    if fate.state != READ:
        return fate
    status, answer = visitor.post(f"{fate.page}commit/", {"take": "publish", "against": "0"})
    if status != 302:
        return Fate(fate.upload, UNWORDED, fate.page, f"{status} {answer[:500]}")
    return _follow(visitor, Fate(fate.upload, SILENT, fate.page), end)


def _choose(visitor: Visitor, fate: Fate, end: float) -> Fate:
    """Of several projects in a file the first."""
    if fate.state != CHOOSING:
        return fate
    source = html.unescape(_first(r'name="source" value="([^"]*)" id="[^"]*" required', visitor.get(fate.page)[1]))
    status, answer = visitor.post(f"{fate.page}choose/", {"source": source})
    if status != 302:
        return Fate(fate.upload, UNWORDED, fate.page, f"{status} {answer[:500]}")
    return _follow(visitor, Fate(fate.upload, SILENT, fate.page), end)


def hang_up(address: str, project: int, *, promised: int = 20_000_000) -> None:
    """Begin an upload of that many bytes, send a few of them and go away."""
    host = urllib.parse.urlsplit(address)
    with socket.create_connection((str(host.hostname), host.port or 80), timeout=30) as line:
        head = (
            f"POST /projects/{project}/plan/import/ HTTP/1.1\r\nHost: {host.netloc}\r\nContent-Length: {promised}\r\n"
        )
        line.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n".encode() + b"x" * 70_000)


class Watch:
    """Asks for pages one after the other until it is left; `answers` are (path, status), `slowest` is in seconds."""

    def __init__(self, address: str, user: str, password: str, pages: Sequence[str]) -> None:
        self.answers: list[tuple[str, int]] = []
        self.slowest, self.pages = 0.0, pages
        self._visitor = Visitor(address, user, password)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        self._thread.join(150)

    @property
    def wrong(self) -> list[tuple[str, int]]:
        """Answers that were none; 0 stands for a broken connection."""
        return [one for one in self.answers if one[1] != 200]

    def _look(self) -> None:
        while not self._over.wait(0.1):
            for path in self.pages:
                start = time.monotonic()
                try:
                    status, _text = self._visitor.get(path)
                except OSError:
                    status = 0
                except http.client.HTTPException:
                    status = 0
                self.answers.append((path, status))
                self.slowest = max(self.slowest, time.monotonic() - start)


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    return found[1] if found else _NO_MATCH


def _text(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())
