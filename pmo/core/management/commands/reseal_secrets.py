"""`manage.py reseal_secrets`: after SECRET_KEY changed, before the earlier key is dropped from SECRET_KEY_FALLBACKS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from pmo.core.audit.actor import SYSTEM
from pmo.core.messages.services.sealed import reseal_all
from pmo.core.sign_in.services.factors import reseal_factors


class Command(BaseCommand):
    """Seal the secrets of webhooks, chat groups and second factors with the present SECRET_KEY."""

    help = "Seal the secrets of webhooks, chat groups and second factors with the present SECRET_KEY; names those that cannot be read any more."

    def handle(self, *args: Any, **options: Any) -> None:
        done, lost = reseal_all(actor=SYSTEM)
        factors, unreadable = reseal_factors()
        self.stdout.write(f"{done + factors} sealed again.")
        for name in [*lost, *unreadable]:
            self.stdout.write(f"Cannot be read, enter it again: {name}")
