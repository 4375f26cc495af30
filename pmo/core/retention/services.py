"""Deciding how long rows are kept, and removing those whose time is over."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.retention.declaration import RetentionRule, retention_rule, retention_rules
from pmo.core.retention.models import RetentionPeriod

# The permission to decide; the PMO administrator holds it.
CHANGE = "core.retentionperiod.change"


@dataclass(frozen=True)
class Period:
    """A rule with the days that hold now. `decided` is False where the default holds."""

    rule: RetentionRule
    days: int | None
    decided: bool
    changed_at: datetime.datetime | None = None


def periods() -> list[Period]:
    """Every rule with its days, in one statement."""
    decided = {row.key: row for row in RetentionPeriod.objects.all()}
    return [
        Period(rule, decided[rule.key].days, True, decided[rule.key].changed_at)
        if rule.key in decided
        else Period(rule, rule.default_days, False)
        for rule in retention_rules()
    ]


def kept_days(key: str) -> int | None:
    """For how many days rows of the rule are kept; None for ever. Raises KeyError for an unknown rule."""
    rule = retention_rule(key)
    decided = RetentionPeriod.objects.filter(key=key).first()
    return decided.days if decided is not None else rule.default_days


def set_days(*, actor: Actor, key: str, days: int | None, reason: str = "") -> RetentionPeriod:
    """Decide for how many days rows of the rule are kept; None for ever.

    Raises KeyError for an unknown rule, ValidationError on `days` below the minimum or for ever where that is not allowed.
    """
    rule = retention_rule(key)
    if days is None and not rule.for_ever:
        raise ValidationError({"days": _("These rows cannot be kept for ever.")})
    if days is not None and days < rule.minimum:
        told = _("At least %(days)s days.") % {"days": rule.minimum}
        raise ValidationError({"days": told})
    with transaction.atomic():
        before = kept_days(key)
        row, _made = RetentionPeriod.objects.update_or_create(key=key, defaults={"days": days})
        act = Act(
            "update",
            RetentionPeriod._meta.label_lower,
            row.pk,
            str(rule.label),
            changes={"days": [before, days]},
            reason=reason,
        )
        record(actor=actor, act=act)
    return row


def purge_all(*, now: datetime.datetime, progress: Callable[[int, int, str], None] | None = None) -> dict[str, int]:
    """Remove what is over its time; {rule: rows removed}. Running twice removes nothing more."""
    removed = {}
    wanted = [period for period in periods() if period.days is not None]
    for place, period in enumerate(wanted):
        if progress is not None:
            progress(place, len(wanted), str(period.rule.label))
        removed[period.rule.key] = period.rule.purge(now - datetime.timedelta(days=period.days or 0))
    return removed
