"""How a job ends other than well."""

from __future__ import annotations

from typing import Any


class JobFailed(Exception):
    """The work cannot be done and trying again would not help. The message is translated and shown to the owner."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


class JobCancelled(Exception):
    """Somebody asked for the job to stop; raised by `JobContext.progress` and `check_cancelled`."""


class LostClaim(Exception):
    """Another worker has taken the job over (or it was given up): this one must stop and write nothing more."""


class UnknownKind(LookupError):
    """No code is registered for this kind of job."""


class KeyTaken(Exception):
    """Another job with the same unique key is waiting, running or done."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message
