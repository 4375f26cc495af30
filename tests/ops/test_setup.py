"""scripts/setup.sh says what is missing instead of failing somewhere inside."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

STUB = """#!/bin/sh
case "$*" in
  *version_info*) exit {new_enough} ;;
  *ensurepip*) exit {venv} ;;
  --version) echo "Python {version}" ;;
  *) exit 1 ;;
esac
"""


def setup(tmp_path: Path, *, version: str, new_enough: bool, venv: bool) -> subprocess.CompletedProcess[str]:
    """Run it on a machine whose only Python is a stub."""
    path = tmp_path / "bin"
    path.mkdir()
    stub = path / "python3"
    stub.write_text(STUB.format(version=version, new_enough=int(not new_enough), venv=int(not venv)), encoding="utf-8")
    stub.chmod(0o755)
    command = ["/bin/sh", str(ROOT / "scripts" / "setup.sh"), "python3", str(tmp_path / "env"), "requirements.txt"]
    return subprocess.run(command, env={"PATH": str(path)}, cwd=tmp_path, capture_output=True, text=True, check=False)


def test_an_old_python_is_named(tmp_path: Path) -> None:
    done = setup(tmp_path, version="3.9.2", new_enough=False, venv=True)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr and "Python 3.9.2" in done.stderr


def test_a_python_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    done = setup(tmp_path, version="3.11.2", new_enough=True, venv=False)
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert not (tmp_path / "env").exists()


@pytest.mark.parametrize("target", ["run", "test", "faults", "ci", "fmt", "lint", "bench", "lock", "backup"])
def test_make_knows_the_target(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
