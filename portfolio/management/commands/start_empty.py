"""manage.py start_empty: put the demo aside and begin with your own work."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.ops.backup import BackupFailed
from portfolio.management.commands import create_organisation
from portfolio.management.commands.create_organisation import USAGE_ERROR
from portfolio.queries.demo_only import has_demo, other_work
from portfolio.services.start_empty import is_embedded, is_running, start_empty

WORD = "start empty"


class Command(create_organisation.Command):
    help = "Put the demo aside: keep a copy of the database and begin with an empty one. Stop the product first."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--folder",
            type=Path,
            default=Path(settings.VAR_DIR) / "backup",
            help="Where the copy of the old database goes (var/backup).",
        )
        parser.add_argument(
            "--discard-changes",
            action="store_true",
            help="Also where people have worked in the demo. The copy keeps what they did.",
        )
        parser.add_argument("--confirm", default="", help=f'Say "{WORD}" here instead of typing it.')

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_where_unsafe(options)
        self._confirm(options["confirm"])
        organisation, administrator = self.wanted(options)
        try:
            kept = start_empty(
                actor=SYSTEM,
                organisation=organisation,
                administrator=administrator,
                folder=options["folder"],
                now=timezone.now(),
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages), returncode=USAGE_ERROR) from error
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("The demo lies in %(path)s.") % {"path": kept})
        self.say_ready(organisation, administrator)

    def _refuse_where_unsafe(self, options: dict[str, Any]) -> None:
        if not is_embedded():
            raise CommandError(
                _(
                    "This is for the embedded profile. In production make a new database, then migrate and create_organisation."
                ),
                returncode=USAGE_ERROR,
            )
        if is_running(timezone.now()):
            raise CommandError(
                _("The product is running. Stop it, wait a minute, and try again."), returncode=USAGE_ERROR
            )
        if not has_demo():
            raise CommandError(
                _("There is no demo in this database, so there is nothing to put aside."), returncode=USAGE_ERROR
            )
        found = other_work()
        if found and not options["discard_changes"]:
            lines = [_("This database holds more than the demo:")]
            lines += [f"  {one.label}: {one.count}" for one in found]
            lines.append(_("Say --discard-changes to begin empty all the same; a copy of everything is kept."))
            raise CommandError("\n".join(lines), returncode=USAGE_ERROR)

    def _confirm(self, given: str) -> None:
        typed = given or input(_('Type "%(word)s" to go on: ') % {"word": WORD})
        if typed.strip().lower() != WORD:
            raise CommandError(_("Nothing was changed."), returncode=USAGE_ERROR)
