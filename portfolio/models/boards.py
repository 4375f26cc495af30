"""Dashboards that people arrange themselves from tiles, and with whom they share them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.people.models import OrgUnit, Person
from pmo.core.records.models import Record, unique_if_alive


class Board(Record):
    """Tiles in reading order. A person's own, or (`role`) the one that everybody in a role begins with."""

    access_scope = ("board", "id")

    owner = models.ForeignKey(
        Person, verbose_name=_("Owner"), null=True, blank=True, on_delete=models.CASCADE, related_name="boards"
    )
    # The key of the home whose default this is; empty for a person's own.
    role = models.CharField(_("Default of the role"), max_length=20, blank=True)
    name = models.CharField(_("Name"), max_length=120)
    about = models.CharField(_("What it is for"), max_length=300, blank=True)
    # [{"tile": key, "size": columns of four}], a tile at most once.
    layout = models.JSONField(_("Tiles"), default=list, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Board")
        verbose_name_plural = _("Boards")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["role"], condition=~Q(role="") & Q(deleted_at__isnull=True), name="board_default_once"
            ),
            unique_if_alive("owner", "name", name="board_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if bool(self.role) == (self.owner_id is not None):
            raise ValidationError(_("A board belongs to a person or is the default of a role."))
        if not _is_layout(self.layout):
            raise ValidationError({"layout": _("A board lists its tiles, each once, with a size of 1 to 4.")})


def _is_layout(value: Any) -> bool:
    """Whether the value is a list of tiles with sizes, none twice."""
    if not isinstance(value, list) or not all(
        isinstance(item, dict) and set(item) == {"tile", "size"} for item in value
    ):
        return False
    keys = [item["tile"] for item in value]
    sizes = [item["size"] for item in value]
    return len(set(keys)) == len(keys) and all(isinstance(key, str) for key in keys) and set(sizes) <= {1, 2, 3, 4}


class BoardShare(Record):
    """Who else may look at a board: everybody, a role, a unit with all below it, or a person. They see their own rows only."""

    class Kind(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody")
        ROLE = "role", _("A role")
        UNIT = "unit", _("A unit")
        PERSON = "person", _("A person")

    access_scope = ("board", "board_id")

    board = models.ForeignKey(Board, verbose_name=_("Board"), on_delete=models.CASCADE, related_name="shares")
    kind = models.CharField(_("Shared with"), max_length=10, choices=Kind)
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices, blank=True)
    unit = models.ForeignKey(
        OrgUnit, verbose_name=_("Unit"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("Person"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta(Record.Meta):
        verbose_name = _("Shared board")
        verbose_name_plural = _("Shared boards")
        ordering = ["board", "kind"]

    def __str__(self) -> str:
        return f"{self.board} {self.whom}"

    @property
    def whom(self) -> str:
        """With whom, in the reader's language."""
        if self.kind == self.Kind.ROLE:
            return str(Role(self.role).label)
        return str(self.unit or self.person or self.get_kind_display())

    def clean(self) -> None:
        given = {"role": bool(self.role), "unit": self.unit_id is not None, "person": self.person_id is not None}
        for name, there in given.items():
            if name == self.kind and not there:
                raise ValidationError({name: _("Choose with whom to share the board.")})
            if name != self.kind and there:
                raise ValidationError({name: _("A share names one of role, unit and person.")})
