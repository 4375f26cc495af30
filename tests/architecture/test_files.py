"""What lies in the repository: sources only, small, nothing of a machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, read, tracked

LARGEST = 300_000
TEXT = {
    ".py",
    ".md",
    ".html",
    ".txt",
    ".toml",
    ".yml",
    ".yaml",
    ".sh",
    ".js",
    ".css",
    ".in",
    ".po",
    ".svg",
    ".json",
    ".csv",
    "",
}
# In pieces, so that this file does not hold what it forbids.
MACHINE = re.compile("|".join(["/ro" + "ot/", "/ho" + "me/[a-z]+/", "/wo" + "rk/(?:main|shared)", "/tmp/" + "w/"]))
REGISTRY = re.compile(
    "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.(?:com|org)", "deb" + r"\.debian\.org"])
)
MINIFIED = re.compile(r"\.min\.(?:js|css)$|(?:^|/)(?:vendor|node_modules|dist)/")


def is_minified(name: str, text: str) -> bool:
    """By its name, or by a line no person would write."""
    long_line = name.endswith((".js", ".css")) and any(len(line) > 1000 for line in text.splitlines())
    return bool(MINIFIED.search(name)) or long_line


def texts() -> list[Path]:
    return [path for path in tracked() if path.suffix in TEXT]


def test_no_file_is_large() -> None:
    assert [str(path) for path in tracked() if (ROOT / path).stat().st_size > LARGEST] == []


def test_nothing_is_minified_or_vendored() -> None:
    assert [
        str(path) for path in texts() if is_minified(str(path), read(path) if path.suffix in {".js", ".css"} else "")
    ] == []


def test_nothing_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path}: {match.group()}"
        for path in texts()
        for rule in (MACHINE, REGISTRY)
        if (match := rule.search(read(path)))
    ]
    assert found == []


def test_nothing_generated_is_tracked() -> None:
    assert [
        str(path)
        for path in tracked()
        if path.suffix in {".mo", ".pyc", ".sqlite3", ".log"} or path.parts[0] in {"var", ".venv"}
    ] == []


@pytest.mark.parametrize(
    ("name", "text", "bad"),
    [("static/js/a.min.js", "", True), ("static/vendor/a.js", "", True), ("static/js/a.js", "x" * 1001, True),
     ("static/js/a.js", "x\n" * 1001, False), ("README.md", "x" * 2000, False)],
)  # fmt: skip
def test_the_rule_for_minified_files(name: str, text: str, bad: bool) -> None:
    assert is_minified(name, text) is bad


@pytest.mark.parametrize("text", ["see /ro" + "ot/.cache", "https://py" + "pi.org/simple", "/wo" + "rk/main/x"])
def test_the_rule_for_machines(text: str) -> None:
    assert MACHINE.search(text) or REGISTRY.search(text)


def test_requirements_have_hashes_and_no_index() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "scripts/uv.txt"):
        lines = [line for line in read(Path(name)).splitlines() if line and not line.startswith((" ", "#"))]
        assert lines and all(re.match(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==\S+.*\\$", line) for line in lines), name
