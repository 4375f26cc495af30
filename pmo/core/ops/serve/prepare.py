"""What has to be there before the first page: tables, catalogues, static files, demo. Quick when it is there already."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection

from pmo.core.ops.catalogues import compile_catalogues

Say = Callable[[str], None]


def prepare(say: Say, *, demo: bool) -> None:
    """Bring everything up to date, in the order in which the parts need each other."""
    compile_catalogues([Path(folder) for folder in settings.LOCALE_PATHS])
    migrate(say)
    collect_static(say)
    if demo:
        seed(say)
    # Definitions of metrics follow the code of this version, in both languages.
    call_command("sync_metrics", stdout=io.StringIO())
    connection.close()


def migrate(say: Say) -> None:
    """Make or update the tables."""
    Path(settings.VAR_DIR).mkdir(parents=True, exist_ok=True)
    fresh = not connection.introspection.table_names()
    if fresh:
        say("Making the database ...")
    call_command("migrate", interactive=False, verbosity=0)


def collect_static(say: Say) -> None:
    """Gather the static files if any of them changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    stamp, now = root / ".stamp", _static_digest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == now:
        return
    say("Gathering static files ...")
    call_command("collectstatic", interactive=False, verbosity=0, clear=root.exists(), stdout=io.StringIO())
    stamp.write_text(now, encoding="ascii")


def _static_digest() -> str:
    """Changes with every name, size and time of the files that would be gathered."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]["BACKEND"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def seed(say: Say) -> None:
    """Fill an empty database with the demo, where the product brings one."""
    if "seed_demo" not in get_commands() or apps.get_model("core", "User").objects.exists():
        return
    say("Filling the demo, once; this may take a minute ...")
    # It lists the logins at its end; they are told when everything is ready.
    call_command("seed_demo", stdout=io.StringIO())
