"""Small servers on loopback: one that speaks HTTP, one that speaks as much SMTP as a client needs and misbehaves on demand."""

from __future__ import annotations

import email
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Seen:
    """What the HTTP server was asked, and what it is to answer: (status, headers, body)."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.answer: Callable[[], tuple[int, dict[str, str], bytes]] = lambda: (200, {}, b"ok")
        self.wait = 0.0


@contextmanager
def http_server() -> Iterator[tuple[int, Seen]]:
    """A server on a free port of 127.0.0.1."""
    seen = Seen()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            seen.requests.append(
                {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
            )
            time.sleep(seen.wait)
            status, headers, content = seen.answer()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self._any()

        def do_POST(self) -> None:
            self._any()

        def log_message(self, *_args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], seen
    finally:
        server.shutdown()
        server.server_close()


class MailBox:
    """What a mail server took, and how it behaves: `plan(number)` says for each mail "take", "drop" (after DATA, not
    taken), "lose" (taken, but the answer never comes), or an answer such as "451 later" after RCPT."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.tried = 0
        self.connections = 0
        self.plan: Callable[[int], str] = lambda _number: "take"

    def took(self, wanted: str) -> None:
        """Called when a mail was taken, before the answer: what was planned for it."""

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.taken]


class _MailHandler(socketserver.StreamRequestHandler):
    """One conversation."""

    server: _MailServer
    wanted = "take"

    def handle(self) -> None:
        self.server.box.connections += 1
        self.say("220 box")
        while line := self.rfile.readline():
            if not self.answer(line.split(b" ")[0].strip().upper()):
                return

    def answer(self, word: bytes) -> bool:
        """Whether the conversation goes on."""
        if word == b"RCPT":
            box = self.server.box
            box.tried += 1
            self.wanted = box.plan(box.tried)
            self.say(self.wanted if self.wanted[:1].isdigit() else "250 ok")
        elif word == b"DATA":
            self.say("354 go on")
            return self.data()
        else:
            self.say("221 bye" if word == b"QUIT" else "250 ok")
        return word != b"QUIT"

    def data(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        if self.wanted != "drop":
            self.server.box.taken.append(email.message_from_bytes(b"".join(lines)))
            self.server.box.took(self.wanted)
        if self.wanted in {"drop", "lose"}:
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        self.say("250 taken")
        return True

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, box: MailBox) -> None:
        self.box = box
        super().__init__(("127.0.0.1", port), _MailHandler)


@contextmanager
def mail_server(box: MailBox, port: int = 0) -> Iterator[int]:
    """A mail server on 127.0.0.1 that fills the box."""
    server = _MailServer(port, box)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def silent_port() -> Iterator[int]:
    """A port of 127.0.0.1 at which nobody listens yet; no other program is given it meanwhile."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
