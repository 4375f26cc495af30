"""From the demo to one's own work: a copy of the database is kept, and a new one with only the organisation takes its place."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.db import connection

from pmo.core.audit.actor import Actor
from pmo.core.calendars.models import Organisation
from pmo.core.jobs import ticks
from pmo.core.ops.backup import backup
from pmo.core.people.models import User
from portfolio.services.setup import FirstAdministrator, create_organisation

# The beat ticks every ten seconds or so; after this long without a sign nothing runs.
SILENT_SECONDS = 60.0


def is_embedded() -> bool:
    """Whether this is the embedded profile on its SQLite file: only there a database is exchanged by a command."""
    return not settings.PRODUCTION and connection.vendor == "sqlite"


def is_running(now: datetime.datetime) -> bool:
    """Whether a beat or a worker gave a sign of life within the last minute."""
    ages = ticks.ages(now)
    return any(age is not None and age < SILENT_SECONDS for age in (ages["beat"], ages["worker"]))


def start_empty(
    *, actor: Actor, organisation: Organisation, administrator: FirstAdministrator, folder: Path, now: datetime.datetime
) -> Path:
    """Replace the SQLite database by an empty one with the organisation and its administrator; returns the copy of the old.

    Names and password are checked before anything is touched (ValidationError). If the new database cannot be made,
    the old one is put back. The caller sees to it that nothing else has the database open.
    """
    organisation.full_clean()
    user = User(username=administrator.username)
    validate_password(administrator.password, user)
    path = Path(str(connection.settings_dict["NAME"]))
    kept = backup(connection.settings_dict, folder, now)
    made = False
    try:
        _remove(path)
        call_command("migrate", interactive=False, verbosity=0)
        create_organisation(actor=actor, organisation=organisation, administrator=administrator)
        made = True
    finally:
        if not made:
            _remove(path)
            shutil.copyfile(kept, path)
    return kept


def _remove(path: Path) -> None:
    """The file and what SQLite keeps beside it."""
    connection.close()
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)
