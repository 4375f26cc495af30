"""What was found as people read it: the name with its marks, where it belongs, an extract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from pmo.core.people.names import localised
from pmo.core.registers.cells import detail_url
from pmo.core.registers.declaration import Register, all_registers
from pmo.core.search import rank
from pmo.core.search.content import sources_of
from pmo.core.search.models import SearchEntry
from pmo.core.search.seen import entries_visible_to

EXTRACT = 160
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Hit:
    """One row; `title` and `extract` are (piece, is marked) pairs."""

    register: Register
    row_id: int
    url: str
    code: str
    title: Pieces
    extract: Pieces
    project: str
    updated_at: Any

    @property
    def name(self) -> str:
        return "".join(piece for piece, _marked in self.title)


def hits_of(user: Any, entries: Sequence[Any], *, extracts: bool = True) -> list[Hit]:
    """The entries as the page shows them. One query, for the names of their projects."""
    registers = {one.key: one for one in all_registers()}
    projects = _projects(user, entries)
    language = get_language() or "zh-hans"
    return [
        _hit(registers[one.register], one, projects, language, extracts) for one in entries if one.register in registers
    ]


def _projects(user: Any, entries: Sequence[Any]) -> dict[int, str]:
    wanted = {one.project_id for one in entries if one.project_id and one.register != "projects"}
    if not wanted:
        return {}
    rows = entries_visible_to(user, ["projects"]).filter(row_id__in=wanted)
    language = get_language() or "zh-hans"
    return {pk: localised(zh, en, language) for pk, zh, en in rows.values_list("row_id", "title_zh", "title_en")}


def _hit(register: Register, entry: Any, projects: dict[int, str], language: str, extracts: bool) -> Hit:
    marks = getattr(entry, "marks", [])
    project = projects.get(entry.project_id or 0, "") if register.key != "projects" else ""
    title = rank.marked(localised(entry.title_zh, entry.title_en, language) or project or entry.code, marks)
    return Hit(
        register=register,
        row_id=entry.row_id,
        url=_url(register, entry),
        code=entry.code,
        title=title if extracts else _both(entry, title, marks, language),
        extract=_extract(entry, title, marks, language) if extracts else [],
        project=project,
        updated_at=entry.updated_at,
    )


def _url(register: Register, entry: Any) -> str:
    """The row's own page, made of what the entry knows of it (id, code, project, scope); else its page in the register."""
    sources = sources_of(register)
    known = {sources.code: entry.code, sources.scope: entry.scope_id, sources.project: entry.project_id}
    known.pop("", None)
    try:
        return detail_url(register, register.model(**{**known, "pk": entry.row_id}))
    except NoReverseMatch:
        return reverse("register-detail", kwargs={"key": register.key, "pk": entry.row_id})


def _both(entry: Any, title: Pieces, marks: Sequence[str], language: str) -> Pieces:
    """In a list of one line each, the name in the other language too where only that was hit."""
    other = entry.title_en if language.startswith("zh") else entry.title_zh
    also = rank.marked(other, marks) if other and not any(is_marked for _piece, is_marked in title) else []
    return [*title, (" ", False), *also] if any(is_marked for _piece, is_marked in also) else title


def _extract(entry: Any, title: Pieces, marks: Sequence[str], language: str) -> Pieces:
    """The place of the text that was hit; the name in the other language where only that has it; else the beginning."""
    found = rank.marked(entry.text, marks, EXTRACT) if entry.text else []
    if any(is_marked for _piece, is_marked in [*found, *title]):
        return found
    other = entry.title_en if language.startswith("zh") else entry.title_zh
    also = rank.marked(other, marks) if other else []
    return also if any(is_marked for _piece, is_marked in also) else found


def recent_hits(user: Any, wanted: Sequence[tuple[str, int]]) -> list[Hit]:
    """Rows by (register, id) in this order, those left out that the user may not see (any more)."""
    keys = {key for key, _pk in wanted}
    found: dict[tuple[str, int], SearchEntry] = {}
    if keys:
        rows = entries_visible_to(user, keys).filter(row_id__in={pk for _key, pk in wanted})
        found = {(one.register, one.row_id): one for one in rows.defer("tokens", "text", "pinyin")}
    return hits_of(user, [found[pair] for pair in wanted if pair in found], extracts=False)
