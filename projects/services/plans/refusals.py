"""Why a plan was not written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.records.services import StaleRecord


class PlanChanged(StaleRecord):
    """The project has another plan than the one that was looked at; `current` is the published version now, None without one."""

    def __init__(self, current: Any) -> None:
        Exception.__init__(
            self, _("The plan of this project was changed by somebody else in the meantime. Look at it again.")
        )
        self.current = current
