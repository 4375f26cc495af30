"""What the administration registers with the kernel."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


def wire() -> None:
    """The cards of the kernel, its vocabularies, the entries of the side bar, and the event of a test mail."""
    from pmo.core.administration import kernel_cards, mail, vocabularies
    from pmo.core.administration.access import VIEW
    from pmo.core.administration.registers import IMPORT_MAPPINGS
    from pmo.core.messages.events import EventKind, register_event
    from pmo.core.messages.models import Mode
    from pmo.core.registers.declaration import register
    from pmo.core.web.nav import NavItem, register_nav

    kernel_cards.declare()
    vocabularies.declare()
    register(IMPORT_MAPPINGS)
    register_event(
        EventKind(
            mail.TEST,
            _("Test mail"),
            _("Mail from this installation reaches you; queued at %(time)s."),
            group="system",
            icon="mail",
            email=Mode.NOW,
            internal=True,
            listed=False,
        )
    )
    for key, label, icon, order, about in (
        ("administration", _("Administration"), "gear", 1, _("How everything is set, and what needs attention")),
        ("organisation-settings", _("Organisation settings"), "building", 2, _("Name, clock, currency, working week")),
        ("role-matrix", _("Roles"), "shield", 3, _("What each role may do, and who holds it")),
        ("access-why", _("Why may somebody do something?"), "help", 12, _("Pick a person, an action and a row")),
        ("lookups", _("Lookups"), "list", 49, _("Every vocabulary that the organisation edits")),
        ("mail-settings", _("Mail"), "mail", 84, _("Settings in force, outbox, a test to yourself")),
        ("retention", _("Retention"), "clock", 86, _("How long what is kept")),
        ("features", _("Feature switches"), "gear", 87, _("What is switched on in this installation")),
    ):
        register_nav(NavItem(key, label, key, icon, "administration", order, VIEW, about=about, opens=_nowhere_else))
    register_nav(
        NavItem(
            "working-calendar", _("Working calendar"), "working-calendar", "calendar", "administration", 39,
            "core.calendarexception.view", about=_("Holidays, make-up days and shortened days by year"),
        )
    )  # fmt: skip
    register_nav(
        NavItem(
            "mapping-files", _("Mappings and presets"), "import-mappings", "swap", "administration", 69,
            "core.importmapping.view", about=_("Kept and ready-made mappings of columns"),
        )
    )  # fmt: skip


def _nowhere_else(user: object) -> bool:
    """The administration belongs to the whole organisation: a role in a unit or project opens none of it."""
    return False
