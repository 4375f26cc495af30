"""Mail over Django's backend: console by default, SMTP by setting."""

from __future__ import annotations

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import get_connection

from pmo.core.messages.channels.outcome import SENT, End, LaneClosed, Outcome, Sender
from pmo.core.messages.letters import Letter, letter_of
from pmo.core.messages.models import MessageDelivery

# Connections that break one after the other before the whole lane waits.
_BROKEN_IN_A_ROW = 3
_PERMANENT = 500
_GOING_AWAY = 421

# Backends of Django whose mail reaches nobody.
_SILENT = frozenset({"console", "filebased", "dummy"})


def nobody_receives() -> bool:
    """Whether no mail server is set up: mails end in a log, in files, or nowhere."""
    return settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2] in _SILENT


class MailSender(Sender):
    """Keeps one connection for a run of mails and opens another where it broke."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._broken = 0

    def send(self, row: MessageDelivery) -> Outcome:
        """Send one mail. A server that cannot be reached closes the lane; a refusal is about this mail alone."""
        letter = letter_of(row)
        if not isinstance(letter, Letter):
            return Outcome(End.DROPPED, letter)
        connection = self._open()
        try:
            connection.send_messages([letter.as_message(connection)])
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()), (550, b""))
            return _refused(code, said)
        except smtplib.SMTPResponseException as answer:
            if answer.smtp_code == _GOING_AWAY:
                self._drop()
                raise LaneClosed(str(answer)) from answer
            return _refused(answer.smtp_code, answer.smtp_error)
        except (OSError, smtplib.SMTPException) as broken:
            return self._broke(broken)
        self._broken = 0
        return SENT

    def close(self) -> None:
        """Say goodbye to the server."""
        if self._connection is not None:
            try:
                self._connection.close()
            except (OSError, smtplib.SMTPException):
                self._drop()
            self._connection = None

    def _open(self) -> Any:
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as closed:
                raise LaneClosed(f"{type(closed).__name__}: {closed}") from closed
            self._connection = connection
        return self._connection

    def _broke(self, error: Exception) -> Outcome:
        """Nobody knows whether the server took the mail before the connection broke: it is sent again under the same Message-ID."""
        self._drop()
        self._broken += 1
        if self._broken >= _BROKEN_IN_A_ROW:
            raise LaneClosed(f"{type(error).__name__}: {error}") from error
        return Outcome(End.LATER, f"{type(error).__name__}: {error}")

    def _drop(self) -> None:
        """Let go of a connection that is of no use any more, without a word to the other side."""
        connection, self._connection = self._connection, None
        inner = getattr(connection, "connection", None)
        if inner is not None and hasattr(inner, "close"):
            inner.close()


def _refused(code: int, said: bytes | str) -> Outcome:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return Outcome(End.NEVER if code >= _PERMANENT else End.LATER, f"{code} {text}", code)
