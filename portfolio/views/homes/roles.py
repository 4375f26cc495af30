"""Which homes there are, for whom, and what stands on each; the strongest role's home opens first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import held_anywhere
from pmo.core.access.roles import DELEGATE, Role
from portfolio.views.homes import catalogue as cards
from portfolio.views.homes.cards import Card


@dataclass(frozen=True)
class Home:
    """A home: its key in addresses, label, the roles it is for (none: everybody), its cards, and whether it counts gaps."""

    key: str
    label: Any
    roles: frozenset[str]
    cards: Sequence[Card] = ()
    headlines: bool = False
    links: Sequence[tuple[str, Any, str]] = ()  # further pages: name of the address, label, icon
    gaps: bool = False


WORK = Home(
    "work",
    _("My tasks"),
    frozenset(),
    (cards.TO_DECIDE, cards.MY_ACTIONS, cards.MY_ISSUES, cards.MY_MILESTONES, cards.MY_PROJECTS),
)
PMO, EXECUTIVE, OWNER = "pmo", "executive", "portfolio"
HOMES: tuple[Home, ...] = (
    Home(
        PMO,
        _("PMO"),
        frozenset({Role.PMO_ADMIN, Role.PMO_ANALYST}),
        (
            cards.EXCEPTIONS,
            cards.LATE_REPORTS,
            cards.TO_REVIEW,
            cards.DECISIONS_DUE,
            cards.WATERMELONS,
        ),
        headlines=True,
        gaps=True,
    ),
    Home(EXECUTIVE, _("Executive"), frozenset({Role.EXECUTIVE})),
    Home(OWNER, _("Portfolio owner"), frozenset({Role.PORTFOLIO_OWNER})),
    Home(
        "resources",
        _("Resource manager"),
        frozenset({Role.RESOURCE_MANAGER}),
        (cards.PROPOSED, cards.BOOKINGS, cards.EXCEPTIONS, cards.TO_DECIDE, cards.MY_ACTIONS),
        links=(("resource-capacity", _("Capacity"), "people"), ("equipment-grid", _("Equipment"), "rig")),
    ),
    Home(
        "pm",
        _("Project manager"),
        # Who stands in for a project manager has that one's work to do.
        frozenset({Role.PROJECT_MANAGER, Role.COORDINATOR, DELEGATE}),
        (
            cards.REPORTS_DUE,
            cards.REPORTS_BEGUN,
            cards.LATE_MILESTONES,
            cards.TO_DECIDE,
            cards.AWAITED,
            cards.IN_APPROVAL,
            cards.TO_ACCEPT,
            cards.MY_PROJECTS,
            cards.MY_RISKS,
            cards.MY_ACTIONS,
            cards.MY_ISSUES,
        ),
        links=(("report-new", _("Write report"), "edit"),),
    ),
    Home(
        "sponsor",
        _("Sponsor"),
        frozenset({Role.SPONSOR}),
        (cards.TO_DECIDE, cards.CHARTERS, cards.TO_ACCEPT, cards.MY_PROJECTS, cards.LATE_MILESTONES),
    ),
    Home(
        "auditor",
        _("Auditor"),
        frozenset({Role.AUDITOR}),
        (cards.UNREVIEWED, cards.OVERRIDES, cards.LATE_REPORTS, cards.TRAIL),
    ),
    WORK,
)


def homes_of(user: Any) -> list[Home]:
    """The homes of the user's roles, the strongest first; everybody's own work comes last."""
    held = held_anywhere(user)
    return [home for home in HOMES if not home.roles or home.roles & held]


def home_named(homes: Sequence[Home], key: str) -> Home:
    """The home with the key where the user has it, else the first."""
    return next((home for home in homes if home.key == key), homes[0])
