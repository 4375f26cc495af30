"""Which kinds of events there are. Rooms declare theirs in their wiring, so that everybody can choose how to hear of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pmo.core.messages.models import Mode

Text = str | Promise
Visible = Callable[[Any, set[int]], set[int]]
# The name, the content and the type of a file.
Attachment = tuple[str, bytes, str]

# Groups of the settings page, in their order.
GROUPS: dict[str, Text] = {
    "mine": _("For me"),
    "reports": _("Status reports"),
    "projects": _("Projects and portfolios"),
    "risks": _("Risk"),
    "resources": _("Resources"),
    "system": _("Administration"),
}


@dataclass(frozen=True)
class EventKind:
    """A kind of event.

    `sentence` has named placeholders `%(name)s` for the parameters that `notify` gets; a parameter that the sentence does
    not name is kept for webhooks. `email` is the default for mail, `by_role` differs from it for roles held in the
    organisation or a unit. `icon` and `tone` (info, good, warn, bad, quiet) draw it. `group` is one of `GROUPS`.
    `attach(url, user)` makes the file that goes with its mail, in the language that is switched on; None for none.
    """

    key: str
    label: Text
    sentence: Text
    group: str = "mine"
    icon: str = "bell"
    tone: str = "info"
    email: Mode = Mode.DIGEST
    by_role: Mapping[str, Mode] = field(default_factory=dict)
    # Not told outside the product: no webhook, no chat group.
    internal: bool = False
    attach: Callable[[str, Any], Attachment | None] | None = None
    # Whether it is offered where people and receivers outside choose what they hear of.
    listed: bool = True


class UnknownEvent(LookupError):
    """No room declares an event of this name."""


_kinds: dict[str, EventKind] = {}
_visible: dict[str, Visible] = {}


def register_event(*kinds: EventKind) -> None:
    """Declare kinds of events; a later one of the same key takes its place. Raises ValueError for an unknown group."""
    for kind in kinds:
        if kind.group not in GROUPS:
            raise ValueError(f"event {kind.key!r} names the unknown group {kind.group!r}")
        _kinds[kind.key] = kind


def event_kind(key: str) -> EventKind:
    """The declared kind. Raises UnknownEvent."""
    try:
        return _kinds[key]
    except KeyError as error:
        raise UnknownEvent(f"No kind of event is called {key!r}.") from error


def known_kind(key: str) -> EventKind | None:
    """The kind, None where its code is gone but rows of it remain."""
    return _kinds.get(key)


def all_events() -> list[EventKind]:
    """Every kind that is offered, by group and then in the order of declaration."""
    order = list(GROUPS)
    return sorted((kind for kind in _kinds.values() if kind.listed), key=lambda kind: order.index(kind.group))


def register_visibility(model: str, visible: Visible) -> None:
    """For a model that is no record: `visible(user, ids)` gives the ids of rows the user may see. `model` as in core.job."""
    _visible[model] = visible


def visibility_of(model: str) -> Visible | None:
    """What `register_visibility` was told."""
    return _visible.get(model)
