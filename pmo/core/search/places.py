"""Where one can go without searching rows: pages and registers, new rows, the letters after `g`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.registers.access import may_add
from pmo.core.registers.declaration import Register, all_registers
from pmo.core.search.tokens import folded, pinyin_of
from pmo.core.web import nav

MOST = 6
# Words that say that something new is wanted; those of the second line run into the next word.
_MAKE = {"new", "create", "add", "新建", "新增", "xinjian", "xinzeng"}
_MAKE_RUN = ("新建", "新增", "xinjian", "xinzeng")
# What is offered before anything is typed.
_FIRST_NEW = ("projects", "risks", "issues", "actions", "milestones")

# Letter after `g` -> entries of the side bar, the first that the reader may open, and what the help calls it.
GO: dict[str, tuple[tuple[str, ...], Any]] = {
    "h": (("home",), gettext_lazy("Home")),
    "w": (("my-work",), gettext_lazy("My work")),
    "s": (("scorecard",), gettext_lazy("Scorecard")),
    "d": (("dashboard", "dashboards", "boards"), gettext_lazy("Dashboard")),
    "p": (("projects",), gettext_lazy("Projects")),
    "m": (("milestones",), gettext_lazy("Milestones")),
    "r": (("status-reports",), gettext_lazy("Status reports")),
    "k": (("risks",), gettext_lazy("Risks")),
    "i": (("issues",), gettext_lazy("Issues")),
    "a": (("actions",), gettext_lazy("Actions")),
    "e": (("people",), gettext_lazy("People")),
    "n": (("notifications",), gettext_lazy("Notifications")),
    "l": (("directory",), gettext_lazy("All registers")),
}
_NAMED = {"home", "notifications", "directory"}


@dataclass(frozen=True)
class Place:
    """Somewhere to go."""

    label: str
    url: str
    icon: str
    note: str = ""


def go_url(request: HttpRequest, letter: str) -> str | None:
    """The address of the letter for this reader, None where it leads nowhere."""
    keys = GO.get(letter, ((), ""))[0]
    shown = {item.key: url for item, url in nav.shown_items(request)}
    for key in keys:
        if key in shown:
            return shown[key]
        if key in _NAMED:
            return reverse(key)
    return None


def letters(request: HttpRequest) -> list[tuple[str, Any]]:
    """(letter, name) of those that lead somewhere for this reader."""
    return [(letter, name) for letter, (_keys, name) in GO.items() if go_url(request, letter)]


def pages(request: HttpRequest, query: str) -> list[Place]:
    """Pages and registers whose name, in either language, by pinyin or initials, holds every word."""
    words = folded(query).split()
    groups = dict(nav.GROUPS)
    found = []
    for item, url in nav.shown_items(request):
        worth = _fits(item.label, item.key, words)
        if worth:
            found.append((-worth, Place(str(item.label), url, item.icon, str(groups.get(item.group, "")))))
    found.sort(key=lambda pair: pair[0])
    return [place for _worth, place in found[:MOST]]


def new_rows(request: HttpRequest, query: str) -> list[Place]:
    """Forms for a new row of what the query names; a few common ones where nothing is asked."""
    words, asked = _to_make(query)
    found = []
    for register in all_registers():
        first = register.key in _FIRST_NEW
        fits = _fits(register.singular, register.key, words) if words else int(first or asked)
        if fits and may_add(register, request.user):
            order = _FIRST_NEW.index(register.key) if first else len(_FIRST_NEW)
            found.append(((-fits, order, register.key), register))
    found.sort(key=lambda pair: pair[0])
    return [_new(register) for _order, register in found[:MOST]]


def _to_make(query: str) -> tuple[list[str], bool]:
    """The words of what is to be made, and whether a word said that something is; Chinese needs no space after it."""
    typed = folded(query).split()
    words = [word for word in typed if word not in _MAKE]
    verb = next((verb for verb in _MAKE_RUN if words and words[0].startswith(verb)), "")
    if verb:
        words = [word for word in (words[0].removeprefix(verb), *words[1:]) if word]
    return words, bool(verb) or len(words) < len(typed)


def _new(register: Register) -> Place:
    label = _("New: %(what)s") % {"what": register.singular}
    return Place(label, register.new_url, "plus")


def _fits(label: Any, key: str, words: list[str]) -> int:
    """3 where a name is or begins with the words, 2 where it holds them, 1 by initials, 0 not at all."""
    names = _names(label, key)
    whole = " ".join(words)
    if any(name.startswith(whole) for name, _is_initials in names):
        return 3
    worth = 3
    for word in words:
        hits = [1 if is_initials else 2 for name, is_initials in names if word in name]
        worth = min(worth, max(hits, default=0))
    return worth


def _names(label: Any, key: str) -> tuple[tuple[str, bool], ...]:
    return _names_kept(str(label), key) if isinstance(label, str) else _names_lazy(key, tuple(_in_all_languages(label)))


def _in_all_languages(label: Any) -> list[str]:
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(str(label))
    return found


@cache
def _names_lazy(key: str, labels: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    found: list[tuple[str, bool]] = [(key.replace("-", " "), False)]
    for label in labels:
        text = folded(label)
        sounds = pinyin_of(text).replace("|", " ").split()
        found.append((text, False))
        if sounds:
            found += [("".join(sounds), False), ("".join(sound[0] for sound in sounds), True)]
    return tuple(found)


def _names_kept(label: str, key: str) -> tuple[tuple[str, bool], ...]:
    return _names_lazy(key, (label,))
