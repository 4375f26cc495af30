"""The linked tables of a federal department, ten tables and the file of their relations, from one zip into a fresh database.

The zip is made of ../shared/data in a temporary place. The files are read here once more, without the product, and compared
with what stands in the database: rows of every table and relation by number, and the values of every row by its identifier.

- `import_s`: the command, first import; `again_s`: the second, which must change nothing; `undo_s`: taking it back.
- `differences`: rows, relations and values that are not what the files say; each is printed. `named`: differences that the
  report names (rows that say again what an earlier one says).
- `changed_again`: rows that the second import would write; `left`: records that stand after undo.
- `statements`: what the first import sends to the database.

Figures of PostgreSQL end with `_pg`.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.postgres import cluster
from bench.run import Goal, Outcome

TABLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "portfolios" / "us_hhs_2013"
_MOST = {"import_s": 120.0, "differences": 0, "changed_again": 0, "left": 0}
GOALS = [Goal(f"{name}{ending}", most) for name, most in _MOST.items() for ending in ("", "_pg")]


def run() -> Outcome:
    """Import, compare, import again, undo; on both databases, each in a process of its own."""
    figures: dict[str, float] = {}
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        servers = stack.enter_context(cluster("bench_linked"))
        for ending, url in (("", f"sqlite:///{folder}/linked.sqlite3"), ("_pg", servers["bench_linked"])):
            figures |= {f"{name}{ending}": value for name, value in _measured(url, folder).items()}
    return Outcome(figures, GOALS)


def _measured(url: str, folder: str) -> dict[str, float]:
    environment = {**os.environ, "DATABASE_URL": url, "BELLWETHER_VAR": folder}
    command = [sys.executable, "-c", "from bench.linked_tables import measure; measure()", folder]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    lines = done.stdout.splitlines()
    print("\n".join(lines[:-1]), file=sys.stderr)
    figures: dict[str, float] = json.loads(lines[-1])
    return figures


def zipped(folder: Path) -> Path:
    """The archive of the tables."""
    path = folder / "linked.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(TABLES.glob("*.csv")):
            archive.write(one, one.name)
    return path


def measure() -> None:
    """Print what differs, then one JSON line of figures."""
    folder = Path(sys.argv[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import translation

    translation.activate("en")
    call_command("migrate", verbosity=0)
    path = zipped(folder)
    figures: dict[str, float] = {}
    with _Counted() as sent:
        start = time.perf_counter()
        first = _imported(path)
        figures["import_s"] = round(time.perf_counter() - start, 2)
    figures["statements"] = sent[0]
    from bench.linked_compare import compare

    differences, named = compare(TABLES, first)
    for one in (*differences, *(f"named: {text}" for text in named)):
        print(one)
    start = time.perf_counter()
    again = _imported(path)
    figures["again_s"] = round(time.perf_counter() - start, 2)
    figures |= {"differences": len(differences), "named": len(named), "changed_again": _written(again)}
    start = time.perf_counter()
    figures["left"] = _undone(first["import"])
    figures["undo_s"] = round(time.perf_counter() - start, 2)
    print(json.dumps(figures))


class _Counted:
    """How many statements the block sends."""

    def __enter__(self) -> list[int]:
        from django.db import connection

        self.sent = [0]
        self._wrapper = connection.execute_wrapper(self._count)
        self._wrapper.__enter__()
        return self.sent

    def _count(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.sent[0] += 1
        return execute(sql, params, many, context)

    def __exit__(self, *error: Any) -> None:
        self._wrapper.__exit__(*error)


def _imported(path: Path) -> dict[str, Any]:
    from django.core.management import call_command

    out = io.StringIO()
    call_command("import_linked", str(path), "--json", "--language=en", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def _written(report: dict[str, Any]) -> int:
    rows = sum(one["created"] + one["updated"] for one in report["tables"].values())
    return int(rows + sum(one["new"] for one in report["relations"]))


def _undone(number: int) -> int:
    """Take the import back; how many of its records are still there."""
    from django.apps import apps

    from pmo.core.audit.actor import SYSTEM
    from pmo.core.imports import services
    from pmo.core.imports.models import ImportBatch
    from pmo.core.imports.undo import run_undo

    batch = ImportBatch.objects.get(pk=number)
    services.begin_undo(actor=SYSTEM, batch=batch)
    run_undo(actor=SYSTEM, batch_id=batch.pk)
    models = set(batch.changes.values_list("model", flat=True))
    return int(sum(apps.get_model(label).objects.count() for label in models))
