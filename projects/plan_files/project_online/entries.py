"""Rows of Risks, Issues and TimesheetLines of one project, for its registers: values as text, rich text without its tags."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from projects.calc.plan.document import Entry
from projects.plan_files.project_online.tables import Row, Tables
from projects.plan_files.project_online.values import flag, text

KINDS = {
    "risks": ("Risks", "RiskId"),
    "issues": ("Issues", "IssueId"),
    "timesheet_lines": ("TimesheetLines", "TimesheetLineId"),
}
PEOPLE = ("AssignedToResource", "Owner", "CreateByResource", "TimesheetOwner")
# The lists of a project site keep long texts as HTML.
TAGS = re.compile(r"</?(?:div|p|br|span|ul|ol|li|b|i|u|strong|em|a|font|table|h\d)\b[^>]*>", re.IGNORECASE)
BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4"})
ZERO_WIDTH = re.compile("[\u200b\ufeff]")


def entries(tables: Tables, project: str) -> tuple[Entry, ...]:
    """The rows of the project by kind, each once: of rows with one id the last one. Folders of lists are no rows."""
    emails = {text(row, "ResourceName"): text(row, "ResourceEmailAddress") for row in tables.of("Resources")}
    found: dict[tuple[str, str], Entry] = {}
    for kind, (name, key) in KINDS.items():
        for row in tables.of(name):
            uid = text(row, key)
            if text(row, "ProjectId") == project and uid and not flag(row, "IsFolder"):
                found[kind, uid] = _entry(kind, uid, row, emails)
    return tuple(found.values())


def without_id(tables: Tables, project: str) -> dict[str, list[Row]]:
    """Rows that nobody could find again, by kind."""
    lost = {}
    for kind, (name, key) in KINDS.items():
        rows = [row for row in tables.of(name) if text(row, "ProjectId") == project and not text(row, key)]
        if rows:
            lost[kind] = rows
    return lost


def _entry(kind: str, uid: str, row: Row, emails: dict[str, str]) -> Entry:
    values = {name: _plain(text(row, name)) for name in row if not name.startswith(("__", "odata", "@"))}
    values = {name: value for name, value in values.items() if value}
    people = {values[name] for name in PEOPLE if name in values}
    return Entry(kind, uid, values, {name: emails[name] for name in sorted(people) if emails.get(name)})


def _plain(value: str) -> str:
    """The value without tags where it is HTML."""
    if not TAGS.search(value):
        return value
    reader = _Text()
    reader.feed(value)
    reader.close()
    return _tidy(reader.parts)


def _tidy(parts: Iterable[str]) -> str:
    lines = (" ".join(line.split()) for line in ZERO_WIDTH.sub("", "".join(parts)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Text(HTMLParser):
    """The text of a fragment, a line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"p", "div"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data.replace("\n", " "))
