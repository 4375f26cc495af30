"""One reading process for all tests that need Java: its start is the dear part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation

from projects.calc.plan.document import Plan
from projects.plan_files.detect import detect
from projects.plan_files.process import ReadingProcess
from projects.plan_files.reading import ask, plan_as_read

FIXTURES = Path(__file__).parent / "fixtures"
ReadFile = Callable[..., Plan]


@pytest.fixture(scope="session")
def reading_process() -> Iterator[ReadingProcess]:
    with ReadingProcess() as process:
        yield process


@pytest.fixture(scope="session")
def read(reading_process: ReadingProcess) -> ReadFile:
    """Read a file as the product does, in the process that all these tests share."""

    def read_file(path: Path, source_project: str = "") -> Plan:
        request = {"action": "read", "source_project": source_project}
        return plan_as_read(ask(reading_process, path, path.name, detect(path, path.name), request, None))

    return read_file


@pytest.fixture(scope="session")
def office(read: ReadFile) -> Plan:
    return read(FIXTURES / "office.xml")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages in English, whatever the installation's language."""
    with translation.override("en"):
        yield
