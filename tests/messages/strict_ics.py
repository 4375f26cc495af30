"""A reader of iCalendar that forgives nothing (RFC 5545), written apart from the library that writes our calendars."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"\x00-\x1f]*"|[^"\x00-\x1f;:,]*))*):(.*)', re.DOTALL)
_TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")
_TEXTS = {"SUMMARY", "DESCRIPTION", "UID", "PRODID", "VERSION", "METHOD", "X-WR-CALNAME", "TRANSP"}
_ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "TRANSP"}


class NotStrict(AssertionError):
    """What is wrong, and in which line."""


@dataclass
class Part:
    """A component: its properties as (parameters, value), its children."""

    name: str
    props: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def one(self, name: str) -> tuple[str, str]:
        """The property that must stand there exactly once."""
        found = self.props.get(name, [])
        if len(found) != 1:
            raise NotStrict(f"{self.name} has {name} {len(found)} times")
        return found[0]

    def text(self, name: str) -> str:
        """A text with its escapes undone."""
        return re.sub(r"\\(.)", lambda hit: "\n" if hit[1] in "nN" else hit[1], self.one(name)[1])


def read_strictly(content: bytes) -> Part:
    """The calendar. Raises NotStrict for anything a strict reader would refuse."""
    if not content.endswith(b"\r\n") or re.search(rb"(?<!\r)\n|\r(?!\n)", content):
        raise NotStrict("lines end with CR LF, the last one too")
    for raw in content.split(b"\r\n"):
        if len(raw) > 75:
            raise NotStrict(f"more than 75 octets: {raw!r}")
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotStrict(f"folded inside a character: {raw!r}") from error
    lines = content.decode("utf-8").replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")[:-1]
    calendar = _components(lines)
    _check_calendar(calendar)
    return calendar


def _components(lines: list[str]) -> Part:
    stack = [Part("")]
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            raise NotStrict(f"no content line: {line!r}")
        name, params, value = found[1].upper(), found[2].upper(), found[3]
        if name == "BEGIN":
            stack.append(Part(value))
        elif name == "END":
            done = stack.pop()
            if done.name != value:
                raise NotStrict(f"{done.name} is ended as {value}")
            stack[-1].parts.append(done)
        else:
            if name in _TEXTS and not _TEXT.fullmatch(value):
                raise NotStrict(f"not escaped as a text: {line!r}")
            stack[-1].props.setdefault(name, []).append((params, value))
    if len(stack) != 1 or len(stack[0].parts) != 1 or stack[0].props or stack[0].parts[0].name != "VCALENDAR":
        raise NotStrict("not exactly one VCALENDAR")
    return stack[0].parts[0]


def _check_calendar(calendar: Part) -> None:
    if calendar.one("VERSION")[1] != "2.0" or not calendar.one("PRODID")[1]:
        raise NotStrict("VERSION 2.0 and PRODID are missing")
    uids = [event.one("UID")[1] for event in calendar.parts]
    if len(set(uids)) != len(uids):
        raise NotStrict("a UID stands twice")
    for event in calendar.parts:
        _check_event(event)


def _check_event(event: Part) -> None:
    if event.name != "VEVENT" or any(len(found) > 1 for name, found in event.props.items() if name in _ONCE):
        raise NotStrict(f"{event.name}: not an event, or a property twice")
    if not re.fullmatch(r"\d{8}T\d{6}Z", event.one("DTSTAMP")[1]):
        raise NotStrict("DTSTAMP is no moment in UTC")
    first, after = (whole_day(event, name) for name in ("DTSTART", "DTEND"))
    if after <= first:
        raise NotStrict("DTEND is not after DTSTART")


def whole_day(event: Part, name: str) -> datetime.date:
    """The date of a property that has no time and no zone."""
    params, value = event.one(name)
    if params != ";VALUE=DATE" or not re.fullmatch(r"\d{8}", value):
        raise NotStrict(f"{name}{params}:{value} is not a whole day")
    return datetime.datetime.strptime(value, "%Y%m%d").date()
