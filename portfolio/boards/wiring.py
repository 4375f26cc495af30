"""What boards register with the kernel: who sees and changes them, the tiles, the entry in the side bar."""

from __future__ import annotations


def wire() -> None:
    """Permissions of boards, their scope provider, every tile, navigation."""
    from django.utils.translation import gettext_lazy as _

    from pmo.core.access import scopes
    from pmo.core.access.roles import EVERYBODY, OWNER, READER, allow
    from pmo.core.web.nav import NavItem, register_nav
    from portfolio.access import ARRANGE
    from portfolio.boards import tiles
    from portfolio.queries.boards import board_ids

    allow(EVERYBODY, ARRANGE)
    allow({READER, OWNER}, "portfolio.board.view")
    allow({OWNER}, "portfolio.board.change", "portfolio.board.delete")
    allow({OWNER}, *(f"portfolio.boardshare.{action}" for action in ("view", "add", "change", "delete")))
    scopes.register_provider("board", board_ids, reads=True)
    tiles.declare_all()
    about = _("Dashboards that you arrange from tiles, those others share with you, and the defaults of the roles.")
    register_nav(NavItem("boards", _("Boards"), "boards", "grid", "home", 25, about=about))
