"""What the report builder registers with the kernel."""

from __future__ import annotations

import datetime

SEND_AT = datetime.time(7, 0)


def _due(now: datetime.datetime) -> str | None:
    return f"{now:%Y-%m-%d}" if now.time() >= SEND_AT else None


def wire() -> None:
    """The entry of the side bar, the event of a report that is sent, and the sending each morning."""
    from django.utils.translation import gettext_lazy as _

    from pmo.core.jobs.daily import register_daily
    from pmo.core.messages.api import EventKind, Mode
    from pmo.core.messages.events import register_event
    from pmo.core.report_builder.jobs import start_sending
    from pmo.core.report_builder.sending import attachment
    from pmo.core.web.nav import NavItem, register_nav

    register_event(
        EventKind(
            "report.built",
            _("A report I subscribed to"),
            _("Your report: %(report)s"),
            group="reports",
            icon="bars",
            email=Mode.NOW,
            internal=True,
            attach=attachment,
        )
    )
    register_daily("core.send_built_reports", _due, start_sending)
    register_nav(NavItem("built-reports", _("Report builder"), "built-reports", "bars", "home", 45))
