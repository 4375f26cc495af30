"""Hostile, damaged and foreign files: a clear error before Java starts, and nothing left behind."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from projects.plan_files import limits
from projects.plan_files.detect import detect
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import MEGABYTE, Limits
from projects.plan_files.process import ReadingProcess
from projects.plan_files.reading import ask, read_plan
from projects.plan_files.texts import TEXTS
from tests.plan_files.conftest import FIXTURES

NAMESPACE = 'xmlns="http://schemas.microsoft.com/project"'
XXE = f'<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/hostname">]><Project {NAMESPACE}><Title>&x;</Title></Project>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE project [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><project name="&c;"/>'
)
OFFICE = (FIXTURES / "office.xml").read_bytes()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(scope="module")
def process() -> Iterator[ReadingProcess]:
    with ReadingProcess(Limits(depth=40, nodes=5_000)) as started:
        yield started


def refused(process: ReadingProcess, path: Path) -> PlanFileError:
    request = {"action": "read", "source_project": ""}
    with pytest.raises(PlanFileError) as error:
        ask(process, path, path.name, detect(path, path.name), request, None)
    return error.value


CASES = {
    "external entity": ("a.xml", XXE.encode(), "has_entities"),
    "external entity in UTF-16": ("a.xml", XXE.encode("utf-16"), "has_entities"),
    "entities in entities": ("a.gan", LAUGHS.encode(), "has_entities"),
    "cut off": ("a.xml", OFFICE[: len(OFFICE) // 2], "bad_xml"),
    "nested": ("a.gan", b'<project name="a">' + b"<task>" * 50 + b"</task>" * 50 + b"</project>", "too_deep"),
    "too many elements": ("a.gan", b'<project name="a">' + b"<task/>" * 6_000 + b"</project>", "too_many_nodes"),
    "another XML": ("a.xml", b"<html><body/></html>", "unknown_format"),
    "empty": ("a.mpp", b"  \n", "empty"),
    "a picture": ("a.mpp", b"\x89PNG\r\n\x1a\n\x00\x00" * 20, "unknown_format"),
    "another binary container": ("a.mpp", OLE + b"\x00" * 2000, "unknown_format"),
    "a binary container cut off": ("a.mpp", OLE + b"\x00" * 100 + b"MSProject.MPP14", "damaged"),
    "a binary container with endless chains": ("a.mpp", OLE + b"\xff" * 600 + b"MSProject.MPP14", "damaged"),
    "XER cut off": ("a.xer", (FIXTURES / "dam.xer").read_bytes()[:900], "damaged"),
    "XER without projects": ("a.xer", b"ERMHDR\t8.2\r\n%T\tTASK\r\n%E\r\n", "no_project"),
    "PMXML without projects": ("a.xml", b"<APIBusinessObjects><Calendar/></APIBusinessObjects>", "no_project"),
    "MPX full of zero bytes": ("a.mpx", b"MPX,Microsoft Project,4.0,ANSI\r\n" + b"\x00" * 500, "damaged"),
    "a damaged archive": ("a.zip", b"PK\x03\x04" + b"\x00" * 100, "archive_damaged"),
}


@pytest.mark.parametrize("case", CASES)
def test_hostile_files_are_refused_before_java_starts(case: str, process: ReadingProcess, tmp_path: Path) -> None:
    name, content, code = CASES[case]
    path = tmp_path / name
    path.write_bytes(content)

    if code in ("unknown_format", "empty", "archive_damaged"):
        with pytest.raises(PlanFileError) as told:
            detect(path, name)
        error = told.value
    else:
        error = refused(process, path)

    assert error.code == code
    assert error.message() and "%(" not in error.message()
    if process.pid is not None:
        assert "libjvm" not in Path(f"/proc/{process.pid}/maps").read_text()


def test_what_unpacks_to_200_megabytes_is_not_unpacked(process: ReadingProcess, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("plan.xml", "w") as entry:
        entry.write(f"<Project {NAMESPACE}>".encode())
        for _ in range(200):
            entry.write(b" " * MEGABYTE)

    error = refused(process, path)

    assert path.stat().st_size < MEGABYTE
    assert (error.code, error.params) == ("unpacks_too_large", {"limit": limits.Limits().unpacked // MEGABYTE})


def test_an_archive_whose_directory_lies_is_stopped_while_unpacking(tmp_path: Path) -> None:
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plan.xml", b"<Project>" + b" " * 3 * MEGABYTE)
    told = (3 * MEGABYTE + 9).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(told, (100).to_bytes(4, "little")))

    with ReadingProcess(Limits(unpacked=MEGABYTE)) as process:
        assert refused(process, path).code in ("unpacks_too_large", "archive_damaged")


def test_several_plans_in_an_archive_are_not_guessed(process: ReadingProcess, tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.mpp", b"x")
        archive.writestr("b.mpp", b"x")

    assert refused(process, path).code == "archive_many"


def test_a_large_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    path.write_bytes(OFFICE)

    with pytest.raises(PlanFileError) as error:
        read_plan(path, name=path.name, limits=Limits(file=1000))

    assert error.value.code == "too_large"


def test_a_read_that_takes_too_long_ends_with_its_process_and_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "office.xml"
    path.write_bytes(OFFICE)
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    process = ReadingProcess(Limits(wall=0.02))

    error = refused(process, path)

    assert error.code == "time" and process.pid is None
    assert os.listdir(place) == []


def test_a_process_that_is_killed_gives_an_error_and_the_next_file_a_new_one(
    process: ReadingProcess, tmp_path: Path
) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(XXE.encode())
    refused(process, path)
    before, starts = process.pid, process.starts
    assert before is not None
    os.kill(before, 9)

    first, second = refused(process, path), refused(process, path)

    assert (first.code, second.code) == ("crashed", "has_entities")
    assert process.starts == starts + 1 and not Path(f"/proc/{before}").exists()


def test_every_error_has_words() -> None:
    """Codes in the sources of the readers stand in the table."""
    import re

    folder = Path(limits.__file__).parent
    used = {
        code
        for source in folder.rglob("*.py")
        for code in re.findall(r'PlanFileError\(\s*"(\w+)"', source.read_text(encoding="utf-8"))
    }

    assert used <= set(TEXTS) and len(used) > 15


def test_every_remark_has_words() -> None:
    import re

    from projects.plan_files.child.compare import EXTRAS
    from projects.plan_files.wording import TEXTS as WORDS

    folder = Path(limits.__file__).parent
    used = {
        code
        for source in folder.rglob("*.py")
        for code in re.findall(r'\.(?:kept|lost)\(\s*"\w+",\s*"(\w+)"', source.read_text(encoding="utf-8"))
    }

    assert used | set(EXTRAS) <= set(WORDS) and len(used) > 20
