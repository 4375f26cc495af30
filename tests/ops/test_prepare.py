"""What `manage.py serve` prepares: the second time it has nothing to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pmo.core.ops import demo
from pmo.core.ops.serve import prepare
from tests.jobs.conftest import make_user


def test_static_files_are_gathered_when_one_changed(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("p {}", encoding="utf-8")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "root"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    said: list[str] = []
    prepare.collect_static(said.append)
    assert (tmp_path / "root" / "a.css").exists() and len(said) == 1
    prepare.collect_static(said.append)
    assert len(said) == 1
    (source / "a.css").unlink()
    (source / "b.css").write_text("p { color: red }", encoding="utf-8")
    prepare.collect_static(said.append)
    assert len(said) == 2
    assert {path.name for path in (tmp_path / "root").iterdir()} == {"b.css", ".stamp"}


@pytest.mark.django_db
def test_a_database_with_users_is_not_seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(prepare, "get_commands", lambda: {"seed_demo": "portfolio"})
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: called.append(name))
    prepare.seed(lambda text: None)
    make_user("somebody")
    prepare.seed(lambda text: None)
    assert called == ["seed_demo"]


@pytest.mark.django_db
def test_without_a_demo_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "get_commands", dict)
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: pytest.fail("called"))
    prepare.seed(lambda text: None)


@pytest.mark.django_db
def test_only_logins_that_exist_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_sources", [])
    make_user("here")
    demo.register_demo_logins(lambda: [("Auditor", "here", "pw", "A"), ("Auditor", "elsewhere", "pw", "B")])
    assert [row[1] for row in demo.demo_logins()] == ["here"]
