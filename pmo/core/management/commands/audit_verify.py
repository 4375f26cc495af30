"""`manage.py audit_verify`: read the whole audit trail and say what was changed, removed, added or put in another order."""

from __future__ import annotations

import argparse
import datetime
import json
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from pmo.core.audit.verifying import Verdict, verify
from pmo.core.audit.words import sentence

_HEAD = re.compile(r"^(\d+):([0-9a-f]{64})$")


def head_given(text: str) -> tuple[int, str]:
    """The last entry id and the head of a line kept elsewhere: `1234:` and 64 hexadecimal digits."""
    found = _HEAD.match(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError("a head looks like 1234:<64 hexadecimal digits>")
    return int(found[1]), found[2]


class Command(BaseCommand):
    """Exit status 1 where something is wrong."""

    help = (
        "Checks every entry of the audit trail and the chain of seals. Prints the head; keep it elsewhere and give it to a "
        "later check with --head, which then also finds a tail that was cut off. Exit status 1 where something is wrong."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="since", type=int, default=0, metavar="ENTRY", help="begin at the seal of this entry"
        )
        parser.add_argument(
            "--head", type=head_given, metavar="ENTRY:HEAD", help="a head that an earlier check printed"
        )
        parser.add_argument(
            "--at",
            type=datetime.datetime.fromisoformat,
            help="judge by the clock of this moment: that of a restored backup",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(now=options["at"] or timezone.now(), since=options["since"], expected=options["head"])
        if options["json"]:
            self.stdout.write(json.dumps(as_json(verdict)))
        else:
            with override("en"):
                self._lines(verdict)
        if not verdict.intact:
            raise CommandError("The audit trail is not intact.", returncode=1)

    def _lines(self, verdict: Verdict) -> None:
        self.stdout.write(
            f"{verdict.entries} entries under {verdict.seals} seals, {verdict.unsealed} not sealed yet, "
            f"{verdict.erased} with erased data"
        )
        self.stdout.write(
            f"head {verdict.last_entry_id}:{verdict.head}" if verdict.head else "head none: nothing is sealed"
        )
        for finding in verdict.findings:
            ids = ", ".join(str(pk) for pk in finding.ids)
            self.stdout.write(f"WRONG {sentence(finding.code, finding.count)} (entries {ids})")
        if verdict.intact:
            self.stdout.write("ok")


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain values."""
    return {
        "intact": verdict.intact,
        "entries": verdict.entries,
        "seals": verdict.seals,
        "unsealed": verdict.unsealed,
        "erased": verdict.erased,
        "last_entry_id": verdict.last_entry_id,
        "head": verdict.head,
        "findings": [
            {"code": one.code, "ids": list(one.ids), "count": one.count, "seal": one.seal} for one in verdict.findings
        ],
    }
