"""manage.py import_plan and export_plan."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pmo.core.audit.models import AuditEntry
from projects.calc.plan.document import Plan, SourceProject
from projects.management.commands import import_plan
from projects.models.plan import PlanFile, PlanTask, PlanVersion
from projects.plan_exports.csv_file import write_csv
from projects.plan_exports.formats import WRITERS
from projects.plan_files.reading import read_plan
from projects.queries.plans import stored
from tests import factories
from tests.plans import build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def project(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path / "media"
    factories.organisation()
    return factories.project()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shed.csv"
    with path.open("wb") as stream:
        write_csv(build.plan(), stream)
    return path


def run(command: str, *args: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


def test_json_holds_exactly_the_counts_and_what_was_kept_and_lost(project: Any, file: Path) -> None:
    report = json.loads(run("import_plan", str(file), "--project", project.code, "--json"))
    assert list(report) == ["counts", "kept", "lost"]
    assert report["counts"] == {
        "tasks": 6,
        "links": 4,
        "calendars": 3,
        "resources": 3,
        "assignments": 3,
        "baselines": 2,
    }
    (kept,) = report["kept"]
    assert kept == {
        "area": "fields",
        "code": "custom_fields",
        "count": 6,
        "examples": ["Cost centre"],
        "text": "Custom fields of the program, kept as fields of the rows",
    }
    assert [one["code"] for one in report["lost"]] == ["views"]


def test_the_plan_is_published_with_its_file_beside_it(project: Any, file: Path) -> None:
    told = run("import_plan", str(file), "--project", project.code)
    version = PlanVersion.objects.get()
    assert stored.plan_of(version) == build.plan()
    assert (version.state, version.source.filename, version.source.state) == ("published", "shed.csv", "committed")
    assert "Tasks: 6" in told
    assert "Custom fields: Custom fields of the program, kept as fields of the rows: 6 (Cost centre)" in told


def test_a_draft_on_behalf_of_a_person(project: Any, file: Path) -> None:
    user = factories.user()
    run("import_plan", str(file), "--project", project.code, "--draft", "--actor", user.username)
    version = PlanVersion.objects.get()
    assert version.state == "draft"
    entry = AuditEntry.objects.get(model="projects.planversion")
    assert entry.actor == user


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"project": "NONE-1"}, "There is no project with the code NONE-1."),
        ({"file": "/nowhere/plan.mpp"}, "There is no file /nowhere/plan.mpp."),
        ({"actor": "nobody-here"}, "There is no active user nobody-here."),
    ],
)
def test_what_is_missing_is_said(project: Any, file: Path, change: dict[str, str], message: str) -> None:
    given = {"project": project.code, "file": str(file), "actor": ""} | change
    with pytest.raises(CommandError) as refused:
        run("import_plan", given["file"], project=given["project"], actor=given["actor"])
    assert (str(refused.value), refused.value.returncode) == (message, 1)
    assert not PlanVersion.objects.exists()


def test_a_bad_file_leaves_nothing(project: Any, tmp_path: Path) -> None:
    path = tmp_path / "shed.csv"
    path.write_text("#plan,Plan\nname,value\n\n#tasks,Tasks\nuid,name,level,duration\n1,A,1,a while\n")
    with pytest.raises(CommandError, match="tasks 1, duration: a while"):
        run("import_plan", str(path), "--project", project.code)
    assert not PlanVersion.objects.exists()
    assert not PlanFile.all_objects.exists()


def test_a_refused_commit_leaves_no_file(project: Any, file: Path, settings: Any) -> None:
    run("import_plan", str(file), "--project", project.code, "--draft")
    other = file.with_name("other.csv")
    with other.open("wb") as stream:
        write_csv(build.plan(title="Other"), stream)
    with pytest.raises(CommandError, match="draft"):
        run("import_plan", str(other), "--project", project.code, "--draft")
    assert PlanFile.all_objects.count() == 1
    assert len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1


class Several:
    """A file with several projects, as the reader tells of one."""

    def __init__(self, *found: SourceProject) -> None:
        self.found = list(found)
        self.asked: list[str | None] = []

    def projects_of(self, path: Path, *, name: str) -> list[SourceProject]:
        return self.found

    def read_plan(self, path: Path, *, name: str, source_project: str | None = None) -> Plan:
        self.asked.append(source_project)
        return Plan(format="xer")


def several(monkeypatch: pytest.MonkeyPatch, *found: SourceProject) -> Several:
    reader = Several(*found)
    monkeypatch.setattr(import_plan, "projects_of", reader.projects_of)
    monkeypatch.setattr(import_plan, "read_plan", reader.read_plan)
    return reader


def test_several_projects_are_listed_to_choose_from(project: Any, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = several(monkeypatch, SourceProject("41", "Bridge", 12), SourceProject("42", "Tunnel", 7))
    with pytest.raises(CommandError) as refused:
        run("import_plan", str(file), "--project", project.code)
    assert refused.value.returncode == 1
    assert "--source-project" in str(refused.value)
    assert "42  Tunnel" in str(refused.value)
    assert not PlanVersion.objects.exists()
    run("import_plan", str(file), "--project", project.code, "--source-project", "42")
    assert reader.asked == ["42"]


def test_one_real_project_beside_stubs_is_taken(project: Any, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = several(monkeypatch, SourceProject("41", "Bridge", 12), SourceProject("9", "Elsewhere", 0, stub=True))
    run("import_plan", str(file), "--project", project.code)
    assert reader.asked == ["41"]


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_an_export_is_read_again_as_every_other_file(project: Any, file: Path, format: str, tmp_path: Path) -> None:
    run("import_plan", str(file), "--project", project.code)
    target = tmp_path / f"out.{format}"
    told = run("export_plan", project=project.code, format=format, output=str(target))
    assert told == f"{target}: 6 tasks\n"
    assert read_plan(target, name=target.name) == build.plan()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_mspdi_tells_what_it_cannot_say(project: Any, file: Path, tmp_path: Path) -> None:
    run("import_plan", str(file), "--project", project.code)
    PlanTask.objects.filter(uid="13").update(code="A-100")
    told = run("export_plan", project=project.code, format="mspdi", output=str(tmp_path / "out.xml"))
    assert "Tasks: Activity IDs: the format has the WBS code only: 1 (Carpentry)" in told


def test_there_must_be_a_plan_to_export(project: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such plan"):
        run("export_plan", project=project.code, format="csv", output=str(tmp_path / "out.csv"))
    assert sorted(WRITERS) == ["csv", "mspdi", "xlsx"]


def test_a_missing_project_is_made_from_the_file_only_when_asked(project: Any, file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="NEW-01"):
        run("import_plan", str(file), "--project", "NEW-01")
    broken = tmp_path / "broken.csv"
    broken.write_text("nothing", encoding="utf-8")
    with pytest.raises(CommandError):
        run("import_plan", str(broken), "--project", "NEW-01", "--create")
    assert not type(project).objects.filter(code="NEW-01").exists()
    run("import_plan", str(file), "--project", "NEW-01", "--create")
    made = type(project).objects.get(code="NEW-01")
    assert str(made.name_en) == build.plan().title and made.plans.count() == 1
    run("import_plan", str(file), "--project", "NEW-01", "--create")
    assert type(project).objects.filter(code="NEW-01").count() == 1 and made.plans.count() == 2
