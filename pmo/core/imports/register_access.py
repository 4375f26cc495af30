"""Whether the owner of an import may do to a row what the file asks, decided as in the forms and once per scope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pmo.core.access.api import can
from pmo.core.imports.messages import Message
from pmo.core.imports.texts import in_all_languages


class RowAccess:
    """`user` None is the system, which may do everything."""

    def __init__(self, model: Any, user: Any) -> None:
        self.model, self.user = model, user
        self._visible: set[int] = set()
        self._changeable: set[int] = set()
        self._answers: dict[tuple[Any, ...], Message | None] = {}
        kind, path = getattr(model, "access_scope", ("organisation", ""))
        # The column of the row at which the way to its scope begins; "" where the whole organisation decides.
        self._scope = "" if kind == "organisation" else path if "__" not in path else f"{path.split('__')[0]}_id"
        self._named = [f"{name}_id" for name in getattr(model, "access_also", ())]

    def load(self, ids: Iterable[int]) -> None:
        """Read which rows of a chunk the user may see and change: two statements."""
        wanted = [pk for pk in ids if pk > 0]
        if self.user is None or not wanted:
            return
        rows = self.model._default_manager.filter(pk__in=wanted)
        self._visible = set(rows.visible_to(self.user).values_list("pk", flat=True))
        self._changeable = set(rows.allowed_to(self.user, "change").values_list("pk", flat=True))

    def sees(self, pk: int) -> bool:
        """Whether the row exists for the user."""
        return self.user is None or pk < 0 or pk in self._visible

    def change(self, row: Any) -> Message | None:
        """Why the row may not be changed; None where it may."""
        if self.user is None or row.pk is None or row.pk in self._changeable:
            return None
        return self._asked("change", row)

    def add(self, row: Any) -> Message | None:
        """Why a row may not be added where this one would stand."""
        return self._asked("add", row)

    def holds(self, permission: str, row: Any) -> Message | None:
        """Why a protected field of the row may not be written."""
        return self._asked(permission, row)

    def _asked(self, action: str, row: Any) -> Message | None:
        if self.user is None:
            return None
        own = self._scope in {"pk", "id"}
        scope = row.pk if own else getattr(row, self._scope) if self._scope else ""
        key = (action, scope, *(getattr(row, name) for name in self._named))
        if key not in self._answers:
            decision = can(self.user, action, row)
            detail = None if decision else in_all_languages(lambda: str(can(self.user, action, row).reason))
            self._answers[key] = None if detail is None else Message("not_allowed", {"detail": detail})
        return self._answers[key]
