"""manage.py serve"""

from __future__ import annotations

import fcntl
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from pmo.core.ops.demo import demo_logins
from pmo.core.ops.serve.broker import NoBroker, port_is_free
from pmo.core.ops.serve.prepare import prepare
from pmo.core.ops.serve.supervisor import NotReady, Supervisor, environment


def _port(text: str) -> int:
    """A port number; argparse tells the person what is wrong with another text."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"{text!r} is not a port; expected 1 to 65535")
    return int(text)


class Command(BaseCommand):
    help = "Run the embedded profile: prepare everything, then broker, worker with beat, and web, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default=os.environ.get("HOST", "127.0.0.1"), help="address to listen on (127.0.0.1)"
        )
        parser.add_argument(
            "--port", type=_port, default=os.environ.get("PORT") or "8000", help="port to listen on (8000)"
        )
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "serve runs the embedded profile; production starts web, worker and beat by themselves (docker-compose.yml)."
            )
        os.umask(0o077)
        host, port, var = options["host"], options["port"], Path(settings.VAR_DIR)
        var.mkdir(parents=True, exist_ok=True)
        with self._alone(var):
            if not port_is_free(host, port):
                raise CommandError(
                    f"Port {port} is used by another program. Stop it, or choose another: make run PORT={port + 1}"
                )
            try:
                prepare(self._say, demo=not options["no_demo"])
                supervisor = Supervisor(
                    host=host, port=port, folder=Path(settings.BASE_DIR), var=var, env=environment(), say=self._say
                )
                code = supervisor.run(lambda: self._greet(supervisor.address))
            except (NoBroker, NotReady) as error:
                raise CommandError(str(error)) from error
            except KeyboardInterrupt as interrupt:
                raise CommandError("Stopped before it was ready.") from interrupt
        sys.exit(code)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    @contextmanager
    def _alone(self, var: Path) -> Iterator[None]:
        """Two of them on one data folder would share a database and fight over the broker's file."""
        with (var / "serve.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise CommandError(
                    f"Bellwether already runs on the data in {var}. Stop it first, or set BELLWETHER_VAR."
                ) from error
            yield

    def _greet(self, address: str) -> None:
        """The address, and a login for each role of the demo."""
        chinese = os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh")
        with translation.override("zh-hans" if chinese else "en"):
            rows = [(str(role), user, password, person) for role, user, password, person in demo_logins()]
        self._say(f"\nBellwether is ready: {address}\n")
        if rows:
            self._say(f"Demo logins, all with the password {rows[0][2]}:")
            for role, user, _password, person in rows:
                self._say(f"  {user:<14} {role}, {person}")
        else:
            self._say("Make a first login with: .venv/bin/python manage.py createsuperuser")
        self._say("\nCtrl-C stops everything.")
