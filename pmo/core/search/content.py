"""What of a register's row is searched: its code, its titles in both languages, its texts; never a field with a permission of its own.

Rows that only join others (a member of a project, a skill of a person) are called by the names of what they join, read when the
entry is written. All other rows are found by their own words alone: a project's name does not find each of its milestones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models

from pmo.core.records.models import Record
from pmo.core.registers.declaration import Register, all_registers, register_for
from pmo.core.registers.fields import field_at, protected_fields
from pmo.core.registers.state import search_fields
from pmo.core.search.models import SearchEntry
from pmo.core.search.tokens import LONGEST_TEXT, folded, joined, line_of, pinyin_of, text_tokens, title_tokens

_LONGEST_TITLE = 300
_ANSWERS = ("owner", "pm", "assignee", "person", "keeper", "author")
MoreText = Callable[[Any], Iterable[str]]

_more: dict[str, tuple[MoreText, frozenset[str]]] = {}


@dataclass(frozen=True)
class Sources:
    """Where the parts of an entry come from; names of fields, paths where they lead to another row."""

    code: str
    title_zh: tuple[str, ...]
    title_en: tuple[str, ...]
    texts: tuple[str, ...]
    scope: str
    project: str
    person: str

    @property
    def any(self) -> bool:
        """Whether there is anything to search."""
        return bool(self.code or self.title_zh or self.title_en or self.texts)

    @property
    def fields(self) -> frozenset[str]:
        """The row's own columns that the entry is made of."""
        given = (self.code, *self.title_zh, *self.title_en, *self.texts, self.scope, self.project, self.person)
        return frozenset(f"{name.split('__')[0]}_id" if "__" in name else name for name in given if name)

    @property
    def paths(self) -> list[str]:
        """What has to be read from other rows."""
        return [path for path in (*self.title_zh, *self.title_en, *self.texts) if "__" in path]


def contribute_text(key: str, more: MoreText, *, fields: Iterable[str]) -> None:
    """Add to what is searched of a register's rows: `more(row)` gives plain texts made of these fields of the row."""
    _more[key] = more, frozenset(fields)


def indexed_registers() -> list[Register]:
    """Registers whose rows are in the index: those of records that have any words, each model once."""
    return [one for one in all_registers() if register_of(one.model) is one]


def register_of(model: type[models.Model]) -> Register | None:
    """The register under which rows of the model are found, None where they are not."""
    register = register_for(model) if issubclass(model, Record) else None
    return register if register is not None and sources_of(register).any else None


def columns_of(register: Register) -> frozenset[str]:
    """The row's own columns that its entry is made of."""
    more = _more[register.key][1] if register.key in _more else frozenset()
    return sources_of(register).fields | more


def sources_of(register: Register) -> Sources:
    """Where the parts of the register's entries come from."""
    return _sources(register.key, id(register), register.model)


@cache
def _sources(key: str, _identity: int, model: type[models.Model]) -> Sources:
    from pmo.core.registers.declaration import get_register

    register = get_register(key)
    hidden = set(protected_fields(register))
    names = [name for name in search_fields(register) if name not in hidden and name.split("__")[0] not in hidden]
    own = [name for name in names if "__" not in name and _is_text(model, name)]
    code = register.code_field if field_at(model, register.code_field or "-") is not None else ""
    titles = _titles(register, [name for name in own if name != code])
    if not titles and not code:
        titles = tuple(name for name in names if "__" in name and not name.endswith("__code"))
    return Sources(
        code=code,
        title_zh=tuple(name for name in titles if not name.endswith("_en")),
        title_en=tuple(name for name in titles if name.endswith("_en")),
        texts=tuple(name for name in own if name not in {*titles, code}) + _names_of_links(names, titles, own, code),
        scope=_local(model, getattr(model, "access_scope", ("organisation", ""))[1]),
        project=_local(model, getattr(model, "audit_project", "")),
        person=next(
            (f"{name}_id" for name in _ANSWERS if field_at(model, f"{name}") is not None and name not in hidden), ""
        ),
    )


def _is_text(model: type[models.Model], name: str) -> bool:
    return isinstance(field_at(model, name), models.CharField | models.TextField)


def _titles(register: Register, own: Sequence[str]) -> tuple[str, ...]:
    """The row's own name: the column that names it, in both languages where it has both."""
    name = register.primary.field
    if name in own:
        return (name,)
    return tuple(f"{name}_{ending}" for ending in ("zh", "en") if f"{name}_{ending}" in own)


def _names_of_links(names: Sequence[str], titles: Sequence[str], own: Sequence[str], code: str) -> tuple[str, ...]:
    """People and things that a row with a code but without a name of its own is known by."""
    if titles or not code:
        return ()
    return tuple(name for name in names if "__" in name and not name.startswith("project__"))


def _local(model: type[models.Model], name: str) -> str:
    """The field itself where the model has it; ids of rows further away are not copied."""
    if not name or "__" in name:
        return ""
    return "pk" if name in {"id", "pk"} else name


def entries_of(register: Register, rows: Sequence[Any]) -> list[SearchEntry]:
    """Unsaved entries of the rows; one query where they are called by the names of others."""
    sources = sources_of(register)
    far = _far(register, sources, rows)
    return [_entry(register, sources, row, far.get(row.pk, {})) for row in rows]


def _far(register: Register, sources: Sources, rows: Sequence[Any]) -> dict[int, dict[str, Any]]:
    if not sources.paths:
        return {}
    manager: Any = register.model._base_manager
    found = manager.filter(pk__in=[row.pk for row in rows]).values("pk", *sources.paths)
    return {values["pk"]: values for values in found}


def _entry(register: Register, sources: Sources, row: Any, far: Mapping[str, Any]) -> SearchEntry:
    def said(name: str) -> str:
        return str((far.get(name) if "__" in name else getattr(row, name)) or "")

    def told(names: Iterable[str]) -> str:
        return " · ".join(dict.fromkeys(text for name in names if (text := said(name))))[:_LONGEST_TITLE]

    code = said(sources.code)[:80] if sources.code else ""
    zh, en = told(sources.title_zh), told(sources.title_en)
    texts = [text for name in sources.texts if (text := said(name))]
    if register.key in _more:
        texts += [text for text in _more[register.key][0](row) if text]
    text = "\n".join(texts)[:LONGEST_TEXT]
    titles = [folded(title) for title in (zh, en) if title]
    key = joined(code)[:80]
    return SearchEntry(
        register=register.key,
        row_id=row.pk,
        scope_id=getattr(row, sources.scope) if sources.scope else None,
        project_id=getattr(row, sources.project) if sources.project else None,
        person_id=getattr(row, sources.person) if sources.person else None,
        code=code,
        code_key=key,
        title_zh=zh,
        title_en=en,
        text=text,
        pinyin=pinyin_of(" ".join(titles)),
        tokens=line_of([*title_tokens(key, titles), *text_tokens(folded(text))]),
        updated_at=row.updated_at,
    )
