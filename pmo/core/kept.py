"""What is read once and shown many times within one reading request: kept from its first reading to the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

_kept: ContextVar[dict[str, object] | None] = ContextVar("kept", default=None)


@contextmanager
def keeping() -> Iterator[None]:
    """Keep what `kept` reads until the block ends. For requests that write nothing."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def is_keeping() -> bool:
    """Whether what was read stays true until the answer: the request writes nothing."""
    return _kept.get() is not None


def kept(name: str, read: Callable[[], T]) -> T:
    """What `read` gives; inside `keeping` it is asked once for each name, outside every time."""
    known = _kept.get()
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    value: T = known[name]  # type: ignore[assignment]
    return value


def keep(name: str, value: object) -> None:
    """Say what a later `kept` of this name would read, where another statement of the same reading request gave it."""
    known = _kept.get()
    if known is not None:
        known[name] = value
