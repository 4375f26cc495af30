"""The metrics of the risk room: what the matrix page and the risk register count."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.calendars.queries import org_today
from pmo.core.metrics.declaration import MetricSpec, MetricValue, Text, declare_metrics
from risks.models import Kind, Risk
from risks.models.risk import OPEN
from risks.queries.matrices import default_matrix, zone_q

_OPEN_RULE = _("Identified, analysed or being responded to; not closed and not occurred.")


def _counted(condition: Callable[[], Q], query: str) -> Callable[[], MetricValue]:
    """Open threats that fit, with the address of exactly these rows."""

    def value() -> MetricValue:
        number = Risk.objects.filter(condition(), kind=Kind.THREAT, status__in=OPEN).count()
        url = f"{reverse('register-list', kwargs={'key': 'risks'})}?open=1&kind=threat{query}"
        return MetricValue(float(number), org_today(), url, 0)

    return value


def _count(code: str, name: Text, formula: Text, condition: Callable[[], Q], query: str = "") -> MetricSpec:
    return MetricSpec(
        code=code, name=name, formula=formula, rules=_OPEN_RULE, unit="count", direction="lower", frequency="daily",
        source="risks", calculated_in="risks.queries.counts", permission="risks.risk.view", derived=False,
        value=_counted(condition, query),
    )  # fmt: skip


def declare() -> None:
    """Make the room's metrics known."""
    declare_metrics(
        [
            _count("RK-OPEN", _("Open threats"), _OPEN_RULE, Q),
            _count(
                "RK-RED",
                _("Open red risks"),
                _("Open threats in the red zone of the risk matrix."),
                lambda: zone_q(default_matrix().cells, "red"),
                "&zone=red",
            ),
            _count(
                "RK-OVERDUE",
                _("Reviews overdue"),
                _("Open threats whose next review lies before today."),
                lambda: Q(review_on__lt=org_today()),
                "&overdue=1",
            ),
            MetricSpec(
                code="RK-EXPOSURE",
                name=_("Exposure"),
                formula=_(
                    "Probability in percent times the cost if it happens, summed over open risks; other currencies at the closing rate."
                ),
                rules=_OPEN_RULE,
                unit="money",
                direction="lower",
                frequency="daily",
                source="risks",
                calculated_in="risks.queries.money",
            ),
            MetricSpec(
                code="RK-SCORE",
                name=_("Risk score"),
                formula=_("Probability step times the worst of the impacts on time, cost, scope and quality: 1 to 25."),
                unit="count",
                direction="lower",
                frequency="daily",
                source="risks",
                calculated_in="risks.calc.scoring",
            ),
        ]
    )
