"""manage.py create_organisation: begin with your own work instead of the demo."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.models import Organisation
from portfolio.services.setup import FirstAdministrator, create_organisation

USAGE_ERROR = 2


class Command(BaseCommand):
    help = (
        "Create the organisation, its base currency, the default health model and the login of the PMO administrator."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--name-zh", required=True, help="Chinese name of the organisation.")
        parser.add_argument("--name-en", required=True, help="English name of the organisation.")
        parser.add_argument("--admin", required=True, help="User name of the PMO administrator.")
        parser.add_argument("--admin-zh", default="", help="Chinese name of the administrator.")
        parser.add_argument("--admin-en", default="", help="English name of the administrator.")
        parser.add_argument(
            "--password-env",
            default="BELLWETHER_ADMIN_PASSWORD",
            help="Environment variable with the password; default %(default)s. Without it you are asked.",
        )
        parser.add_argument("--currency", default="CNY", help="Base currency, default %(default)s.")
        parser.add_argument(
            "--time-zone", default="Asia/Shanghai", help="Time zone of night and snapshot date, default %(default)s."
        )
        parser.add_argument(
            "--fiscal-start", type=int, default=1, help="First month of the fiscal year, default %(default)s."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organisation, administrator = self.wanted(options)
        try:
            create_organisation(actor=SYSTEM, organisation=organisation, administrator=administrator)
        except ValidationError as error:
            raise CommandError("\n".join(_lines(error)), returncode=USAGE_ERROR) from error
        self.say_ready(organisation, administrator)

    def wanted(self, options: dict[str, Any]) -> tuple[Organisation, FirstAdministrator]:
        """The organisation and its first administrator as the options describe them; asks for the password."""
        organisation = Organisation(
            name_zh=options["name_zh"],
            name_en=options["name_en"],
            base_currency=options["currency"],
            time_zone=options["time_zone"],
            fiscal_start_month=options["fiscal_start"],
        )
        password = self._password(options)
        return organisation, FirstAdministrator(options["admin"], password, options["admin_zh"], options["admin_en"])

    def say_ready(self, organisation: Organisation, administrator: FirstAdministrator) -> None:
        """Tell what is there and who signs in."""
        self.stdout.write(
            _("%(organisation)s is ready. Sign in as %(username)s.")
            % {"organisation": organisation, "username": administrator.username}
        )

    def _password(self, options: dict[str, Any]) -> str:
        password = os.environ.get(options["password_env"], "")
        if password:
            return password
        if not sys.stdin.isatty():
            message = _("Give the administrator's password in the environment variable %(name)s.") % {
                "name": options["password_env"]
            }
            raise CommandError(message, returncode=USAGE_ERROR)
        return getpass.getpass(_("Password: "))


def _lines(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [f"{field}: {message}" for field, messages in error.message_dict.items() for message in messages]
