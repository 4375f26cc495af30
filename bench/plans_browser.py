"""Every real plan file through the pages and through the command, and what is stored afterwards against the stored values.

Starts the product as `make run` does, without the demo, and signs in as a project manager in a headless Chromium. Each file of
`plans/` and `multiproject/mpsplib/` (see `bench.plans`) goes into a project of its own by upload, progress, choice where it holds
several projects, fidelity report and import; then into another by `manage.py import_plan --json`; then the plan is exported as
MSPDI by its page and imported once more. Read from the database, each plan is compared with `expected/` value by value, with
a direct count of the file, with the plan of the command and with the one that went out and in.

Prints a table, file by file, with every difference and the line of the fidelity report that names it. Figures, none allowed:
`not_imported`, `value_differences`, `unnamed_counts` (counts that differ from `expected/` and that neither a line of the report
nor the file's own count explains), `page_differences` (page against database), `command_differences`, `again_differences`.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
django.setup()

from bench.plans import expected_of, left_out, plan_files, uncounted  # noqa: E402
from bench.plans_compare import differences  # noqa: E402
from bench.plans_counted import direct_counts  # noqa: E402
from bench.plans_pages import Seen, manager  # noqa: E402
from bench.product import Product  # noqa: E402
from bench.run import Goal, Outcome  # noqa: E402

USER = "manager"
PAGES, COMMAND, AGAIN, SECOND = "PAGE", "COMMAND", "AGAIN", "SECOND"
AREAS = ("tasks", "links", "calendars", "resources", "assignments", "baselines")
NONE_ALLOWED = (
    "not_imported",
    "value_differences",
    "unnamed_counts",
    "page_differences",
    "command_differences",
    "again_differences",
    "console_messages",
)
Row = dict[str, Any]


def run() -> Outcome:
    """Import all files in both ways, compare, and print the table."""
    files = plan_files()
    figures: dict[str, float] = {"files": len(files)}
    if not files:
        print("plans_browser: no files of published data (BENCH_DATA)", file=sys.stderr)
    with Product() as product, tempfile.TemporaryDirectory() as folder:
        ready = product.step("bench.plans_browser", "fill", str(len(files)))
        seen, console = _pages(product, files, ready, Path(folder))
        told = [_command(product, path, code(COMMAND, number)) for number, path in enumerate(files)]
        for number in range(len(files)):
            _command(product, Path(folder, f"{number}.xml"), code(AGAIN, number))
        notes = Path(folder, "seen.json")
        notes.write_text(json.dumps([seen, told]), encoding="utf-8")
        found = product.step("bench.plans_browser", "compare", str(notes))
    figures |= {name: float(sum(len(row[name]) for row in found)) for name in NONE_ALLOWED[:-1]}
    figures["console_messages"] = float(len(console))
    figures |= {area: float(sum(one["counts_after"].get(area, 0) for one in seen)) for area in AREAS}
    for row in found:
        _print(row)
    for line in console:
        print(f"console: {line}", file=sys.stderr)
    return Outcome(figures, [Goal(name, 0) for name in NONE_ALLOWED])


def code(way: str, number: int) -> str:
    """The project that the file with the number goes into."""
    return f"{way}-{number:02d}"


def _pages(
    product: Product, files: list[Path], ready: dict[str, Any], folder: Path
) -> tuple[list[dict[str, Any]], list[str]]:
    """Every file through the browser; those with several projects twice."""
    seen = []
    with manager(product.address, USER, ready["password"]) as browser:
        for number, path in enumerate(files):
            one = browser.import_file(ready["projects"][code(PAGES, number)], path, 0, folder / f"{number}.xml")
            second = Seen()
            if one.sources:
                project = ready["projects"][code(SECOND, number)]
                second = browser.import_file(project, path, 1, folder / f"second-{number}.xml")
            seen.append(asdict(one) | {"second": asdict(second)})
        return seen, browser.console


def _command(product: Product, path: Path, project: str) -> dict[str, Any]:
    """What the command printed; the first of several projects is chosen as a person would after its message."""
    arguments = ["import_plan", str(path), "--project", project, "--json"]
    done = product.manage(*arguments)
    if "--source-project" in done.stderr:
        key = next(line for line in done.stderr.splitlines() if line.startswith("  ")).split()[0]
        done = product.manage(*arguments, "--source-project", key)
    if done.returncode:
        return {"problem": done.stderr.strip()[-500:]}
    report: dict[str, Any] = json.loads(done.stdout)
    return report


# -- on the product's data, in a process of its own ------------------------------------------------


def fill(files: int) -> dict[str, Any]:
    """A project manager with the projects that the files go into."""
    from pmo.core.access.roles import Role
    from tests import factories

    factories.organisation()
    user = factories.user(username=USER)
    projects = {}
    for number in range(files):
        for way in (PAGES, COMMAND, AGAIN, SECOND):
            name = code(way, number)
            row = factories.project(code=name, name_en=f"Plan {name}", visibility="private", pm=user.person)
            factories.member(row, user, Role.PROJECT_MANAGER)
            projects[name] = row.pk
    return {"password": factories.PASSWORD, "projects": projects}


def compare(seen: list[dict[str, Any]], told: list[dict[str, Any]]) -> list[Row]:
    """A row of the table for each file."""
    return [_compared(number, path, seen[number], told[number]) for number, path in enumerate(plan_files())]


def _compared(number: int, path: Path, seen: dict[str, Any], told: dict[str, Any]) -> Row:
    from projects.calc.plan.difference import difference

    plan = _stored(code(PAGES, number))
    row: Row = {"file": path.name, "seen": seen, **{name: [] for name in NONE_ALLOWED}, "named": []}
    problems = [seen["problem"], told.get("problem", "")]
    by_command, again = _stored(code(COMMAND, number)), _stored(code(AGAIN, number))
    if plan is None or by_command is None or again is None:
        return row | {"not_imported": [*filter(None, problems), "no plan is stored"]}
    counts = plan.counts()
    named, unnamed = _counted(path, plan)
    row |= {"counts": counts, "named": named, "unnamed_counts": [*unnamed, *uncounted(path, plan)]}
    row["value_differences"] = differences(plan, expected_of(path))
    for when in ("counts", "counts_after"):
        row["page_differences"] += _unequal(f"page, {when}", seen[when], counts)
    row["page_differences"] += [] if seen["stages"] else ["the page showed no progress"]
    row["command_differences"] = _unequal("printed", told["counts"], counts) + _rows(difference(plan, by_command))
    row["command_differences"] += _unequal("lines", _lines(told), _lines_of(plan))
    explained, row["again_differences"] = again_in_words(plan, again)
    row["named"] += explained
    if seen["sources"]:
        row["unnamed_counts"] += _second(path, _stored(code(SECOND, number)))
    return row


def _stored(project: str) -> Any:
    """The published plan of a project; None without one."""
    from projects.models import Project
    from projects.queries.plans import stored

    version = stored.published(Project.objects.get(code=project))
    return None if version is None else stored.plan_of(version)


def _counted(path: Path, plan: Any) -> tuple[list[str], list[str]]:
    """Counts that differ from `expected/`: those that the report or the file itself explains, and the others."""
    stored = json.loads(expected_of(path).read_text(encoding="utf-8"))
    tasks = [one for one in stored["tasks"] if one["outline_level"] != "0"]
    wanted = {name: len(stored[name]) for name in ("calendars", "resources", "assignments")} | {"tasks": len(tasks)}
    wanted["links"] = sum(len(one["predecessors"]) for one in stored["tasks"])
    counts, missing, held = plan.counts(), left_out(plan), direct_counts(path)
    named, unnamed = [], []
    for area in (one for one in wanted if wanted[one] != counts[one]):
        line = f"{area}: {counts[area]} imported, {wanted[area]} in expected/"
        if counts[area] + missing.get(area, 0) == wanted[area]:
            named.append(f"{line}; the report names {missing[area]}")
        elif held.get(area) == counts[area]:
            named.append(f"{line}; the file itself holds {held[area]}")
        else:
            unnamed.append(line)
    return named, unnamed


def again_in_words(plan: Any, again: Any) -> tuple[list[str], list[str]]:
    """What the plan lost on its way out as MSPDI and in again: what the remarks of the export name, and the rest."""
    from projects.calc.plan.difference import difference
    from projects.plan_exports.mspdi import write_mspdi

    left_out = {one.code for one in write_mspdi(plan, io.BytesIO())}
    found, explained, rest = difference(plan, again), [], []
    for area, part in found.parts.items():
        names = [change.field for row in part.changed for change in row.changes]
        names += [kind for kind in ("added", "removed") for _row in getattr(part, kind)]
        for name, count in Counter(f"{area}.{one.partition('.')[0]}" for one in names).items():
            code = NAMED_BY_EXPORT.get(name, "")
            known = code in left_out or (code == COMPUTED and plan.format != "mspdi")
            (explained if known else rest).append(f"MSPDI again, {name}: {count}{f'; {code}' if known else ''}")
    return explained, rest + [f"MSPDI again, {len(found.moved)} tasks moved"] * bool(found.moved)


COMPUTED = "computed by whoever reads a file without it"
NAMED_BY_EXPORT = {
    "plan.fields": "project_fields",
    "tasks.code": "activity_id",
    "tasks.free_slack": COMPUTED,
    "calendars.removed": "calendar_of_nobody",
    "resources.rate": "rates_per_hour",
    "assignments.delay": "delay_unit",
}


def _second(path: Path, plan: Any) -> list[str]:
    """The second project of the file against the file's own count."""
    if plan is None:
        return ["the second project was not imported"]
    return [f"second project, {line}" for line in uncounted(path, plan, project=1)]


