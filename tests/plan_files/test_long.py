"""What needs several starts of Java: the runtime of the wheel, too little memory, and sixty damaged files."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import plan_fuzz
from projects.calc.plan.document import Plan
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import MEGABYTE, Limits
from projects.plan_files.reading import read_plan
from tests.plan_files.conftest import FIXTURES

pytestmark = pytest.mark.long


def test_plans_are_read_without_a_java_on_the_machine(monkeypatch: pytest.MonkeyPatch, office: Plan) -> None:
    for name in ("PATH", "JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)

    for name in ("office.xml", "bridge.mpx", "dam.xer", "road.pmxml", "house.gan"):
        plan = read_plan(FIXTURES / name, name=name)
        assert plan.tasks and (name != "office.xml" or plan == office)


BOUNDS = {
    "heap of Java": (Limits(heap=24 * MEGABYTE), "memory"),
    "memory of the process": (Limits(memory=300 * MEGABYTE), "memory"),
    "time of a processor": (Limits(cpu=1), "time"),
    "size of the answer": (Limits(answer=MEGABYTE), "answer"),
    "tasks": (Limits(tasks=2_000), "too_many_tasks"),
}


@pytest.mark.parametrize("bound", BOUNDS)
def test_every_bound_is_said(bound: str, tmp_path: Path) -> None:
    from bench.plans_made import write_mspdi

    limits, code = BOUNDS[bound]
    path = tmp_path / "large.xml"
    write_mspdi(path, 3_000)

    with pytest.raises(PlanFileError) as error:
        read_plan(path, name=path.name, limits=limits)

    assert error.value.code == code


def test_progress_is_told_and_what_it_raises_ends_the_process() -> None:
    told: list[str] = []
    before = plan_fuzz.children()

    class StoppedError(Exception):
        pass

    def progress(phase: str, done: int, total: int) -> None:
        told.append(phase)
        if phase == "taking":
            raise StoppedError

    with pytest.raises(StoppedError):
        read_plan(FIXTURES / "office.xml", name="office.xml", progress=progress)

    assert told == ["checking", "starting", "parsing", "taking"]
    assert plan_fuzz.children() == before


def test_sixty_damaged_files() -> None:
    result = plan_fuzz.run(files=60, seed=7)

    assert result.figures["wrong"] == result.figures["crashes"] == result.figures["left_behind"] == 0
    assert result.figures["plans"] > 5 and result.figures["refused"] > 5
