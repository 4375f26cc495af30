"""The shared kernel as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "pmo.core"
    label = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        from pmo.core import wiring
        from pmo.core.unholdable import guard_connections

        guard_connections()
        wiring.wire()
