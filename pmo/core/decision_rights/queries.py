"""The one question workflows ask: may this role decide this?"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo.core.access.decisions import YES, Decision
from pmo.core.access.roles import Role
from pmo.core.calendars.queries import org_today, organisation
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.money.queries import rates_on
from pmo.core.people.models import OrgUnit
from pmo.core.web.formats import format_money

Kind = DecisionRight.Kind


def rights_in_force(day: datetime.date | None = None) -> Any:
    """The lines that give a right on the day (today), as they stand now."""
    on = day or org_today()
    return DecisionRight.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=on), in_force_from__lte=on
    )


def may_decide(
    role: str,
    kind: str,
    amount: Decimal | None = None,
    *,
    currency: str = "",
    days: int | None = None,
    unit: OrgUnit | None = None,
    day: datetime.date | None = None,
) -> Decision:
    """May somebody with the role take the decision, of this amount (in the base currency, or `currency`) or delay in working days?

    Lines without a unit hold everywhere; a line of a unit holds for it and everything below. A line without a limit has
    none. An amount that no rate can compare is not covered. The answer names what is missing.
    """
    on = day or org_today()
    lines = [line for line in _lines(role, kind, on) if _covers_unit(line, unit)]
    if not lines:
        return _nobody(role, kind)
    rates = rates_on(on) if amount is not None else {}
    money = currency or organisation().base_currency
    if any(_covers_amount(line, amount, money, rates) and _covers_days(line, days) for line in lines):
        return YES
    return _too_much(role, kind, lines)


def who_may_decide(
    kind: str,
    amount: Decimal | None = None,
    *,
    currency: str = "",
    days: int | None = None,
    unit: OrgUnit | None = None,
    day: datetime.date | None = None,
) -> list[str]:
    """The roles that may, in the order of the ten roles. The same number of queries for any number of lines."""
    on = day or org_today()
    rates = rates_on(on) if amount is not None else {}
    money = currency or organisation().base_currency
    held = {
        line.role
        for line in rights_in_force(on).filter(kind=kind).select_related("unit")
        if _covers_unit(line, unit) and _covers_amount(line, amount, money, rates) and _covers_days(line, days)
    }
    return [role for role in Role.values if role in held]


def _lines(role: str, kind: str, day: datetime.date) -> Iterable[DecisionRight]:
    rows: Iterable[DecisionRight] = rights_in_force(day).filter(kind=kind, role=role).select_related("unit")
    return rows


def _covers_unit(line: DecisionRight, unit: OrgUnit | None) -> bool:
    if line.unit is None:
        return True
    return unit is not None and unit.path.startswith(line.unit.path)


def _covers_amount(line: DecisionRight, amount: Decimal | None, currency: str, rates: dict[str, Decimal]) -> bool:
    if amount is None or line.up_to is None:
        return True
    if line.currency == currency:
        return amount <= line.up_to
    asked, limit = rates.get(currency), rates.get(line.currency)
    return asked is not None and limit is not None and amount * asked <= line.up_to * limit


def _covers_days(line: DecisionRight, days: int | None) -> bool:
    return days is None or line.days is None or days <= line.days


def _words(role: str, kind: str) -> dict[str, Any]:
    return {"role": Role(role).label, "decision": Kind(kind).label}


def _nobody(role: str, kind: str) -> Decision:
    return Decision(False, _("%(role)s does not hold this decision right: %(decision)s.") % _words(role, kind))


def _too_much(role: str, kind: str, lines: list[DecisionRight]) -> Decision:
    line = max(lines, key=lambda one: (one.up_to or Decimal(0), one.days or 0))
    words = _words(role, kind)
    if line.up_to is not None and line.days is None:
        words["limit"] = format_money(line.up_to, line.currency, get_language() or "zh-hans")
        return Decision(False, _("%(role)s may decide this up to %(limit)s only: %(decision)s.") % words)
    words["days"] = line.days
    return Decision(False, _("%(role)s may decide this up to %(days)s working days only: %(decision)s.") % words)
