"""On which day the rules of data quality are asked: now, or as the records stood at the end of a past day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from pmo.core.access.api import allowed_q, permission_of, scoped_q
from pmo.core.history.queries import as_of
from portfolio.models import Snooze
from projects.models import Project

# What the rules and filters ask of the project of a record.
_OF_PROJECT = ("status", "planned_start", "planned_finish", "forecast_finish", "unit_id", "pm_id")


@dataclass(frozen=True)
class At:
    """The day, and whether records are read as versions. A condition is written once and holds for both readings."""

    day: datetime.date
    past: bool = False

    @property
    def pk(self) -> str:
        """The field that carries a record's id."""
        return "row_id" if self.past else "pk"

    def project(self, lookup: str) -> str:
        """A lookup on the project of a record."""
        return f"then_{lookup}" if self.past else f"project__{lookup}"

    def rows(self, model: Any) -> Any:
        """All records of a model on the day."""
        return as_of(model, self.day) if self.past else model.objects.all()

    def of_project(self, model: Any, **conditions: Any) -> Any:
        """Records that hang on the project of the outer query."""
        return self.rows(model).filter(project_id=OuterRef(self.pk), **conditions)

    def seen(self, model: Any, user: Any) -> Any:
        """The records the user may see, with what the rules ask of their project. Today's access decides over the past too."""
        if not self.past:
            return model.objects.filter(allowed_q(user, model, "view"))
        mine = Project.objects.filter(scoped_q(user, "project", permission_of(model, "view"), "pk")).order_by()
        if model is Project:
            return self.rows(model).filter(row_id__in=mine.values("pk"))
        then = as_of(Project, self.day).filter(row_id=OuterRef("project_id"))
        fields = {f"then_{name}": Subquery(then.values(name)[:1]) for name in _OF_PROJECT}
        return self.rows(model).filter(project_id__in=mine.values("pk")).alias(**fields)

    def put_off(self, rule: str) -> Any:
        """What was put off on the day beyond it, of the record of the outer query."""
        if not self.past:
            return Snooze.objects.filter(rule=rule, row_id=OuterRef("pk"), until__gt=self.day)
        rows = Snooze.all_objects.filter(Q(deleted_at__isnull=True) | Q(deleted_at__date__gt=self.day))
        return rows.filter(rule=rule, row_id=OuterRef("row_id"), until__gt=self.day, created_at__date__lte=self.day)
