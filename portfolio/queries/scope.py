"""What a dashboard looks at: everything, one portfolio, or one programme."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Q, Value

from pmo.core.access.api import holds_everywhere, scoped_q
from pmo.core.access.grants import may_hold
from pmo.core.access.roles import roles_holding
from pmo.core.history.queries import as_of
from pmo.core.kept import kept
from pmo.core.people.names import localised
from portfolio.models import HealthSnapshot, Portfolio, PortfolioItem, Programme, ProgrammeItem, RollupSnapshot

Kind = RollupSnapshot.Kind


@dataclass(frozen=True)
class Scope:
    """One choice of the dashboard: kind and id of a roll-up, its code (for the URL) and its name in the reader's language."""

    kind: str
    ref_id: int
    code: str
    name: str
    purpose: str = ""

    @property
    def query(self) -> str:
        """The register filter that keeps the scope's projects, "" for everything."""
        return "" if self.kind == Kind.ALL else f"{self.kind}={self.ref_id}"


def scopes(user: Any, permission: str, everything: str) -> list[Scope]:
    """What the user may look at with the permission: everything (named `everything`) where held organisation-wide, portfolios, programmes.

    One query.
    """
    found = [Scope(Kind.ALL, 0, "", everything)] if holds_everywhere(user, permission) else []
    portfolios = Portfolio.objects.filter(scoped_q(user, "portfolio", permission, "pk")).order_by()
    programmes = Programme.objects.filter(portfolio_id__in=portfolios.values("pk")).order_by()
    kinds = ((Kind.PORTFOLIO, portfolios, "purpose"), (Kind.PROGRAMME, programmes, "outcome"))
    both = [
        rows.values_list(Value(kind.value, output_field=CharField()), "pk", "code", "name_zh", "name_en", why)
        for kind, rows, why in kinds
    ]
    places = [
        Scope(kind, pk, code, localised(zh, en) or code, why)
        for kind, pk, code, zh, en, why in sorted(both[0].union(both[1], all=True), key=lambda row: (row[0], row[2]))
    ]
    if not holds_everywhere(user, permission):
        kept(_scope_key(user, permission), lambda: bool(places))
    return found + places


def has_scope(user: Any, permission: str) -> bool:
    """Whether `scopes` has anything: a role in a project alone gives none. One query where not held organisation-wide.

    Permissions that the same of the reader's roles hold are asked for once in a reading request.
    """
    if holds_everywhere(user, permission):
        return True
    rows = Portfolio.objects.filter(scoped_q(user, "portfolio", permission, "pk"))
    return kept(_scope_key(user, permission), lambda: bool(rows.exists()))


def _scope_key(user: Any, permission: str) -> str:
    """Under which `has_scope` is kept: permissions that the same of the reader's roles hold have one answer."""
    return f"has scope {user.pk} {' '.join(sorted(may_hold(user, roles_holding(permission))))}"


def choose(options: list[Scope], code: str) -> Scope | None:
    """The scope with this code, the first one where no code is given; None where there is none such."""
    if not code:
        return options[0] if options else None
    return next((option for option in options if option.code == code), None)


def project_filter(scope: Scope, day: datetime.date, field: str = "project_id") -> Q:
    """A filter on a project id field: the projects of the scope as of the end of the day."""
    if scope.kind == Kind.PORTFOLIO:
        items = as_of(PortfolioItem, day).filter(portfolio_id=scope.ref_id)
        return Q(**{f"{field}__in": items.values("project_id")})
    if scope.kind == Kind.PROGRAMME:
        below = as_of(Programme, day).filter(path__contains=f"/{scope.ref_id}/")
        items = as_of(ProgrammeItem, day).filter(programme_id__in=below.values("row_id"))
        return Q(**{f"{field}__in": items.values("project_id")})
    return Q()


def snapshot_day(until: datetime.date | None = None) -> datetime.date | None:
    """The last date with computed health, not after `until`; None before the first run."""
    rows = HealthSnapshot.objects.order_by("-date")
    if until is not None:
        rows = rows.filter(date__lte=until)
    day: datetime.date | None = rows.values_list("date", flat=True).first()
    return day
