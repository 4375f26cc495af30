"""The Chinese catalogues, one for each room, hold exactly the messages of the sources, all translated, none fuzzy.

    python scripts/check_catalogue.py

Works on a copy of the tracked files, so that nothing in the tree changes. Needs the gettext programs. Exit status 1 and
one line per finding where something is missing, superfluous, untranslated, fuzzy or has other placeholders.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "pmo",
    "pmo/core",
    "projects",
    "resources",
    "risks",
    "knowledge",
    "portfolio",
    "office",
    "templates/portfolio",
    "templates/projects",
    "templates",
)
CATALOGUES = [Path(room) / "locale/zh_Hans/LC_MESSAGES/django.po" for room in ROOMS]
SOURCES = {".py", ".html", ".txt"}
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'
_PLACEHOLDER = re.compile(r"%\((\w+)\)")


def tracked() -> list[Path]:
    """Sources with messages, as git lists them."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    paths = [Path(name) for name in names if name and Path(name).suffix in SOURCES]
    return [
        path for path in paths if path.parts[0] not in {"tests", "bench", "scripts", "docs"} and (ROOT / path).is_file()
    ]


def extract(folder: Path) -> dict[Path, Catalog]:
    """The messages that makemessages finds in a copy of the sources, for each catalogue."""
    for path in [*tracked(), Path("manage.py")]:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    for catalogue in CATALOGUES:
        (folder / catalogue).parent.mkdir(parents=True, exist_ok=True)
        (folder / catalogue).write_text(HEADER, encoding="utf-8")
    command = [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "--no-location", "-v", "0"]
    subprocess.run(command, cwd=folder, check=True)
    return {catalogue: load(folder / catalogue) for catalogue in CATALOGUES}


def load(path: Path) -> Catalog:
    """A catalogue from its file."""
    with path.open("rb") as stream:
        return read_po(stream, locale="zh_Hans")


def keyed(catalogue: Catalog) -> dict[tuple[str, ...], Message]:
    """Messages by context, text and plural."""
    found = {}
    for message in catalogue:
        texts = message.id if isinstance(message.id, list | tuple) else (message.id,)
        if texts[0]:
            found[(message.context or "", *texts)] = message
    return found


def findings(wanted: Catalog, given: Catalog) -> list[str]:
    """What is wrong with the given catalogue, one line each."""
    need, have = keyed(wanted), keyed(given)
    lines = [f"missing: {key[1]!r}" for key in need.keys() - have.keys()]
    lines += [f"not used: {key[1]!r}" for key in have.keys() - need.keys()]
    for key, message in have.items():
        texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if not all(texts):
            lines.append(f"untranslated: {key[1]!r}")
        elif message.fuzzy:
            lines.append(f"fuzzy: {key[1]!r}")
        elif not set(_PLACEHOLDER.findall(" ".join(texts))) <= set(_PLACEHOLDER.findall(" ".join(key[1:]))):
            lines.append(f"unknown placeholder: {key[1]!r}")
    return sorted(lines)


def main() -> int:
    """Compare and report."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = extract(Path(folder))
    lines = [f"{path.parts[0]}: {line}" for path, need in wanted.items() for line in findings(need, load(ROOT / path))]
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{sum(len(keyed(one)) for one in wanted.values())} messages, {len(lines)} findings\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
