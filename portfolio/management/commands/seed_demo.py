"""manage.py seed_demo: a portfolio to look at, with two years of history."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
from collections.abc import Iterator
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import org_today
from pmo.core.search.services import rebuild
from portfolio.demo.logins import demo_logins
from portfolio.demo.seed import SeedPlan, SeedRefused, SeedResult, seed_demo
from portfolio.demo.stories import STORIES

USAGE_ERROR = 2


class Command(BaseCommand):
    help = "Load the demo: a fictitious group with 4 portfolios, 6 programmes and 40 projects (or many more), seen over two years."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--projects",
            type=int,
            default=len(STORIES),
            help="How many projects; beyond %(default)s they are variants.",
        )
        parser.add_argument("--seed", type=int, default=1, help="The same seed and day give the same rows.")
        parser.add_argument("--today", help="Last day of the history as YYYY-MM-DD; default the organisation's today.")
        parser.add_argument("--weeks", type=int, default=104, help="Weeks of history, 4 to 156.")
        parser.add_argument("--no-health", action="store_true", help="Do not compute the health history.")
        parser.add_argument("--add", action="store_true", help="Put the demo beside projects that are there already.")
        parser.add_argument(
            "--demo-passwords",
            action="store_true",
            help="Give the demo logins their public password in the production profile too.",
        )
        parser.add_argument(
            "--truth",
            help="File for what the simulation hides from the database: one JSON object per line and project.",
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = self._plan(options)
        try:
            with _opened(options["truth"]) as truth:
                result = seed_demo(actor=SYSTEM, plan=plan, truth=truth, say=self._say(options))
        except SeedRefused as refusal:
            raise CommandError(str(refusal), returncode=USAGE_ERROR) from refusal
        except OSError as error:
            raise CommandError(f"--truth: {error}", returncode=USAGE_ERROR) from error
        rebuild()
        if options["json"]:
            self.stdout.write(json.dumps(result.as_dict(), ensure_ascii=False))
        else:
            self._report(result, plan)

    def _plan(self, options: dict[str, Any]) -> SeedPlan:
        if not 4 <= options["weeks"] <= 156:
            message = _("--weeks: received %(received)s, expected 4 to 156.") % {"received": options["weeks"]}
            raise CommandError(message, returncode=USAGE_ERROR)
        return SeedPlan(
            today=self._day(options["today"]),
            projects=options["projects"],
            seed=options["seed"],
            weeks=options["weeks"],
            add=options["add"],
            health=not options["no_health"],
            passwords=options["demo_passwords"] or not settings.PRODUCTION,
        )

    def _day(self, text: str | None) -> datetime.date:
        if text is None:
            return org_today()
        try:
            return datetime.date.fromisoformat(text)
        except ValueError as error:
            message = _("--today: received %(received)s, expected a date such as 2026-11-20.") % {"received": text}
            raise CommandError(message, returncode=USAGE_ERROR) from error

    def _say(self, options: dict[str, Any]) -> Any:
        return (lambda text: None) if options["json"] else self.stdout.write

    def _report(self, result: SeedResult, plan: SeedPlan) -> None:
        figures = result.as_dict()
        self.stdout.write(
            _("%(projects)d projects, %(rows)d rows, health of %(days)d days, %(seconds).1f s")
            % {
                "projects": result.projects,
                "rows": figures["rows_total"],
                "days": result.health_days,
                "seconds": result.seconds["total"],
            }
        )
        for year in result.years_without_holidays:
            self.stdout.write(
                _("Public holidays of %(year)d are not published yet and were left out.") % {"year": year}
            )
        if not result.logins:
            return
        if not plan.passwords:
            self.stdout.write(
                _("The demo logins have no password in the production profile; set one with changepassword.")
            )
            return
        self.stdout.write(_("Sign in as:"))
        for role, username, password, person in demo_logins():
            self.stdout.write(f"  {username:<14}{password}  {role}  {person}")


@contextlib.contextmanager
def _opened(path: str | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    with open(path, "w", encoding="utf-8") as stream:
        yield stream
