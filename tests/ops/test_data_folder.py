"""The data folder may be called anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT


@pytest.mark.parametrize(
    "name", ["c# 100%25 a?b&c=风", *(pytest.param(name, marks=pytest.mark.long) for name in ("with blank", "风向标"))]
)
def test_the_database_lies_in_it(tmp_path: Path, name: str) -> None:
    code = (
        "import django; django.setup(); from django.conf import settings; print(settings.DATABASES['default']['NAME'])"
    )
    unwanted = {"DATABASE_URL", "PYTEST_CURRENT_TEST"}
    env = {key: value for key, value in os.environ.items() if key not in unwanted}
    env |= {
        "BELLWETHER_VAR": str(tmp_path / name),
        "DJANGO_SETTINGS_MODULE": "pmo.settings",
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(tmp_path / name / "bellwether.sqlite3")
