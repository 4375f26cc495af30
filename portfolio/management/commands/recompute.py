"""manage.py recompute: the health of a date, as the nightly job computes it."""

from __future__ import annotations

import argparse
import datetime
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import org_today
from portfolio.models import Portfolio
from portfolio.services.health.recompute import recompute

USAGE_ERROR = 2


class Command(BaseCommand):
    help = "Compute the health of all projects, or of a portfolio's, on a date (default: the organisation's today)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--date", help="The date as YYYY-MM-DD; not in the future.")
        parser.add_argument("--portfolio", help="Code of a portfolio; default all projects.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        day = self._day(options["date"])
        portfolio = self._portfolio(options["portfolio"])
        try:
            result = recompute(actor=SYSTEM, day=day, portfolio=portfolio)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=USAGE_ERROR) from error
        if options["json"]:
            self.stdout.write(json.dumps(result.as_dict()))
            return
        self.stdout.write(
            _("%(date)s: %(projects)d projects, %(snapshots)d snapshots, %(changed)d rows changed, %(seconds).2f s")
            % {**result.as_dict(), "changed": result.changed}
        )

    def _day(self, text: str | None) -> datetime.date:
        if text is None:
            return org_today()
        try:
            return datetime.date.fromisoformat(text)
        except ValueError as error:
            message = _("--date: received %(received)s, expected a date such as 2026-11-20.") % {"received": text}
            raise CommandError(message, returncode=USAGE_ERROR) from error

    def _portfolio(self, code: str | None) -> Portfolio | None:
        if code is None:
            return None
        found: Portfolio | None = Portfolio.objects.filter(code=code).first()
        if found is None:
            message = _("--portfolio: there is no portfolio with the code %(code)s.") % {"code": code}
            raise CommandError(message, returncode=USAGE_ERROR)
        return found
