"""Does a mapping fit a file and a target? Asked before it is applied; every misfit is named by its path."""

from pmo.core.imports.fields import ImportField, Target
from pmo.core.imports.mapping import Mapping, MappingIssue, Source
from pmo.core.imports.messages import Message
from pmo.core.imports.sources import FieldReader
from pmo.core.imports.table import Table
from pmo.core.imports.words import COLOURS


def check_mapping(mapping: Mapping, table: Table, target: Target) -> list[MappingIssue]:
    """What keeps this mapping from being applied to this file: missing columns, unknown or missing fields."""
    issues: list[MappingIssue] = []
    for key, source in mapping.fields.items():
        path = f"fields.{key}"
        known = target.fields.get(key)
        if known is None:
            issues.append(
                MappingIssue(path, Message("unknown_field", {"field": key, "known": ", ".join(target.fields)}))
            )
            continue
        issues += [_missing(path, column, table) for column in source.columns if table.find(column) is None]
        issues += _check_value_map(path, source, known)
        issues += _check_constant(path, source, known, table)
    if mapping.date is not None and table.find(mapping.date.column) is None:
        issues.append(_missing("date.column", mapping.date.column, table))
    return issues + (_check_key(mapping, target) if target.generic else _check_identity(mapping, target))


def _missing(path: str, column: str, table: Table) -> MappingIssue:
    names = [one.name for one in table.columns]
    return MappingIssue(path, Message("missing_column", {"column": column, "columns": names}))


def _check_constant(path: str, source: Source, field: ImportField, table: Table) -> list[MappingIssue]:
    """A constant that the field cannot take would refuse every row."""
    if source.combine != "constant":
        return []
    found = FieldReader(field, source, table).read([], 0).problem
    if found is None:
        return []
    return [MappingIssue(f"{path}.constant", Message("bad_constant", {"detail": str(found)}))]


def _check_value_map(path: str, source: Source, field: ImportField) -> list[MappingIssue]:
    """Words must be given a meaning that the field has."""
    if field.kind == "rag":
        allowed = {*COLOURS, ""}
    elif field.kind == "choice":
        allowed = {choice.value for choice in field.choices} | {""}
    else:
        return []
    return [
        MappingIssue(
            f"{path}.value_map",
            Message("unknown_meaning", {"word": word, "meaning": meant, "known": ", ".join(sorted(allowed - {""}))}),
        )
        for word, meant in source.value_map.items()
        if meant not in allowed
    ]


def _check_key(mapping: Mapping, target: Target) -> list[MappingIssue]:
    """What exists is found by the whole key, or the user says that every row is new. History is written where it is kept."""
    issues = []
    if mapping.date is not None and not target.dated:
        issues.append(MappingIssue("date", Message("not_dated")))
    if mapping.match.by == ("new",):
        return issues
    missing = [target.fields[key].label for key in target.key if key not in mapping.fields]
    if not target.key:
        issues.append(MappingIssue("match.by", Message("no_key")))
    elif missing:
        issues.append(MappingIssue("match.by", Message("key_not_mapped", {"fields": [str(one) for one in missing]})))
    return issues


def _check_identity(mapping: Mapping, target: Target) -> list[MappingIssue]:
    """A row must say what it is: by code or by a name. Required fields need a source."""
    issues = []
    if target.code not in mapping.fields and not any(name in mapping.fields for name in target.names):
        issues.append(
            MappingIssue("fields", Message("no_identity", {"fields": ", ".join((target.code, *target.names))}))
        )
    for key, one in target.fields.items():
        if one.required and key not in mapping.fields:
            issues.append(MappingIssue("fields", Message("required_field_missing", {"field": key})))
    return issues
