"""What sign-in registers with the kernel."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def wire() -> None:
    """The mails, the entries for the administrator, the tab of a login."""
    from pmo.core.registers.declaration import Tab, contribute_tabs
    from pmo.core.sign_in.services import mails
    from pmo.core.sign_in.services.invites import KEEP
    from pmo.core.sign_in.views.keeping import account_tab
    from pmo.core.web import nav

    mails.declare()
    contribute_tabs("users", [Tab("sign-in", _("Sign-in"), view=account_tab, order=10)])
    for key, label, icon, order, about in (
        ("invites", _("Invitations"), "send", 21, _("Who is invited by mail, and who has come")),
        ("service-accounts", _("Service accounts"), "key", 22, _("Programs' logins, with their API tokens")),
    ):
        nav.register_nav(
            nav.NavItem(key, label, key, icon, group="administration", order=order, permission=KEEP, about=about)
        )


def new_login_url(_request: object) -> str:
    """The page that makes a login."""
    return reverse("user-new")
