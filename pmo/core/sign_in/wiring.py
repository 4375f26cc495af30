"""What sign-in registers with the kernel."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


def wire() -> None:
    """The mails, the entries for the administrator, the tab of a login."""
    from pmo.core.registers.declaration import Tab, contribute_tabs, register
    from pmo.core.retention.api import declare_retention
    from pmo.core.sign_in.registers import INVITATIONS
    from pmo.core.sign_in.services import limits, mails
    from pmo.core.sign_in.services.invites import KEEP
    from pmo.core.sign_in.views.keeping import account_tab
    from pmo.core.web import nav

    mails.declare()
    register(INVITATIONS)
    declare_retention("sign_in_limits", _("Counters of failed sign-ins"), 7, 2, limits.forget_old, for_ever=False)
    contribute_tabs("users", [Tab("sign-in", _("Sign-in"), view=account_tab, order=10)])
    for key, label, icon, order, about in (
        ("invites", _("Invitations"), "send", 21, _("Who is invited by mail, and who has come")),
        ("service-accounts", _("Service accounts"), "key", 22, _("Programs' logins, with their API tokens")),
    ):
        nav.register_nav(
            nav.NavItem(key, label, key, icon, group="administration", order=order, permission=KEEP, about=about)
        )
