"""Which kinds of job there are: apps declare them with `@job_kind` in a module their wiring imports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pmo.core.jobs.errors import UnknownKind

if TYPE_CHECKING:
    from pmo.core.jobs.context import JobContext

Run = Callable[["JobContext"], dict[str, Any] | None]


@dataclass(frozen=True)
class Outcome:
    """What the job page says about a result: one sentence, and where to look at it."""

    text: Any
    url: str = ""


Describe = Callable[[dict[str, Any]], Outcome]


@dataclass(frozen=True)
class JobKind:
    """A kind of work. `permission` is asked of users who start or retry one; None leaves that to the calling service."""

    name: str
    label: Any
    run: Run
    permission: str | None = None
    max_attempts: int = 3
    describe: Describe | None = None


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str, *, label: Any, permission: str | None = None, max_attempts: int = 3, describe: Describe | None = None
) -> Callable[[Run], Run]:
    """Declare the decorated function as the work of this kind.

    The function takes a `JobContext`, returns a JSON-safe dict or None, and must be idempotent: after the loss of a
    worker it runs again. `describe` turns the result into an `Outcome` for the job page. Raises ValueError where the
    name is taken by another function.
    """

    def declare(run: Run) -> Run:
        known = _kinds.get(name)
        if known is not None and (known.run.__module__, known.run.__qualname__) != (run.__module__, run.__qualname__):
            raise ValueError(f"The kind {name!r} is declared twice.")
        _kinds[name] = JobKind(name, label, run, permission, max_attempts, describe)
        return run

    return declare


def kind_of(name: str) -> JobKind:
    """The declared kind. Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError as error:
        raise UnknownKind(f"No kind of job is called {name!r}.") from error


def kind_label(name: str) -> Any:
    """The kind's label; its bare name where the code is gone but the row remains."""
    kind = _kinds.get(name)
    return kind.label if kind else name
