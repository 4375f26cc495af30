"""Who the names in a plan file are here."""

from __future__ import annotations

from pmo.core.audit.actor import Actor
from pmo.core.imports.register_names import Names
from pmo.core.people.models import Person
from pmo.core.registers.values import visible_rows
from projects.calc.plan.entries import person_name


class People:
    """Who a name of the file is here: among the people whom the actor may see, read when first asked for."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._names: Names | None = None

    def find(self, name: str, email: str = "") -> int | None:
        """The id of the only person with this name, staff number, login or e-mail; None for nobody or several."""
        if self._names is None:
            rows = Person.objects.all() if self._actor.is_system else visible_rows(Person, self._actor.user)
            self._names = Names(Person, rows)
        for text in (email, person_name(name)):
            found = self._names.find(text) if text else []
            if len(found) == 1:
                return found[0]
        return None
