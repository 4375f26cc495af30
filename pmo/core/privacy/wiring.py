"""What privacy registers with the frame."""

from __future__ import annotations

import datetime


def wire() -> None:
    """What the kernel's tables hold, the jobs, what is made again after an erasure, how long exports are kept."""
    from django.utils.translation import gettext_lazy as _

    from pmo.core.privacy import jobs, kernel, libraries  # noqa: F401  jobs declares its kinds
    from pmo.core.privacy.erasing import after_erasure
    from pmo.core.retention.declaration import declare_retention
    from pmo.core.search.erasing import follow

    kernel.declare()
    libraries.declare()
    after_erasure(follow)
    declare_retention("personal_exports", _("Exports of personal data"), 7, 1, remove_exports, for_ever=False)


def remove_exports(edge: datetime.datetime) -> int:
    """Files of exports made before the moment."""
    from django.core.files.storage import default_storage

    from pmo.core.privacy.jobs import FOLDER

    if not default_storage.exists(FOLDER):
        return 0
    names = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    old = [name for name in names if default_storage.get_modified_time(name) < edge]
    for name in old:
        default_storage.delete(name)
    return len(old)
