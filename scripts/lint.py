"""Static checks, one line each: `python scripts/lint.py [NAME ...]`. Exit status 1 if one of them failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ["pmo", "projects", "resources", "risks", "knowledge", "portfolio", "office"]
# Named one by one: without names, an app that has no migrations at all would pass.
LABELS = ["core", *APPS[1:]]
# Names no server and no secret: `check --deploy` looks at what these switch on.
PRODUCTION = {
    "BELLWETHER_PROFILE": "production",
    "SECRET_KEY": "".join(chr(33 + 7 * n % 90) for n in range(64)),
    "ALLOWED_HOSTS": "pmo.example.org",
    "DATABASE_URL": "postgresql://bellwether@127.0.0.1:1/bellwether",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}

CHECKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "ruff check": (["-m", "ruff", "check", "--quiet", "."], {}),
    "ruff format": (["-m", "ruff", "format", "--check", "--quiet", "."], {}),
    "mypy": (["-m", "mypy", *APPS], {}),
    "import contracts": (
        [
            "-c",
            "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))",
        ],
        {},
    ),
    "templates": (["-m", "djlint", "templates", "--lint", "--quiet"], {}),
    "migrations": (["manage.py", "makemigrations", "--check", "--dry-run", "-v", "0", *LABELS], {}),
    "deployment": (["manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    "API schema": (["manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull], {}),
    "catalogue": (["scripts/check_catalogue.py"], {}),
}


def run(name: str) -> bool:
    """Run one check; its output is shown only where it fails."""
    arguments, extra = CHECKS[name]
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | extra,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    ok = done.returncode == 0
    sys.stdout.write(f"{'ok    ' if ok else 'FAILED'} {name:<18} {time.monotonic() - start:6.1f} s\n")
    if not ok:
        sys.stdout.write(f"{done.stdout.strip()}\n")
    sys.stdout.flush()
    return ok


def main(names: list[str]) -> int:
    """The checks named, or all of them."""
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        sys.stderr.write(f"No such check: {', '.join(unknown)}. There are: {', '.join(CHECKS)}.\n")
        return 2
    return 0 if all([run(name) for name in names or CHECKS]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
