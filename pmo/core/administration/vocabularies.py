"""The vocabularies that an organisation edits: which there are, how many words each has, where they are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import has_any, permission_of
from pmo.core.administration.cards import Link, Text, counted
from pmo.core.calendars.models import FiscalPeriod
from pmo.core.custom_fields.models import CustomField, LookupTable
from pmo.core.metrics.models import MetricDefinition
from pmo.core.money.models import Currency


@dataclass(frozen=True)
class Vocabulary:
    """Words that records choose from: `rows()` are the words, `where` says which records use them."""

    key: str
    label: Text
    where: Text
    to: Link
    rows: Callable[[], QuerySet[Any]]


_known: dict[str, Vocabulary] = {}


def register_vocabulary(*found: Vocabulary) -> None:
    """Add vocabularies, or replace those of the same key; call it from the wiring."""
    for one in found:
        _known[one.key] = one


def shown(user: Any) -> list[tuple[Vocabulary, int]]:
    """Those whose page the user may open, with the number of words. One statement."""
    found = [one for one in _known.values() if one.to.url and has_any(user, permission_of(one.rows().model, "view"))]
    numbers = counted([{one.key: one.rows() for one in found}])
    return [(one, numbers[one.key]) for one in found]


def tables() -> list[Any]:
    """Lookup tables with the number of their values and the fields that use them. Two statements."""
    alive = Count("values", filter=Q(values__deleted_at__isnull=True), distinct=True)
    rows = list(LookupTable.objects.annotate(offers=alive).order_by("code"))
    used: dict[int, list[CustomField]] = {}
    for field in CustomField.objects.filter(lookup__isnull=False).order_by("register", "code"):
        used.setdefault(field.lookup_id, []).append(field)
    for row in rows:
        row.used_by = used.get(row.pk, [])
    return rows


def declare() -> None:
    """The kernel's own."""
    register_vocabulary(
        Vocabulary(
            "currencies",
            _("Currencies"),
            _("Amounts, exchange rates"),
            Link("", "register-list", {"key": "currencies"}),
            Currency.objects.all,
        ),
        Vocabulary(
            "fiscal-periods",
            _("Fiscal periods"),
            _("Months, quarters and years of figures"),
            Link("", "register-list", {"key": "fiscal-periods"}),
            FiscalPeriod.objects.all,
        ),
        Vocabulary(
            "metrics",
            _("Metrics"),
            _("Figures of pages and reports, with their definitions"),
            Link("", "register-list", {"key": "metrics"}),
            MetricDefinition.objects.all,
        ),
    )
