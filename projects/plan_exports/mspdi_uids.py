"""Numbers for what the schema knows by numbers only."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from itertools import count

from projects.calc.plan.document import Plan

_MOST = 2**31 - 1


class Uids:
    """The uid of each row as the file has it: its own where it is a number, otherwise the next free one."""

    def __init__(self, plan: Plan) -> None:
        self.tasks = _numbered((row.uid for row in plan.tasks), first=1)
        self.resources = _numbered((row.uid for row in plan.resources), first=1)
        self.calendars = _numbered((row.uid for row in plan.calendars), first=1)
        self.assignments = _numbered((row.uid for row in plan.assignments), first=0)
        # A calendar that no resource has is none of a resource: programs drop it.
        self.of_resources = {row.calendar for row in plan.resources if row.calendar is not None}
        taken = set(self.tasks.values())
        self.root = next(str(number) for number in count() if str(number) not in taken)
        self.numbers: dict[str, str] = {}
        counts: dict[str, int] = defaultdict(int)
        for row in plan.tasks:
            above = self.numbers.get(row.parent or "", "")
            counts[above] += 1
            self.numbers[row.uid] = f"{above}.{counts[above]}" if above else str(counts[above])

    @staticmethod
    def guid(uid: str) -> str | None:
        """Rows that were added here are known by a UUID."""
        try:
            return str(uuid.UUID(uid)).upper() if len(uid) == 36 else None
        except ValueError:
            return None


def _numbered(uids: Iterable[str], first: int) -> dict[str, str]:
    wanted = list(uids)
    own = {uid for uid in wanted if _is_number(uid, first)}
    free = (str(number) for number in count(max((int(uid) for uid in own), default=first - 1) + 1))
    return {uid: uid if uid in own else next(free) for uid in wanted}


def _is_number(uid: str, first: int) -> bool:
    return uid.isascii() and uid.isdigit() and first <= int(uid) <= _MOST and str(int(uid)) == uid
