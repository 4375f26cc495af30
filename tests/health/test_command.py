"""manage.py recompute: figures as JSON, mistakes as one sentence and exit status 2."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from portfolio.models import HealthSnapshot
from tests.health import build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def projects():
    build.organisation()
    portfolio = build.portfolio("Grid", code="GRID")
    build.project("Line 3", portfolio=portfolio)
    build.project("Line 4")


def run(*arguments):
    out = io.StringIO()
    call_command("recompute", *arguments, stdout=out)
    return out.getvalue()


def test_json_has_date_projects_snapshots_and_seconds():
    printed = json.loads(run("--date", "2026-11-20", "--json"))
    assert list(printed) == ["date", "projects", "snapshots", "seconds"]
    assert (printed["date"], printed["projects"], printed["snapshots"]) == ("2026-11-20", 2, 2)
    assert 0 < printed["seconds"] < 60


def test_one_portfolio_only():
    printed = json.loads(run("--date", "2026-11-20", "--portfolio", "GRID", "--json"))
    assert (printed["projects"], printed["snapshots"]) == (1, 1)


def test_without_json_it_prints_a_line():
    assert run("--date", "2026-11-20").startswith("2026-11-20")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--portfolio", "NOPE"], "NOPE"),
        (["--date", "20.11.2026"], "20.11.2026"),
        (["--date", "2026-02-30"], "2026-02-30"),
        (["--date", "2999-01-01"], "2999-01-01"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(arguments, said):
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert refused.value.returncode == 2
    assert said in str(refused.value)
    assert not HealthSnapshot.objects.exists()
