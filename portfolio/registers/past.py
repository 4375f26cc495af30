"""Registers as they stood: one row per version of a record, narrowed to a day by `as_of`.

Where a number of a past date leads. Who may see a row is decided by today's access to its project.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import (
    CharField,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.access.api import permission_of, scoped_q
from pmo.core.calendars.queries import org_today
from pmo.core.history.models import version_of
from pmo.core.registers.declaration import Column, Filter, Register, contribute_filters, declared_register, register
from pmo.core.registers.expressions import localised_expression
from pmo.core.registers.fields import Bound, bind
from portfolio.access import my_project_ids
from portfolio.models import PortfolioItem, Programme, ProgrammeItem
from portfolio.queries.mywork import LIVE
from projects.models import Project
from projects.registers.common import days_text

# Registers whose rows a tile counts on past dates.
KEYS = ("milestones", "decisions", "actions", "issues", "risks", "projects")
ASKED = "asked_day"


def declare() -> None:
    """A register of versions for each of the registers, with the filters their lists have."""
    for key in KEYS:
        register(_past_of(declared_register(key)))


def _past_of(source: Register) -> Register:
    model: Any = version_of(source.model)
    names = [field.attname for field in model._meta.concrete_fields]
    columns = [made for column in source.columns if (made := _column(source, column, names)) is not None]
    whole = source.model is Project
    columns.insert(1, _name() if whole else _project_name())
    own = "row_id" if whole else "project_id"
    title = source.title
    return Register(
        key=f"{source.key}-past",
        model=model,
        label=lazy(lambda: _("%(register)s as they stood") % {"register": title}, str)(),
        icon=source.icon,
        read_only=True,
        code_field="code",
        columns=[
            *columns,
            Column("valid_from", label=gettext_lazy("Said so from")),
            Column("valid_to", label=gettext_lazy("Until")),
        ],
        default_columns=_shown(source, columns),
        default_sort=["-valid_from"],
        default_query=lambda: f"as_of={org_today()}",
        search_fields=["code", "name_zh", "name_en"] if whole else ["code", source.primary.field],
        filters=[
            Filter("as_of", label=gettext_lazy("As of"), apply=_as_of),
            *_scope_filters(own),
            *_changed(source.key),
        ],
        visible=_visible(source, own),
        empty=gettext_lazy("Nothing was on file on that day."),
        description=gettext_lazy(
            "What the rows said at the end of a past day; who sees them is decided by today's access."
        ),
    )


def _shown(source: Register, columns: list[Column]) -> list[str]:
    """What the list of the present shows; the project by its name, which takes no statement of its own."""
    known = {column.field for column in columns}
    wanted = ["project_name" if name == "project" else name for name in source.shown_by_default]
    return [name for name in wanted if name in known]


def _name() -> Column:
    """A project's name of the day in the reader's language, with a link to its page."""
    return Column(
        "name",
        label=gettext_lazy("Project"),
        primary=True,
        width="wide",
        annotate=localised_expression("name"),
        link=_current("projects"),
        filterable=False,
    )


def _project_name() -> Column:
    """The project in the reader's language, with a link to its page."""

    def named(user: Any) -> Any:
        rows = Project.all_objects.filter(pk=OuterRef("project_id")).annotate(shown=localised_expression("name"))
        return Subquery(rows.values("shown")[:1], output_field=CharField())

    return Column(
        "project_name",
        label=gettext_lazy("Project"),
        annotate=named,
        link=lambda row: reverse("register-detail", kwargs={"key": "projects", "pk": row.project_id}),
        filterable=False,
    )


def _column(source: Register, column: Column, names: list[str]) -> Column | None:
    """The column on the version table; None for what only the present knows."""
    bound = bind(source, column.field)
    if column.field == "name" and source.model is Project:
        return None
    if column.field == "slip":
        expected = Coalesce("actual_date", "forecast_date", output_field=DateField())
        slip = ExpressionWrapper(expected - F("baseline_date"), output_field=DurationField())
        return Column(
            "slip", label=bound.label, kind="days", annotate=slip, format=days_text, align="right", filterable=False
        )
    if bound.computed or column.field in {"updated_at", "zone"}:
        return None
    if bound.kind == "fk":
        return _foreign(column, bound) if bound.model_field.attname in names else None
    if column.field not in names:
        return None
    return Column(
        column.field,
        label=bound.label,
        kind=bound.kind,
        primary=column.primary,
        link=_current(source.key) if column.primary else False,
        permission=column.permission,
        scope=("project", "row_id" if source.model is Project else "project_id"),
        sum=column.sum,
        width=column.width,
        tones=column.tones,
        currency=column.currency,
    )


def _foreign(column: Column, bound: Bound) -> Column:
    """A foreign key of the record: a number on the version row, shown as the row it names."""
    return Column(
        column.field,
        label=bound.label,
        kind="fk",
        annotate=F(bound.model_field.attname),
        model=bound.target,
        link=column.link,
        width=column.width,
    )


def _current(key: str) -> Callable[[Any], str]:
    """The record's own page."""
    return lambda row: reverse("register-detail", kwargs={"key": key, "pk": row.row_id})


def _visible(source: Register, own: str) -> Callable[[Any], Any]:
    model: Any = version_of(source.model)
    permission = permission_of(source.model, "view")

    def rows(user: Any) -> Any:
        alive = Project.objects.filter(scoped_q(user, "project", permission, "pk")).order_by().values("pk")
        asked = Value(org_today(), output_field=DateField())
        return model.objects.filter(**{f"{own}__in": alive}).annotate(**{ASKED: asked})

    return rows


