"""What the project registry shows of portfolio and health, each column one subquery for the whole page."""

from __future__ import annotations

from typing import Any

from django.db.models import ExpressionWrapper, FloatField, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, contribute_columns
from pmo.core.web.formats import format_number
from portfolio.models import HealthSnapshot, Portfolio, PortfolioItem, Programme, ProgrammeItem
from projects.models.choices import Band


def _latest(field: str) -> Subquery:
    """A field of the project's newest snapshot."""
    rows = HealthSnapshot.objects.filter(project_id=OuterRef("pk")).order_by("-date")
    return Subquery(rows.values(field)[:1])


def _portfolio() -> Subquery:
    return Subquery(PortfolioItem.objects.filter(project_id=OuterRef("pk")).order_by().values("portfolio_id")[:1])


def _programme(user: Any) -> Subquery:
    """The project's programme, where the reader sees it."""
    rows = ProgrammeItem.objects.visible_to(user).filter(project_id=OuterRef("pk"))
    return Subquery(rows.order_by().values("programme_id")[:1])


def _why_url(row: Any) -> str:
    return reverse("register-tab", kwargs={"key": "projects", "pk": row.pk, "tab": "health"})


def contribute() -> None:
    """Add portfolio, programme and health to the project registry."""
    contribute_columns(
        "projects",
        [
            Column(
                "health",
                label=_("Health"),
                kind="score",
                places=1,
                annotate=_latest("overall"),
                extra={"band": _latest("band")},
                link=_why_url,
                how=_("The computed health of the last run, 0 to 100. Opens the explanation."),
            ),
            Column("health_band", label=_("Computed"), kind="rag", annotate=_latest("band"), choices=Band.choices),
            Column(
                "declared",
                label=_("Declared"),
                kind="rag",
                annotate=_latest("declared"),
                choices=Band.choices,
                how=_("What the project manager declares in the last published report."),
            ),
        ],
        after="name",
        group_by=["health_band", "declared"],
    )
    contribute_columns(
        "projects",
        [
            Column(
                "portfolio",
                label=_("Portfolio"),
                kind="fk",
                model=Portfolio,
                annotate=_portfolio(),
                link=True,
            ),
            Column(
                "programme",
                label=_("Programme"),
                kind="fk",
                model=Programme,
                annotate=_programme,
                link=True,
            ),
        ],
        after="declared",
        default=False,
        group_by=["portfolio", "programme"],
    )
    contribute_columns("projects", [_change()], after="declared", default=False)


def _change() -> Column:
    """Points won or lost since the snapshot before the newest."""
    rows = HealthSnapshot.objects.filter(project_id=OuterRef("pk")).order_by("-date").values("overall")
    difference = ExpressionWrapper(_latest("overall") - Subquery(rows[1:2]), output_field=FloatField())
    return Column(
        "health_change",
        label=_("Change of health"),
        kind="number",
        annotate=difference,
        places=1,
        align="right",
        format=lambda value, row, lang: format_number(value, 1, lang, sign=True),
        how=_("Health of the last run less that of the run before."),
    )
