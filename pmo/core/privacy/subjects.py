"""Whose data is meant: a person, their login, and every text that names them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pmo.core.audit.models import AuditPayload
from pmo.core.people.models import Person, User

# Shorter texts are found in too many words that mean somebody or something else.
_SHORTEST_LATIN = 3
_SHORTEST_OTHER = 2
_LATIN = re.compile(r"^[\x00-\u024f]+$")
ERASED = "[erased]"


@dataclass(frozen=True)
class Subject:
    """A person with their login, or one of the two."""

    person: Person | None
    user: User | None

    @property
    def label(self) -> str:
        """How the subject is called now."""
        return str(self.person or (self.user.get_full_name() or self.user.get_username() if self.user else ""))


def subject_of_person(person: Person) -> Subject:
    """The person and the login, where there is one."""
    return Subject(person, person.user)


def subject_of_user(user: Any) -> Subject:
    """The login and the person behind it, where there is one."""
    person = Person.all_objects.filter(user_id=user.pk).first()
    return Subject(person, user)


@dataclass(frozen=True)
class Pseudonym:
    """What a person is called after an erasure."""

    number: int

    @property
    def zh(self) -> str:
        return f"前成员{self.number:04d}"

    @property
    def en(self) -> str:
        return f"Former person {self.number:04d}"

    @property
    def code(self) -> str:
        return f"former-{self.number:04d}"

    def for_text(self, text: str) -> str:
        """The pseudonym in the language of the text that it stands for."""
        return self.en if _LATIN.match(text) else self.zh


class Names:
    """Every text that names the subject, and what stands in its place.

    Full names and e-mail addresses name somebody wherever they stand. A user name or a staff number may be a common word or
    an amount: in a text it names somebody only as `@username`, `(number)`, or in brackets behind the name.
    """

    def __init__(self, subject: Subject, pseudonym: Pseudonym | None = None) -> None:
        person, user = subject.person, subject.user
        self.pseudonym = pseudonym or Pseudonym(0)
        names = [
            *([person.name_zh, person.name_en] if person else []),
            *([user.get_full_name(), _turned(user)] if user else []),
            *_earlier(person, user, ("name_zh", "name_en")),
        ]
        emails = [person.email if person else "", user.email if user else "", *_earlier(person, user, ("email",))]
        logins = [*([user.username] if user else []), *_earlier(person, user, ("username",))]
        codes = [*([person.code] if person else []), *_earlier(person, user, ("code",))]
        self.marks = _distinct([one for one in (*logins, *codes) if "@" not in one])
        known = {one.lower() for one in self.marks}
        self.emails = _distinct([*emails, *(one for one in (*logins, *codes) if "@" in one)])
        self.names = [one for one in _distinct(names) if one.lower() not in known and _has_letters(one)]
        self._logins = [one for one in _distinct(logins) if "@" not in one and _has_letters(one)]
        self._codes = [one for one in _distinct(codes) if "@" not in one and _has_letters(one)]
        strong = sorted({*self.names, *self.emails}, key=len, reverse=True)
        shown = [f"@{one}" for one in self._logins]
        shown += [form for one in self._codes for form in (f"({one})", f"（{one}）")]
        # What a row is looked for by; `replaced` decides.
        self.texts = [*strong, *shown]
        self._pattern = self._compiled(strong)

    def _compiled(self, strong: list[str]) -> re.Pattern[str] | None:
        forms = []
        if strong:
            behind = rf"(?P<behind>\s?[(（])(?:{_either(self.marks)})(?=[)）])" if self.marks else "(?P<behind>(?!))"
            forms.append(rf"(?P<strong>{'|'.join(_bounded(one) for one in strong)})(?:{behind})?")
        if self._logins:
            forms.append(rf"(?P<at>(?<![0-9A-Za-z_.+-])@)(?:{_either(self._logins)})(?![.-]?[0-9A-Za-z_])")
        if self._codes:
            forms.append(rf"(?P<open>[(（])(?:{_either(self._codes)})(?=[)）])")
        return re.compile("|".join(forms), re.IGNORECASE) if forms else None

    def within(self, text: str) -> bool:
        """Whether the text names the subject."""
        return bool(self._pattern and self._pattern.search(text))

    def place(self, text: str) -> int:
        """Where the text first names the subject, 0 where it does not."""
        found = self._pattern.search(text) if self._pattern else None
        return found.start() if found else 0

    def replaced(self, text: str, longest: int | None = None) -> str:
        """The text with the pseudonym for every name, cut to the length that its field holds."""
        if self._pattern is None:
            return text
        changed = self._pattern.sub(self._stand_in, text)
        return changed[:longest] if longest and changed != text else changed

    def _stand_in(self, found: re.Match[str]) -> str:
        parts = found.groupdict()
        if not parts.get("strong"):
            return f"{parts.get('at') or parts.get('open')}{self.pseudonym.code}"
        known = {one.lower() for one in self.names}
        name = parts["strong"]
        text = self.pseudonym.for_text(name) if name.lower() in known else self.pseudonym.code
        return f"{text}{parts['behind']}{self.pseudonym.code}" if parts["behind"] else text

    def replaced_within(self, value: Any) -> Any:
        """A JSON value with every text in it replaced; keys are what programs look up and stay."""
        if isinstance(value, str):
            return self.replaced(value)
        if isinstance(value, list):
            return [self.replaced_within(one) for one in value]
        if isinstance(value, dict):
            return {key: self.replaced_within(one) for key, one in value.items()}
        return value


def _has_letters(text: str) -> bool:
    """Digits alone are amounts, row numbers and dates far more often than a person."""
    return any(one.isalpha() for one in text)


def _either(texts: list[str]) -> str:
    return "|".join(re.escape(one) for one in sorted(texts, key=len, reverse=True))


def _bounded(text: str) -> str:
    """Latin words are whole words: "Li Lan" is not in "Li Lansing". Chinese has no such borders."""
    quoted = re.escape(text)
    if "@" in text:
        return rf"(?<![0-9A-Za-z_.+-]){quoted}(?![.-]?[0-9A-Za-z_])"
    return rf"(?<![0-9A-Za-z_]){quoted}(?![0-9A-Za-z_])" if _LATIN.match(text) else quoted


def _turned(user: User) -> str:
    return f"{user.last_name}{user.first_name}" if user.last_name and user.first_name else ""


def _earlier(person: Person | None, user: User | None, fields: tuple[str, ...]) -> list[str]:
    """What the person was called before, as the audit trail knows it."""
    found = []
    for model, row in (("core.person", person), ("core.user", user)):
        if row is None:
            continue
        payloads = AuditPayload.objects.filter(entry__model=model, entry__object_id=row.pk)
        for changes in payloads.values_list("changes", flat=True):
            for name in fields:
                pair = changes.get(name) if isinstance(changes, dict) else None
                found += [one for one in pair if isinstance(one, str)] if isinstance(pair, list) else []
    return found


def _distinct(texts: list[str]) -> list[str]:
    """Texts that are long enough to name somebody, each once."""
    kept: dict[str, str] = {}
    for text in (one.strip() for one in texts):
        shortest = _SHORTEST_LATIN if _LATIN.match(text) else _SHORTEST_OTHER
        if len(text) >= shortest and text != ERASED:
            kept.setdefault(text.lower(), text)
    return list(kept.values())
