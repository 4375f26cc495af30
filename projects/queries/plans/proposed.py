"""Proposals for a new project as its form takes them: people and codes looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pmo.core.people.models import Person
from projects.models import Project


@dataclass(frozen=True)
class Proposed:
    """`values` fill the form. `manager` names somebody who was not found, `taken` a code that another project has."""

    values: dict[str, str | int]
    manager: str = ""
    taken: str = ""


def proposed(found: Mapping[str, str]) -> Proposed:
    """Look up what a file says. Two statements; a name that several people have names nobody."""
    values: dict[str, str | int] = {key: value for key, value in found.items() if key != "manager"}
    code, manager = found.get("code", ""), found.get("manager", "")
    taken = code if code and Project.objects.filter(code__iexact=code).exists() else ""
    if taken:
        values.pop("code")
    person = _person(manager) if manager else None
    if person is not None:
        values["pm"] = person
    return Proposed(values, manager="" if person is not None else manager, taken=taken)


def _person(name: str) -> int | None:
    """The one person of the name, in either language or as login or address of mail."""
    rows = Person.objects.all()
    for field in ("name_zh", "name_en", "email", "user__username"):
        found = list(rows.filter(**{f"{field}__iexact": name}).values_list("pk", flat=True)[:2])
        if found:
            return found[0] if len(found) == 1 else None
    return None
