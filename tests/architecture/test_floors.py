"""Imports and foreign keys point downwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

from tests.architecture.sources import APPS, ROOT

FLOORS = {"core": 0, "projects": 1, "resources": 2, "risks": 2, "knowledge": 2, "portfolio": 3, "office": 4}


def allowed(source: str, target: str) -> bool:
    """May a model of the app `source` point to one of `target`? Django's own apps lie below all of ours."""
    if source == target or target not in FLOORS:
        return True
    return source in FLOORS and FLOORS[target] < FLOORS[source]


def test_foreign_keys_point_down() -> None:
    """String foreign keys are invisible to the import contracts. A library's rows belong to a login of ours: to nothing else."""
    seen, wrong = 0, []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model not in (None, "self"):
                seen += 1
                if model._meta.app_label not in FLOORS and field.related_model is get_user_model():
                    continue
                if not allowed(model._meta.app_label, field.related_model._meta.app_label):
                    wrong.append(f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
    assert wrong == []
    assert seen > 30


@pytest.mark.parametrize(
    ("source", "target", "right"),
    [("portfolio", "projects", True), ("projects", "portfolio", False), ("risks", "knowledge", False), ("risks", "core", True),
     ("core", "auth", True), ("core", "projects", False), ("risks", "risks", True)],
)  # fmt: skip
def test_the_rule_itself(source: str, target: str, right: bool) -> None:
    assert allowed(source, target) is right


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def test_the_import_contracts_are_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


SAMPLES = {
    "higher": ("projects/bad.py", "import portfolio.models", "Rooms of the house"),
    "sibling": ("risks/bad.py", "import knowledge.models", "Rooms of the house"),
    "kernel": ("pmo/core/bad.py", "import projects.models", "Rooms of the house"),
    "cycle": ("pmo/core/audit/bad.py", "import pmo.core.jobs.models", "Rooms of the kernel"),
    "services": ("projects/services/bad.py", "import projects.views", "Inside an app"),
    "django": ("projects/calc/bad.py", "import django", "Calculations"),
    "models": ("projects/calc/bad.py", "import projects.models", "Inside an app"),
}


@pytest.fixture(scope="module")
def miniature(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small house with the same contracts and a name on every door."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    rooms = [*APPS, "pmo/core", "pmo/core/audit", "pmo/core/jobs", "pmo/core/messages", "pmo/core/imports", "pmo/core/registers", "pmo/core/calendars",
             "projects/services", "projects/views", "projects/calc", "portfolio/calc"]  # fmt: skip
    doors = ["pmo/core/jobs/models", "pmo/core/calendars/calc", "projects/models", "portfolio/models", "knowledge/models",
             "pmo/settings", "pmo/urls", "pmo/api_urls", "pmo/celery", "pmo/wsgi", "pmo/asgi"]  # fmt: skip
    for room in rooms:
        (folder / room).mkdir(parents=True, exist_ok=True)
        (folder / room / "__init__.py").touch()
    for door in doors:
        (folder / f"{door}.py").touch()
    (folder / "pmo/core/jobs/models.py").write_text("import pmo.core.audit\n", encoding="utf-8")
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    text = text.replace("[tool.importlinter]", '[tool.importlinter]\nunmatched_ignore_imports_alerting = "none"', 1)
    (folder / "pyproject.toml").write_text(_without_exceptions(text), encoding="utf-8")
    return folder


def _without_exceptions(text: str) -> str:
    head, _, rest = text.partition("ignore_imports = [")
    return head + rest.partition("]\n")[2] if rest else text


def test_the_contracts_accept_the_miniature(miniature: Path) -> None:
    done = lint(miniature)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.fixture(scope="module")
def report(miniature: Path) -> str:
    """What the contracts say about all samples at once."""
    for name, (where, line, _contract) in SAMPLES.items():
        (miniature / where.replace("bad.py", f"bad_{name}.py")).write_text(f"{line}\n", encoding="utf-8")
    done = lint(miniature)
    assert done.returncode == 1
    return done.stdout.partition("Broken contracts")[2]


@pytest.mark.parametrize("name", list(SAMPLES))
def test_the_contracts_refuse(report: str, name: str) -> None:
    """The negative control: the forbidden import is named, after the title of the contract that it breaks."""
    where, line, contract = SAMPLES[name]
    source = where.replace("bad.py", f"bad_{name}").replace("/", ".")
    shown = ".jobs -> .audit" if name == "cycle" else f"{source} -> {line.removeprefix('import ')}"
    assert shown in report.partition(contract)[2], report
