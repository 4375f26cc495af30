"""Files made to harm whoever reads them: entities, bombs, depth, cut ends, and damaged ones of the fuzzer."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bench.plan_fuzz import SMALL, mutated

MEGABYTE = 1 << 20
NAMESPACE = 'xmlns="http://schemas.microsoft.com/project"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XXE = f'<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/hostname">]><Project {NAMESPACE}><Title>&x;</Title></Project>'
LEVELS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY e0 "ha">{LEVELS}]><Project {NAMESPACE}><Title>&e9;</Title></Project>'


def hostile(folder: Path) -> list[Path]:
    """One file of each kind; every one of them has to be refused."""
    office, crane = (SMALL / "office.xml").read_bytes(), (SMALL / "dam.xer").read_bytes()
    contents = {
        "external-entity.xml": XXE.encode(),
        "external-entity-16.xml": XXE.encode("utf-16"),
        "laughs.xml": LAUGHS.encode(),
        "laughs.gan": LAUGHS.replace("Project", "project").encode(),
        "cut.xml": office[: len(office) // 2],
        "cut.gan": (SMALL / "house.gan").read_bytes()[:-700],
        "cut.xer": crane[:900],
        "cut.mpp": OLE + b"\x00" * 100 + b"MSProject.MPP14",
        "chains.mpp": OLE + b"\xff" * 600 + b"MSProject.MPP14",
        "deep.gan": b'<project name="a">' + b"<task>" * 50_000 + b"</task>" * 50_000 + b"</project>",
        "other.xml": b"<html><body/></html>",
        "blank.mpp": b"  \n",
        "picture.mpp": b"\x89PNG\r\n\x1a\n\x00\x00" * 20,
        "zeros.mpx": b"MPX,Microsoft Project,4.0,ANSI\r\n" + b"\x00" * 500,
        "damaged.zip": b"PK\x03\x04" + b"\x00" * 100,
        "program.exe": b"MZ" + b"\x00" * 100,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [*(folder / name for name in contents), _bomb(folder / "bomb.zip"), _liar(folder / "liar.zip")]


def _bomb(path: Path) -> Path:
    """An archive of less than a megabyte that unpacks to more than 200."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("plan.xml", "w") as entry:
        entry.write(f"<Project {NAMESPACE}>".encode())
        for _ in range(200):
            entry.write(b" " * MEGABYTE)
    return path


def _liar(path: Path) -> Path:
    """The same, whose directory says a hundred bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("plan.xml", "w") as entry:
        entry.write(b"<Project>")
        for _ in range(200):
            entry.write(b" " * MEGABYTE)
    told = (200 * MEGABYTE + 9).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(told, (100).to_bytes(4, "little")))
    return path


def mutants(folder: Path, files: int, seed: int) -> Iterator[Path]:
    """Damaged copies of the small plans, each under a name of its own: what is done to them is drawn from the seed."""
    sources = sorted(one for one in SMALL.iterdir() if one.is_file())
    for number in range(files):
        source = sources[number % len(sources)]
        path = folder / f"mutant-{number:04d}{source.suffix}"
        path.write_bytes(mutated(source.read_bytes(), random.Random(f"{seed} {number}")))
        yield path
