"""A ready-made mapping knows more headings than any one file has: cut it to the columns of the file."""

from __future__ import annotations

from dataclasses import replace

from pmo.core.imports.mapping import Mapping, Source
from pmo.core.imports.table import Table


def recognised(mapping: Mapping, table: Table) -> bool:
    """Whether the file has a column of every group that the mapping requires; a mapping without any is for any file."""
    return all(any(table.find(name) is not None for name in group) for group in mapping.requires)


def tailored(mapping: Mapping, table: Table) -> Mapping:
    """The mapping without the columns that the file has not; the same mapping where it requires nothing or the file is another."""
    if not mapping.requires or not recognised(mapping, table):
        return mapping
    fields = {key: cut for key, source in mapping.fields.items() if (cut := _cut(source, table)) is not None}
    date = mapping.date if mapping.date is not None and table.find(mapping.date.column) is not None else None
    return replace(mapping, fields=fields, date=date, requires=())


def _cut(source: Source, table: Table) -> Source | None:
    """The source with the columns there are; None where nothing of it is left."""
    if source.combine == "constant":
        return source
    there = tuple(name for name in source.columns if table.find(name) is not None)
    if not there or (source.combine == "join" and there != source.columns):
        return None
    return replace(
        source, columns=there, combine="one" if len(there) == 1 and source.combine == "first" else source.combine
    )
