"""The files the rules look at: what git tracks, or would track."""

from __future__ import annotations

import subprocess
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("pmo", "projects", "resources", "risks", "knowledge", "portfolio", "office")


@lru_cache(maxsize=1)
def tracked() -> tuple[Path, ...]:
    """Files in the index and new ones that are not ignored; paths relative to the root."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(
        sorted(path for name in listed.split("\0") if name and (path := Path(name)) and (ROOT / path).is_file())
    )


def python_files(*folders: str) -> list[Path]:
    """Python modules below the folders (all if none is named), migrations left out."""
    return [
        path for path in tracked()
        if path.suffix == ".py" and "migrations" not in path.parts and (not folders or path.parts[0] in folders)
    ]  # fmt: skip


def product_files() -> list[Path]:
    """Python modules of the product itself."""
    return python_files(*APPS)


def templates() -> list[Path]:
    """HTML and text templates."""
    return [path for path in tracked() if path.parts[0] == "templates" and path.suffix in {".html", ".txt", ".svg"}]


def read(path: Path) -> str:
    """The text of a file given relative to the root."""
    return (ROOT / path).read_text(encoding="utf-8")
