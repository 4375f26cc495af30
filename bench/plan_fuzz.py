"""A thousand damaged plan files, made by a seeded fuzzer from the small ones of the tests: an error in words or a plan, never more.

Each file goes the product's way (`projects.plan_files.reading`) with limits of its own, but one process reads many, because a start
of Java for each would be all that is measured. Files that end the process (time, memory, a crash) cost a new one, as in the product.

Figures: how many gave a plan, how many were refused, `crashes` (the reading process stopped by itself), `wrong` (any other outcome),
`slowest_s`, `memory_mb` (the most that a reading process held), `left_behind` (children or temporary folders afterwards).
`BENCH_DATA` adds the real binary plans to the small ones.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
django.setup()

from bench.run import Goal, Outcome  # noqa: E402
from projects.plan_files.detect import detect  # noqa: E402
from projects.plan_files.errors import PlanFileError  # noqa: E402
from projects.plan_files.limits import Limits  # noqa: E402
from projects.plan_files.process import ReadingProcess  # noqa: E402
from projects.plan_files.reading import ask, plan_as_read  # noqa: E402

FILES, SEED = 1_000, 20261122
SMALL = Path(__file__).resolve().parents[1] / "tests" / "plan_files" / "fixtures"
REAL = Path(os.environ.get("BENCH_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data") / "plans"
LIMITS = Limits(wall=20.0, cpu=20)
ODD = (
    b"\x00",
    b"\xff\xff\xff\xff",
    b"-1",
    b"99999999999999999999",
    b"&x;",
    b"<![CDATA[",
    b"\xe2\x80\xae",
    b"NaN",
    b"0001-01-01T00:00:00",
)
GOALS = [
    Goal("wrong", 0),
    Goal("crashes", 0),
    Goal("left_behind", 0),
    Goal("slowest_s", 25),
    Goal("memory_mb", 2048),
]


def run(files: int = FILES, seed: int = SEED) -> Outcome:
    """Damage and read that many files."""
    outcomes: Counter[str] = Counter()
    slowest, memory, others = 0.0, 0, children()
    with tempfile.TemporaryDirectory() as folder, ReadingProcess(LIMITS) as process:
        tempfile.tempdir, before = folder, tempfile.tempdir
        try:
            for path in damaged(Path(folder), files, seed):
                start = time.perf_counter()
                outcomes[outcome(process, path)] += 1
                slowest = max(slowest, time.perf_counter() - start)
                memory = max(memory, resident(process.pid))
                path.unlink()
            process.close()
            left = len(os.listdir(folder)) + len(children() - others)
        finally:
            tempfile.tempdir = before
    figures = {
        "files": float(files),
        "plans": float(outcomes["plan"]),
        "refused": float(outcomes["refused"]),
        "stopped": float(outcomes["time"] + outcomes["memory"]),
        "crashes": float(outcomes["crashed"]),
        "wrong": float(outcomes["wrong"]),
        "starts": float(process.starts),
        "slowest_s": round(slowest, 2),
        "memory_mb": round(memory / 1024, 1),
        "left_behind": float(left),
    }
    return Outcome(figures, GOALS)


def outcome(process: ReadingProcess, path: Path) -> str:
    """plan, refused, time, memory, crashed, or wrong for an error without words."""
    request = {"action": "read", "source_project": ""}
    try:
        plan = plan_as_read(ask(process, path, path.name, detect(path, path.name), request, None))
    except PlanFileError as error:
        if not error.message() or "%(" in error.message():
            return "wrong"
        return error.code if error.code in ("time", "memory", "crashed") else "refused"
    return "plan" if plan.counts()["tasks"] >= 0 else "wrong"


def damaged(folder: Path, files: int, seed: int) -> Iterator[Path]:
    """The files one by one: the kinds take turns, what is done to them is drawn from the seed."""
    sources = sorted(one for one in SMALL.iterdir() if one.is_file())
    if REAL.is_dir():
        sources += sorted(REAL.glob("*.mpp"))
    for number in range(files):
        source = sources[number % len(sources)]
        chance = random.Random(f"{seed} {number}")
        path = folder / f"damaged{source.suffix}"
        path.write_bytes(mutated(source.read_bytes(), chance))
        yield path


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One to four changes."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        if data:
            chance.choice(CHANGES)(data, chance.randrange(len(data)), chance)
    return bytes(data)


def _turn(data: bytearray, place: int, chance: random.Random) -> None:
    data[place] ^= 1 << chance.randrange(8)


def _cut_out(data: bytearray, place: int, chance: random.Random) -> None:
    del data[place : place + chance.choice(LENGTHS)]


def _double(data: bytearray, place: int, chance: random.Random) -> None:
    data[place:place] = data[place : place + chance.choice(LENGTHS)] * chance.randint(1, 4)


def _put_in(data: bytearray, place: int, chance: random.Random) -> None:
    data[place : place + 1] = chance.choice(ODD)


def _digits(data: bytearray, place: int, chance: random.Random) -> None:
    found = [at for at in range(place, min(place + 2_000, len(data))) if 48 <= data[at] <= 57]
    for at in chance.sample(found, min(3, len(found))):
        data[at] = chance.randrange(48, 58)


def _swap(data: bytearray, place: int, chance: random.Random) -> None:
    other, length = chance.randrange(len(data)), chance.choice(LENGTHS)
    data[place : place + length], data[other : other + length] = (
        data[other : other + length],
        data[place : place + length],
    )


def _cut_off(data: bytearray, place: int, chance: random.Random) -> None:
    if chance.random() < 0.3:
        del data[place:]


CHANGES = (_turn, _cut_out, _double, _put_in, _digits, _digits, _swap, _cut_off)
LENGTHS = (1, 2, 8, 40, 400)


def resident(pid: int | None) -> int:
    """Kilobytes that a process holds; 0 for one that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)


def children() -> set[int]:
    """Processes whose parent is this one."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == os.getpid():
                found.add(int(entry.name))
    return found
