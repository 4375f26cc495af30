"""manage.py health, for containers that serve no pages."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.core.management import call_command

from pmo.core.jobs import ticks
from pmo.core.ops import health

pytestmark = pytest.mark.django_db


def ask(*parts: str) -> int:
    with pytest.raises(SystemExit) as ended:
        call_command("health", *parts)
    return int(ended.value.code or 0)


def test_only_the_parts_asked_for_decide(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_broker", lambda: health.Check("broker", False, "no answer"))
    ticks.note(ticks.BEAT)
    assert ask("database", "beat") == 0
    assert ask("database", "broker") == 1
    assert ask() == 1
    assert "no answer" in capsys.readouterr().out


def test_a_worker_asks_for_its_own_sign_of_life() -> None:
    ticks.note_worker("another-host")
    assert ask("this-worker") == 1
    ticks.note_worker(socket.gethostname())
    assert ask("this-worker") == 0


def test_a_part_that_cannot_be_looked_at_is_not_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_database", lambda: health.Check("database", False, "no answer"))
    assert ask("beat") == 1
