"""What a plan says of the project it belongs to: proposals for the fields of a new project."""

from __future__ import annotations

import datetime
import re
from pathlib import PurePosixPath

from projects.calc.plan.document import Plan

_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,8}(?:-[A-Za-z]{1,8})?-?\d{2,12}(?:-\d{1,6})?(?![A-Za-z0-9])")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9._-]{1,39}")
_HAN = re.compile("[\u3400-\u9fff]")
_CURRENCY = re.compile("[A-Z]{3}")
_LONGEST_NAME = 300


def proposal(plan: Plan, *, filename: str, key: str = "") -> dict[str, str]:
    """Values of the project's fields by their names, as a form takes them; what the plan does not say is left out.

    `key` is the project's own in a file of several. `manager` is a name, to be looked for among people.
    """
    name = (plan.title or plan.root_name or PurePosixPath(filename).stem).strip()[:_LONGEST_NAME]
    found = {
        "code": code_of(filename, key),
        "name_zh" if _HAN.search(name) else "name_en": name,
        "planned_start": _day(plan.start or min((one.start for one in plan.tasks if one.start), default=None)),
        "planned_finish": _day(plan.finish or max((one.finish for one in plan.tasks if one.finish), default=None)),
        "currency": plan.currency if _CURRENCY.fullmatch(plan.currency) else "",
        "manager": _manager(plan),
    }
    return {name: value for name, value in found.items() if value}


def code_of(filename: str, key: str = "") -> str:
    """The project's code: its key in the file, else what looks like a code in the file's name, "" for none."""
    if _KEY.fullmatch(key):
        return key
    found = _CODE.search(PurePosixPath(filename).stem.replace("_", " "))
    return found.group() if found else ""


def _day(moment: datetime.datetime | None) -> str:
    return "" if moment is None else moment.date().isoformat()


def _manager(plan: Plan) -> str:
    named = (str(one.value) for one in plan.fields if one.name == "MANAGER" and isinstance(one.value, str))
    return " ".join(next(named, "").split())[:200]
