"""The cards of the overview: each room says what it keeps, what it counts and what needs attention.

What all cards count is read in one statement. A card that needs more than numbers reads it itself, in one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Numbers = Mapping[str, int]

GROUPS: dict[str, Text] = {
    "people": _("People and access"),
    "organisation": _("Organisation"),
    "rules": _("Working rules"),
    "data": _("Data"),
    "system": _("System"),
}
BAD, WARN = "bad", "warn"


@dataclass(frozen=True)
class Alert:
    """Something to do: what, and the page where it is done. `tone` is bad or warn."""

    text: Text
    url: str
    tone: str = WARN


@dataclass(frozen=True)
class Told:
    """A sentence of a card whose figures stand on a page of their own; without an address it is a sentence alone."""

    text: Text
    url: str

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True)
class State:
    """How a card stands: sentences with figures, and what needs attention."""

    lines: Sequence[Text | Told] = ()
    alerts: Sequence[Alert] = ()


@dataclass(frozen=True)
class Link:
    """A further page, by its url name; left out where no room has it."""

    label: Text
    url_name: str
    kwargs: Mapping[str, Any] | None = None
    query: str = ""

    @property
    def url(self) -> str:
        """The address, "" where no room has the page."""
        return address(self.url_name, self.kwargs, self.query)


@dataclass(frozen=True)
class Card:
    """`counts(now)` names rows to count; `tell(numbers, user)` makes the card's state of all numbers."""

    key: str
    group: str
    title: Text
    icon: str
    to: Link
    tell: Callable[[Numbers, Any], State]
    counts: Callable[[], Mapping[str, QuerySet[Any]]] = dict
    links: Sequence[Link] = ()
    order: int = 50


@dataclass(frozen=True)
class Shown:
    """A card as the page draws it."""

    card: Card
    url: str
    state: State
    links: list[Link]


@dataclass
class Overview:
    """What needs attention, and the cards by group."""

    alerts: list[Alert] = field(default_factory=list)
    groups: list[tuple[str, Text, list[Shown]]] = field(default_factory=list)


_cards: dict[str, Card] = {}


def register_card(*cards: Card) -> None:
    """Add cards, or replace those of the same key; call it from the wiring. Raises ValueError for an unknown group."""
    for card in cards:
        if card.group not in GROUPS:
            raise ValueError(f"card {card.key!r} names the unknown group {card.group!r}")
        _cards[card.key] = card


def address(url_name: str, kwargs: Mapping[str, Any] | None = None, query: str = "") -> str:
    """The address of a page that a room may not have (yet): "" then."""
    try:
        return reverse(url_name, kwargs=dict(kwargs or {})) + query
    except NoReverseMatch:
        return ""


def register_url(key: str, query: str = "") -> str:
    """The list of a register."""
    return address("register-list", {"key": key}, query)


def overview(user: Any) -> Overview:
    """Every card with its state; graver alerts first."""
    cards = sorted(_cards.values(), key=lambda card: (card.order, card.key))
    numbers = counted(card.counts() for card in cards)
    found = Overview()
    shown = [
        Shown(card, card.to.url, card.tell(numbers, user), [one for one in card.links if one.url]) for card in cards
    ]
    for key, label in GROUPS.items():
        found.groups.append((key, label, [one for one in shown if one.card.group == key]))
    alerts = [alert for one in shown for alert in one.state.alerts]
    found.alerts = sorted(alerts, key=lambda alert: alert.tone != BAD)
    return found


def counted(asked: Iterable[Mapping[str, QuerySet[Any]]]) -> dict[str, int]:
    """All numbers in one statement."""
    parts = [_number(key, rows) for counts in asked for key, rows in counts.items()]
    return dict(parts[0].union(*parts[1:], all=True)) if parts else {}


def _number(key: str, rows: QuerySet[Any]) -> Any:
    named = rows.order_by().select_related(None).values(card_key=Value(key, output_field=CharField()))
    return named.annotate(number=Count("pk")).values_list(F("card_key"), "number")