def asked_day(values: list[str]) -> Any:
    """The day of a filter; a wrong one is named."""
    try:
        day = parse_date(values[-1])
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("%(value)s is not a date; expected YYYY-MM-DD.") % {"value": values[-1]})
    return day


def _as_of(rows: Any, values: list[str], user: Any) -> Any:
    """The versions that held at the end of the day."""
    day = asked_day(values)
    rows = rows.annotate(**{ASKED: Value(day, output_field=DateField())})
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


def held(model: Any, day: Any, **values: Any) -> Any:
    """Versions of a placement that held on the day, a date or an outer column."""
    table: Any = version_of(model)
    return table.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day, **values)


def in_portfolio(rows: Any, ids: list[int], day: str, project: str = "project_id") -> Any:
    """Rows whose project lay in one of the portfolios on the row's day (the name of a column)."""
    return rows.filter(Exists(held(PortfolioItem, OuterRef(day), project_id=OuterRef(project), portfolio_id__in=ids)))


def in_programme(rows: Any, ids: list[int], day: str, project: str = "project_id") -> Any:
    """Rows whose project lay in one of the programmes, or below, on the row's day (the name of a column)."""
    inside = Q(row_id__in=[])
    for pk in ids:
        inside |= Q(path__contains=f"/{pk}/")
    below = held(Programme, OuterRef(OuterRef(day))).filter(inside).values("row_id")
    return rows.filter(Exists(held(ProgrammeItem, OuterRef(day), project_id=OuterRef(project), programme_id__in=below)))


def _ids(values: list[str]) -> list[int]:
    if not all(value.isascii() and value.isdigit() and len(value) < 19 for value in values):
        raise ValidationError(_("%(value)s is not the number of a record.") % {"value": ", ".join(values)[:200]})
    return [int(value) for value in values]


def _scope_filters(own: str) -> list[Filter]:
    """Portfolio, programme and `mine` of versions whose project is named by the field `own`."""
    from portfolio.registers.filters import portfolio_choices, programme_choices

    return [
        Filter(
            "portfolio",
            label=gettext_lazy("Portfolio"),
            choices=portfolio_choices,
            apply=lambda rows, values, user: in_portfolio(rows, _ids(values), ASKED, own),
            late=True,
        ),
        Filter(
            "programme",
            label=gettext_lazy("Programme"),
            choices=programme_choices,
            apply=lambda rows, values, user: in_programme(rows, _ids(values), ASKED, own),
            advanced=True,
            late=True,
        ),
        Filter(
            "mine",
            label=gettext_lazy("My running projects"),
            choices=[("1", gettext_lazy("Yes")), ("0", gettext_lazy("No"))],
            apply=lambda rows, values, user: _mine(rows, values, user, own),
            advanced=True,
        ),
        *([] if own == "project_id" else [Filter(own, label=gettext_lazy("Project"), apply=_row, advanced=True)]),
    ]


def _row(rows: Any, values: list[str], user: Any) -> Any:
    """What one record said."""
    return rows.filter(row_id__in=_ids(values))


def _mine(rows: Any, values: list[str], user: Any, own: str) -> Any:
    """Rows of projects in which the user has a part today and that ran on the day."""
    ours = Project.objects.filter(pk__in=my_project_ids(user), status__in=LIVE).order_by().values("pk")
    inside = {f"{own}__in": ours}
    return rows.filter(**inside) if values[-1] == "1" else rows.exclude(**inside)


def _changed(key: str) -> list[Filter]:
    if key != "milestones":
        return []
    return [
        *_milestone_filters(),
        Filter("health_on", label=gettext_lazy("Projects with health on"), apply=_with_health, advanced=True),
    ]


def _with_health(rows: Any, values: list[str], user: Any) -> Any:
    from portfolio.models import HealthSnapshot

    day = asked_day(values)
    return rows.filter(project_id__in=HealthSnapshot.objects.filter(date=day).order_by().values("project_id"))


def slipped_since(rows: Any, values: list[str], user: Any) -> Any:
    """Milestones that are expected later than they were at the end of the day."""
    from projects.models import Milestone

    day = asked_day(values)
    own = "row_id" if "row_id" in {f.name for f in rows.model._meta.concrete_fields} else "pk"
    expected = Coalesce("actual_date", "forecast_date", output_field=DateField())
    was = held(Milestone, day, row_id=OuterRef(own)).annotate(was=expected)
    return rows.annotate(expected_now=expected).filter(Exists(was.filter(was__lt=OuterRef("expected_now"))))


def contribute() -> None:
    """The living milestones understand `slipped_since` and `late_forecast` too."""
    contribute_filters("milestones", _milestone_filters())


def _milestone_filters() -> list[Filter]:
    yes_no = [("1", gettext_lazy("Yes")), ("0", gettext_lazy("No"))]
    return [
        Filter("slipped_since", label=gettext_lazy("Slipped since"), apply=slipped_since, advanced=True),
        Filter(
            "late_forecast", label=gettext_lazy("Expected late"), choices=yes_no, apply=_late_forecast, advanced=True
        ),
    ]


def _late_forecast(rows: Any, values: list[str], user: Any) -> Any:
    """Milestones whose forecast lies after their baseline."""
    late = Q(forecast_date__gt=F("baseline_date"))
    return rows.filter(late) if values[-1] == "1" else rows.exclude(late)
