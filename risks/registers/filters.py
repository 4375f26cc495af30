"""Filters of the risk register that no single column answers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.calendars.queries import org_today
from pmo.core.registers.declaration import Filter
from pmo.core.registers.values import is_id
from risks.models import RiskCategory, RiskMatrix
from risks.models.risk import OPEN as OPEN_STATES
from risks.queries.matrices import default_matrix, zone_q
from risks.queries.movement import MOVES, moved_q
from risks.wording import STAGE_FIELDS, STAGE_WORDS, ZONE_WORDS


def _refuse(value: str, allowed: str) -> ValidationError:
    return ValidationError(
        _("%(value)s is not known here; one of these is expected: %(allowed)s.")
        % {"value": value[:100], "allowed": allowed}
    )


def _yes_or_no(values: list[str]) -> bool:
    if values[-1] not in {"0", "1"}:
        raise _refuse(values[-1], "0, 1")
    return values[-1] == "1"


def _open(rows: Any, values: list[str], user: Any) -> Any:
    wanted = Q(status__in=OPEN_STATES)
    return rows.filter(wanted if _yes_or_no(values) else ~wanted)


def _overdue(rows: Any, values: list[str], user: Any) -> Any:
    late = Q(status__in=OPEN_STATES, review_on__lt=org_today())
    return rows.filter(late) if _yes_or_no(values) else rows.exclude(late)


def _within(rows: Any, values: list[str], user: Any) -> Any:
    """Risks of the categories and of everything below them; path of a category holds its own id."""
    found = Q(pk__in=[])
    for value in values:
        if not is_id(value):
            raise _refuse(value, str(_("the number of a category")))
        found |= Q(category__path__contains=f"/{value}/")
    return rows.filter(found)


def _categories() -> list[tuple[int, str]]:
    """Every category, indented by its depth."""
    rows = RiskCategory.objects.order_by("path")
    return [(row.pk, "\u3000" * (row.path.count("/") - 2) + str(row)) for row in rows]


def _moved(rows: Any, values: list[str], user: Any) -> Any:
    today, found = org_today(), Q(pk__in=[])
    for value in values:
        if value not in MOVES:
            raise _refuse(value, ", ".join(MOVES))
        found |= moved_q(value, today)
    return rows.filter(found)


def zone_value(matrix_id: int | None, stage: str, colour: str) -> str:
    """The value of `zone_in` for a matrix (None: the default one), a stage of assessment and a colour."""
    return f"{matrix_id or 0}-{stage}-{colour}"


def _zone_in(rows: Any, values: list[str], user: Any) -> Any:
    colours, found = dict(ZONE_WORDS), Q(pk__in=[])
    for value in values:
        number, _dash, rest = value.partition("-")
        stage, _dash, colour = rest.partition("-")
        if not (is_id(number) or number == "0") or stage not in STAGE_FIELDS or colour not in colours:
            raise _refuse(value, zone_value(None, "current", "red"))
        matrix = RiskMatrix.objects.filter(pk=number).first() or default_matrix()
        found |= zone_q(matrix.cells, colour, *STAGE_FIELDS[stage])
    return rows.filter(found)


def _zones() -> list[tuple[str, str]]:
    """Every matrix, stage and colour."""
    named = [(matrix.pk, str(matrix)) for matrix in RiskMatrix.objects.order_by("code")]
    return [
        (zone_value(pk, stage, colour), f"{name} · {words} · {shade}")
        for pk, name in named
        for stage, words in STAGE_WORDS
        for colour, shade in ZONE_WORDS
    ]


OPEN = Filter(
    "open",
    label=_("Open risks"),
    choices=[("1", pgettext_lazy("risk", "Open only")), ("0", pgettext_lazy("risk", "Closed or occurred"))],
    apply=_open,
)
OVERDUE = Filter(
    "overdue",
    label=_("Next review"),
    choices=[("1", _("Review overdue")), ("0", _("Review not overdue"))],
    apply=_overdue,
    advanced=True,
)
CATEGORY = Filter("within", label=_("Category"), choices=_categories, apply=_within, advanced=True)
MOVED = Filter("moved", label=_("Moved in 30 days"), choices=list(MOVES.items()), apply=_moved, advanced=True)
ZONE_IN = Filter("zone_in", label=_("Zone in a matrix"), choices=_zones, apply=_zone_in, advanced=True)
