"""How an attempt to deliver ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pmo.core.messages.models import MessageDelivery


class End(Enum):
    """What becomes of the delivery."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Outcome:
    """`status` is the answer's code where there is one, `error` what the log says; `sealed`: the receiver's secret is unreadable."""

    end: End
    error: str = ""
    status: int | None = None
    sealed: bool = False


SENT = Outcome(End.SENT)


class LaneClosed(Exception):
    """Nothing can be sent on this lane now (the server does not answer): the attempt does not count, all of it waits."""


class Sender:
    """What delivers the rows of one lane, one after the other, and may keep a connection between them."""

    def send(self, row: MessageDelivery) -> Outcome:
        """Deliver one row. Raises LaneClosed."""
        raise NotImplementedError

    def close(self) -> None:
        """Give back what was opened."""
