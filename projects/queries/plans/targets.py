"""Which project a plan file is meant for, by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pmo.core.access.api import scoped_q
from projects.access import IMPORT_PLAN
from projects.models import Project

_SHORTEST_NAME = 3


@dataclass(frozen=True)
class Candidate:
    """A project that plans may be imported into, as it is looked for."""

    pk: int
    code: str
    names: tuple[str, ...]


def candidates(user: Any) -> list[Candidate]:
    """Every project into which the user may import a plan. One statement."""
    rows = Project.objects.filter(scoped_q(user, "project", IMPORT_PLAN, "pk")).order_by("pk")
    return [
        Candidate(pk, _plain(code), tuple(_plain(name) for name in names if len(_plain(name)) >= _SHORTEST_NAME))
        for pk, code, *names in rows.values_list("pk", "code", "name_zh", "name_en")
    ]


def matches(filename: str, known: Sequence[Candidate]) -> list[int]:
    """Projects whose code the file's name carries; without one, those whose name it carries, the longest name first."""
    stem = _plain(PurePosixPath(filename).stem)
    by_code = [one.pk for one in known if one.code and f" {one.code} " in f" {stem} "]
    if by_code:
        return by_code
    named = [(len(name), one.pk) for one in known for name in one.names if name in stem]
    longest = max((length for length, _pk in named), default=0)
    return list(dict.fromkeys(pk for length, pk in named if length == longest))


def _plain(text: str) -> str:
    """Words in small letters, whatever stood between them."""
    return " ".join(re.findall(r"\w+", text.replace("_", " ").casefold()))
