"""Proposals for a new project as its form takes them: people and codes looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pmo.core.audit.actor import Actor
from projects.models import Project
from projects.queries.plans.people import People


@dataclass(frozen=True)
class Proposed:
    """`values` fill the form. `manager` names somebody who was not found, `taken` a code that another project has."""

    values: dict[str, str | int]
    manager: str = ""
    taken: str = ""


def proposed(found: Mapping[str, str], actor: Actor) -> Proposed:
    """Look up what a file says, for somebody who makes a project of it. A name that several people have names nobody."""
    values: dict[str, str | int] = {key: value for key, value in found.items() if key != "manager"}
    code, manager = found.get("code", ""), found.get("manager", "")
    taken = code if code and Project.objects.filter(code__iexact=code).exists() else ""
    if taken:
        values.pop("code")
    person = People(actor).find(manager) if manager else None
    if person is not None:
        values["pm"] = person
    return Proposed(values, manager="" if person is not None else manager, taken=taken)
