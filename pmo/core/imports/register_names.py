"""What the references of a register's rows mean: code, then exact name in either language, then e-mail or login of people."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from django.utils import translation

from pmo.core.imports.directories import reference_key
from pmo.core.imports.messages import Message, shorten
from pmo.core.imports.parts import RowDraft
from pmo.core.imports.register_fields import Spec
from pmo.core.imports.texts import in_all_languages
from pmo.core.people.models import Person
from pmo.core.registers.declaration import Register, register_for
from pmo.core.registers.values import label_paths, visible_rows

_SIMILAR = 5
_SEARCHED = 5_000
_LISTED = 40
_UNKNOWN = 200
LANGUAGES = ("zh-hans", "en")


class Names:
    """Records by code and by name, read in one statement. `scope` is the project within which codes are unique."""

    def __init__(self, model: Any, rows: Any) -> None:
        self.model, self.rows = model, rows
        self.scoped = any(f.name == "project" for f in model._meta.concrete_fields)
        self._codes: defaultdict[str, list[int]] = defaultdict(list)
        self._names: defaultdict[str, list[int]] = defaultdict(list)
        self._scopes: dict[int, Any] = {}
        self._shown: dict[int, str] = {}
        self._spelled = False
        paths = label_paths(model)
        more = ["email", "user__username"] if model is Person else []
        columns = [*paths, *more, *(["project_id"] if self.scoped else [])]
        for pk, *texts in rows.order_by("pk").values_list("pk", *columns):
            scope = texts.pop() if self.scoped else None
            code = texts[0] if paths[:1] == ["code"] else ""
            self.add(pk, code, [text for text in texts[1 if code or paths[:1] == ["code"] else 0 :] if text], scope)

    def add(self, pk: int, code: str, names: list[str], scope: Any) -> None:
        """Make a record findable."""
        if code:
            self._codes[reference_key(code)].append(pk)
        for name in dict.fromkeys(reference_key(one) for one in names):
            self._names[name].append(pk)
        self._scopes[pk] = scope
        self._shown[pk] = " ".join([*([code] if code else []), " / ".join(dict.fromkeys(names[:2]))]).strip()

    def settle(self, ids: dict[int, int]) -> None:
        """Real ids of planned records."""
        for table in (self._codes, self._names):
            for owners in table.values():
                if owners[-1] < 0:
                    owners[:] = [ids.get(pk, pk) for pk in owners]
        for planned, pk in ids.items():
            if planned in self._scopes:
                self._scopes[pk], self._shown[pk] = self._scopes[planned], self._shown[planned]

    def find(self, text: str, scope: Any = None) -> list[int]:
        """Ids of the records that the text means, best way first; within the scope where the records have one."""
        key = reference_key(text)
        for owners in (self._codes.get(key), self._names.get(key), self._by_both(key)):
            fitting = [pk for pk in owners or () if scope is None or not self.scoped or self._scopes[pk] == scope]
            if fitting:
                return fitting
        if not self._spelled:
            self._spell()
            return self.find(text, scope)
        return []

    def _by_both(self, key: str) -> list[int]:
        """Code and name one after the other, as forms and lists write them."""
        code, _space, name = key.partition(" ")
        named = set(self._names.get(name, ()))
        return [pk for pk in self._codes.get(code, ()) if pk in named]

    def _spell(self) -> None:
        """What the records call themselves, where that is more than a name; asked only when nothing else fits."""
        self._spelled = True
        related = [f.name for f in self.model._meta.concrete_fields if f.is_relation]
        for row in self.rows.order_by("pk").select_related(*related)[:_SEARCHED]:
            for language in LANGUAGES:
                with translation.override(language):
                    key = reference_key(str(row))
                if row.pk not in self._names[key]:
                    self._names[key].append(row.pk)
            self._shown[row.pk] = self._shown.get(row.pk) or str(row)

    def similar(self, text: str) -> list[tuple[str, str]]:
        """(what to write, what it shows) of records with similar names; all of them where there are few."""
        if len(self._shown) > _SEARCHED:
            return []
        known = {**self._names, **self._codes}
        close = difflib.get_close_matches(reference_key(text), list(known), _SIMILAR, 0.6)
        ids = list(dict.fromkeys(pk for key in close for pk in known[key] if pk > 0))
        if len(self._shown) <= _LISTED:
            ids += [pk for pk in self._shown if pk not in ids and pk > 0]
        codes = {pk: key for key, owners in self._codes.items() if len(owners) == 1 for pk in owners}
        names = {pk: key for key, owners in self._names.items() if len(owners) == 1 for pk in owners}
        return [(codes.get(pk) or names[pk], self._shown[pk]) for pk in ids if pk in codes or pk in names]


class RegisterNames:
    """The references of one register's rows for one user (None is the system)."""

    def __init__(self, register: Register, user: Any) -> None:
        self.register, self.user = register, user
        self._names: dict[str, Names] = {}
        self._everything: dict[Any, Names] = {}
        # Texts that mean no record, by field: what the user may decide on the page of meanings.
        self.unknown: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.offers: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._once: dict[str, Any] = {}

    def of(self, spec: Spec) -> Names:
        """The records that a field may name."""
        if spec.key not in self._names:
            self._names[spec.key] = Names(spec.target, self._rows(spec))
        return self._names[spec.key]

    def _rows(self, spec: Spec) -> Any:
        if self.user is None:
            return spec.target._default_manager.all()
        if spec.key in self.register.choices_for:
            return self.register.choices_for[spec.key](self.user)
        return visible_rows(spec.target, self.user)

    def once(self, key: str, read: Callable[[], Any]) -> Any:
        """What `read` gives, read once for the file."""
        if key not in self._once:
            self._once[key] = read()
        return self._once[key]

    def find(self, draft: RowDraft, spec: Spec, present: int | None, scope: Any) -> int | None:
        """The id of the record that the row's cell names; a cell that names none, or several, is refused."""
        text = str(draft.get(spec.key))
        found = self.of(spec).find(text, scope)
        if len(found) == 1:
            return found[0]
        if present is not None and (present in found or present in self._all(spec).find(text, scope)):
            return present
        params = {"value": shorten(text), "register": in_all_languages(lambda: _title(spec.target))}
        if found:
            draft.refuse(spec.key, Message("several_references", params))
            return None
        self._note(spec, text)
        draft.refuse(spec.key, Message("no_such_reference", params))
        return None

    def _all(self, spec: Spec) -> Names:
        """Every record there is: what stands in the row may stay, even if the user could not choose it."""
        if spec.target not in self._everything:
            self._everything[spec.target] = Names(spec.target, spec.target._base_manager.all())
        return self._everything[spec.target]

    def _note(self, spec: Spec, text: str) -> None:
        unknown = self.unknown[spec.key]
        if text not in unknown and len(unknown) < _UNKNOWN:
            self.offers[spec.key].update(self.of(spec).similar(text))
        if text in unknown or len(unknown) < _UNKNOWN:
            unknown[text] += 1

    def plan(self, spec: Spec, row: Any, own: int) -> None:
        """Rows further down may name this one, which is still to be created."""
        texts = [str(getattr(row, path, "") or "") for path in label_paths(spec.target) if path != "code"]
        code, scope = str(getattr(row, "code", "") or ""), getattr(row, "project_id", None)
        self.of(spec).add(own, code, [one for one in texts if one], scope)

    def settle(self, ids: dict[int, int]) -> None:
        """Real ids of rows that were created."""
        for names in self._names.values():
            if names.model is self.register.model:
                names.settle(ids)

    def planned(self, pk: int) -> None:
        """Nothing is created for a name that is not known."""


def _title(model: Any) -> str:
    declared = register_for(model)
    return str(declared.title if declared is not None else model._meta.verbose_name_plural)
