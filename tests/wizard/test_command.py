"""manage.py import_portfolio: exactly the JSON that was asked for, exit code 2 for what cannot be meant."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pmo.core.audit.actor import SYSTEM
from pmo.core.imports.mapping_json import load_mapping
from pmo.core.imports.models import ImportBatch, ImportMapping
from pmo.core.imports.services import save_mapping
from projects.models import Project
from tests.wizard.build import YEARS, YEARS_MAPPING

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    data, mapping = tmp_path / "years.csv", tmp_path / "mapping.json"
    data.write_text(YEARS + "2023,X,Nameless Road,Energy,Purple,2019-01-01,soon,1,\n", encoding="utf-8")
    mapping.write_text(json.dumps(YEARS_MAPPING), encoding="utf-8")
    return str(data), str(mapping)


def run(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_portfolio", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_json_is_all_that_is_printed(files: tuple[str, str]) -> None:
    out, err = run(files[0], "--mapping", files[1], "--json", "--language", "en")
    assert json.loads(out) == {
        "created": 5,
        "updated": 5,
        "unchanged": 0,
        "refused": [
            {"row": 11, "column": "end", "value": "soon", "reason": "“soon” is not a date."},
            {
                "row": 11,
                "column": "rating",
                "value": "Purple",
                "reason": "“Purple” is no known rating. Map the word to green, amber, red or grey.",
            },
        ],
    }
    assert err == "" and out.count("\n") == 1


def test_again_everything_is_unchanged(files: tuple[str, str]) -> None:
    run(files[0], "--mapping", files[1], "--json")
    out, _err = run(files[0], "--mapping", files[1], "--json")
    told = json.loads(out)
    assert (told["created"], told["updated"], told["unchanged"]) == (0, 0, 10)


def test_a_dry_run_says_the_same_and_writes_nothing(files: tuple[str, str]) -> None:
    dry = json.loads(run(files[0], "--mapping", files[1], "--json", "--dry-run")[0])
    assert not Project.objects.exists() and not ImportBatch.objects.exists()
    assert json.loads(run(files[0], "--mapping", files[1], "--json")[0]) == dry


def test_without_json_a_summary_names_the_refusals(files: tuple[str, str]) -> None:
    out, _err = run(files[0], "--mapping", files[1], "--language", "en")
    assert "years.csv: 5 new, 5 changed, 0 unchanged, 0 refused rows, 2 refused cells" in out
    assert "Row 11, end: “soon” is not a date." in out


def test_a_saved_mapping_and_a_date(tmp_path: Path) -> None:
    save_mapping(
        actor=SYSTEM, name="Monthly", target="projects", mapping=load_mapping({"fields": {"code": "c", "name": "n"}})
    )
    path = tmp_path / "list.csv"
    path.write_text("c,n\nA,Alpha\n", encoding="utf-8")
    assert json.loads(run(str(path), "--mapping", "Monthly", "--as-of", "2026-03-31", "--json")[0])["created"] == 1
    batch = ImportBatch.objects.get()
    assert (str(batch.as_of), batch.state, batch.owner) == ("2026-03-31", "committed", None)
    assert ImportMapping.objects.count() == 1


def test_a_preset_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "it.csv"
    header = "uii,project_id,project,agency,investment,start,completion_b1,planned_completion_b2,projected_actual_completion_b2,planned_cost_musd,projected_actual_cost_musd"
    path.write_text(
        f"{header}\nX,1,Core,Labour,Pay,2011-10-01,2012-09-30,2012-09-30,2012-10-15,1.5,1.75\n", encoding="utf-8"
    )
    assert (
        json.loads(run(str(path), "--mapping", "us_it_dashboard", "--as-of", "2012-09-30", "--json")[0])["created"] == 1
    )
    row = Project.objects.get()
    assert (row.code, row.currency, row.forecast_cost, row.portfolio_items.get().portfolio.name_en) == (
        "X-1",
        "USD",
        1750000,
        "Labour",
    )


WRONG: list[tuple[Any, str]] = [
    (lambda data, mapping: ["/no/such/file.csv", "--mapping", mapping], "file.csv"),
    (lambda data, mapping: [data, "--mapping", "no such mapping"], "no such mapping"),
    (lambda data, mapping: [data, "--mapping", data], "JSON"),
    (lambda data, mapping: [data, "--mapping", mapping, "--as-of", "31.12.2026"], "31.12.2026"),
    (lambda data, mapping: [data, "--mapping", mapping, "--as-of", "2199-01-01"], "2199-01-01"),
    (lambda data, mapping: [data, "--mapping", "us_it_dashboard"], "uii"),
    (lambda data, mapping: [mapping, "--mapping", mapping], "year"),
]


@pytest.mark.parametrize(("arguments", "says"), WRONG)
def test_what_cannot_be_meant_ends_with_exit_code_two(files: tuple[str, str], arguments: Any, says: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(*arguments(*files), "--json")
    assert caught.value.returncode == 2 and says in str(caught.value)
    assert not Project.objects.exists() and not ImportBatch.objects.exists()