def _unequal(name: str, found: Any, wanted: Any) -> list[str]:
    return [] if found == wanted else [f"{name}: {found} instead of {wanted}"]


def _rows(found: Any) -> list[str]:
    """What differs, by area."""
    return [f"{name} {count}" for name, count in found.counts().items() if count]


def _lines(told: dict[str, Any]) -> list[tuple[str, str, int]]:
    return sorted((one["area"], one["code"], one["count"]) for part in ("kept", "lost") for one in told[part])


def _lines_of(plan: Any) -> list[tuple[str, str, int]]:
    return sorted((one.area, one.code, one.count) for one in (*plan.kept, *plan.lost))


def _print(row: Row) -> None:
    """The file's line, and below it whatever differs and who names it."""
    seen = row["seen"]
    shown = " ".join(f"{seen['counts_after'].get(area, '–'):>6}" for area in AREAS)
    wrong = [f"{name}: {line}" for name in NONE_ALLOWED for line in row[name]]
    verdict = "equal" if not wrong and not row["named"] else "named" if not wrong else "DIFFERS"
    print(f"{row['file']:<38} {shown}  {verdict}; {len(seen['lost'])} lost, {len(seen['kept'])} kept", file=sys.stderr)
    if seen["sources"]:
        print(f"    holds {', '.join(seen['sources'])}; second: {seen['second']['counts_after']}", file=sys.stderr)
    for line in (*row["named"], *wrong[:40]):
        print(f"    {line}", file=sys.stderr)


if __name__ == "__main__":
    step, value = sys.argv[1:]
    print(json.dumps(fill(int(value)) if step == "fill" else compare(*json.loads(Path(value).read_bytes()))))
