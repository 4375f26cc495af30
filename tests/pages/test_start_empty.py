"""From the demo to an empty organisation: refused where anything else would be lost, and the old database is kept."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.audit.services import Act, record
from pmo.core.jobs import ticks
from portfolio.management.commands.start_empty import WORD
from portfolio.queries.demo_only import other_work
from portfolio.services.start_empty import is_embedded

ROOT = Path(__file__).resolve().parents[2]
WORDS = {"name_zh": "海岳集团", "name_en": "Haiyue Group", "admin": "boss", "confirm": WORD}


def seeded() -> None:
    record(actor=SYSTEM, act=Act("seed", "projects.project", None, "demo"))


def refusal(**options) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("start_empty", **{**WORDS, **options})
    return str(refused.value)


@pytest.fixture
def embedded(monkeypatch):
    """As on the file of the embedded profile, whatever database the tests run on."""
    for module in ("portfolio.management.commands.start_empty", "portfolio.views.start_empty"):
        monkeypatch.setattr(f"{module}.is_embedded", lambda: True)


@pytest.mark.django_db
def test_a_database_is_exchanged_in_the_embedded_profile_only(settings):
    seeded()
    assert is_embedded() == (connection.vendor == "sqlite")
    settings.PRODUCTION = True
    assert not is_embedded()
    with override("en"):
        assert "embedded" in refusal()


@pytest.mark.django_db
@pytest.mark.usefixtures("embedded")
def test_it_refuses_without_a_demo():
    with override("en"):
        assert "no demo" in refusal()


@pytest.mark.django_db
@pytest.mark.usefixtures("embedded")
def test_it_refuses_where_people_have_worked_and_says_what(outsider):
    seeded()
    record(actor=Actor(user=outsider.user, name="U"), act=Act("update", "projects.milestone", 1, "M"))
    with override("en"):
        assert [(str(one.label), one.count) for one in other_work()] == [("Milestones", 1), ("Logins of your own", 1)]
        told = refusal()
    assert "Milestones: 1" in told and "Logins of your own: 1" in told and "--discard-changes" in told


@pytest.mark.django_db
@pytest.mark.usefixtures("embedded")
def test_it_refuses_while_the_product_runs():
    seeded()
    ticks.note(ticks.BEAT)
    with override("en"):
        assert "running" in refusal()


@pytest.mark.django_db
@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("typed", ["yes", "start", "empty"])
def test_it_wants_the_words(typed):
    seeded()
    with override("en"):
        assert refusal(confirm=typed) == "Nothing was changed."


@pytest.mark.django_db
@pytest.mark.usefixtures("embedded")
def test_the_page_is_for_the_administrator_and_tells_what_is_there(pmo_admin, pmo_analyst):
    assert pmo_analyst.get(reverse("start-empty")).status_code == 403
    assert "There is no demo" in pmo_admin.get(reverse("start-empty")).content.decode()
    seeded()
    page = pmo_admin.get(reverse("start-empty")).content.decode()
    assert "manage.py start_empty" in page and "--discard-changes" in page, "the test logins are not the demo's"


def manage(folder: Path, *arguments: str) -> str:
    env = os.environ | {
        "BELLWETHER_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        "BELLWETHER_ADMIN_PASSWORD": "a-long-first-password",
        "DJANGO_SETTINGS_MODULE": "pmo.settings",
    }
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def count(path: Path, table: str) -> int:
    with sqlite3.connect(path) as database:
        return int(database.execute(f"select count(*) from {table}").fetchone()[0])


@pytest.mark.long
def test_the_demo_is_put_aside_and_an_empty_organisation_takes_its_place(tmp_path):
    manage(tmp_path, "migrate", "-v0")
    manage(tmp_path, "seed_demo", "--projects", "2", "--weeks", "4", "--no-health")
    base = tmp_path / "demo.sqlite3"
    assert count(base, "projects_project") == 2
    told = manage(
        tmp_path, "start_empty", "--name-zh", "海岳", "--name-en", "Haiyue", "--admin", "boss", "--confirm", WORD
    )
    assert "boss" in told
    assert count(base, "projects_project") == 0 and count(base, "core_user") == 1
    assert count(base, "core_organisation") == 1 and count(base, "portfolio_healthmodel") == 1
    (kept,) = (tmp_path / "backup").iterdir()
    assert count(kept, "projects_project") == 2, "the copy holds the demo"
