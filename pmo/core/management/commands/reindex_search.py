"""manage.py reindex_search: build the search index anew, all of it or that of some registers."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from pmo.core.search.content import indexed_registers
from pmo.core.search.services import rebuild


class Command(BaseCommand):
    help = "Build the search index anew from the rows. May run while people work; running twice changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("registers", nargs="*", help="Keys of registers, such as projects risks; default all.")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted, known = options["registers"], {one.key for one in indexed_registers()}
        if unknown := sorted(set(wanted) - known):
            message = _("There is no register %(unknown)s in the index; it has: %(known)s.")
            raise CommandError(
                message % {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known))}, returncode=2
            )
        self._told, started = "", time.monotonic()
        rows = rebuild(wanted, self._tell)
        seconds = f"{time.monotonic() - started:.1f}"
        self.stdout.write(_("%(rows)s rows can be found (%(seconds)s s).") % {"rows": rows, "seconds": seconds})

    def _tell(self, done: int, total: int, what: str) -> None:
        share = f"{100 * done // max(total, 1):3d} %  {what}"
        if share != self._told:
            self._told = share
            self.stderr.write(share)
