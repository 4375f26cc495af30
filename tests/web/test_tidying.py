"""Cycles of objects are looked for after an answer has gone out."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from django.core.signals import request_finished

from pmo import tidying


class Cycle:
    """An object that nothing but a pass of the collector takes away."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def collector_off() -> Any:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(("young", "gone"), [(0, True), (10**9, False)])
def test_a_finished_request_is_followed_by_a_pass_that_is_due(
    collector_off: None, monkeypatch: pytest.MonkeyPatch, young: int, gone: bool
) -> None:
    monkeypatch.setattr(tidying, "YOUNG", young)
    gc.collect()
    left = weakref.ref(Cycle())
    held: list[list[int]] = [[] for _number in range(100)]
    tidying.tidy(signal=request_finished)
    assert (left() is None) is gone
    assert len(held) == 100


def test_the_web_process_asks_for_it() -> None:
    import pmo.wsgi  # noqa: F401  as a web server imports it

    assert any(receiver is tidying.tidy for receiver in request_finished._live_receivers(None)[0])
