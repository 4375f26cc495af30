"""The context processor behind base.html: everything the frame of a page shows."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language

from pmo.core.web import formats, nav
from pmo.core.web.frame import SHOWN, Frame, Kept, frame_of

THEME_COOKIE = "bw_theme"
DENSITY_COOKIE = "bw_density"
NAV_COOKIE = "bw_nav"
OPEN_COOKIE = "bw_open"
KEYS_COOKIE = "bw_keys"
THEMES = ("auto", "light", "dark")
DENSITIES = ("compact", "standard", "relaxed")
NAV_WIDTHS = ("auto", "full", "rail")
KEYS = ("on", "off")
_LANGUAGE_MARKS = {"zh-hans": "中", "en": "EN"}


@dataclass(frozen=True)
class Language:
    """One choice of the language switch."""

    code: str
    mark: str
    name: str
    current: bool


class Shell:
    """What the frame shows; each part is worked out when the template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def signed_in(self) -> bool:
        return bool(getattr(self._request, "user", None) and self._request.user.is_authenticated)

    @cached_property
    def theme(self) -> str:
        """The cookie of this browser, else the user's own setting, else the device's."""
        chosen = self._cookie(THEME_COOKIE, THEMES)
        if not chosen and self.signed_in:
            own = getattr(self._request.user, "theme", "")
            chosen = own if own in THEMES else ""
        return chosen or "auto"

    @cached_property
    def density(self) -> str:
        return self._cookie(DENSITY_COOKIE, DENSITIES) or "standard"

    @cached_property
    def nav_width(self) -> str:
        return self._cookie(NAV_COOKIE, NAV_WIDTHS) or "auto"

    @cached_property
    def keys(self) -> str:
        """Whether keys of one letter do anything in this browser."""
        return self._cookie(KEYS_COOKIE, KEYS) or "on"

    @cached_property
    def frame(self) -> Frame:
        return frame_of(self._request) if self.signed_in else Frame()

    @property
    def groups(self) -> list[nav.NavGroup]:
        return self.frame.groups

    @property
    def favourites(self) -> list[Kept]:
        """The favourites the side bar shows."""
        return self.frame.favourites[:SHOWN]

    @cached_property
    def is_favourite(self) -> bool:
        """Whether this very page, with its filters, is one of the user's favourites."""
        return any(kept.current for kept in self.frame.favourites)

    @cached_property
    def place(self) -> nav.NavGroup | None:
        """The group the page belongs to, for the first of its breadcrumbs."""
        return next((group for group in self.groups if group.label and any(link.current for link in group.links)), None)

    @property
    def in_directory(self) -> bool:
        return self._request.path == self.urls["directory"]

    @cached_property
    def open_groups(self) -> set[str]:
        """Keys of the groups this browser keeps unfolded."""
        return set(self._request.COOKIES.get(OPEN_COOKIE, "")[:200].split("."))

    @property
    def status(self) -> nav.StatusLine | None:
        return self.frame.status

    @property
    def unread(self) -> int:
        return self.frame.unread

    @cached_property
    def person_name(self) -> str:
        """The user's name at work, else the login."""
        user = self._request.user
        if not user.is_authenticated:
            return ""
        person: Any = getattr(user, "person", None)
        return str(person) if person else user.get_full_name() or user.get_username()

    @cached_property
    def initials(self) -> str:
        return formats.initials(self.person_name)

    @cached_property
    def printed_by(self) -> str:
        """Who printed the page and when, for the foot of a print."""
        moment = f"{timezone.localtime():%Y-%m-%d %H:%M}"
        return f"{self.person_name}  {moment}" if self.signed_in else moment

    @cached_property
    def languages(self) -> list[Language]:
        active = get_language() or settings.LANGUAGE_CODE
        return [
            Language(code, _LANGUAGE_MARKS.get(code, code), str(name), code == active)
            for code, name in settings.LANGUAGES
        ]

    @cached_property
    def here(self) -> str:
        """The address to come back to after a switch."""
        return self._request.get_full_path()

    @cached_property
    def urls(self) -> dict[str, str]:
        """Addresses of the frame's own links; a page that does not exist is an empty string and its link is left out."""
        return {key: _url(name) for key, name in _FRAME_URLS.items()}

    def _cookie(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self._request.COOKIES.get(name, "")
        return value if value in allowed else ""


_FRAME_URLS = {
    "home": "home",
    "search": "search",
    "notifications": "notifications",
    "help": "help",
    "profile": "profile",
    "logout": "logout",
    "login": "login",
    "set_language": "set_language",
    "display": "display_preferences",
    "directory": "directory",
    "favourites": "favourites",
    "keyboard": "keyboard",
}


@functools.cache
def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` for every template."""
    return {"shell": Shell(request)}
