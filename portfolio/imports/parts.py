"""A project's place in a portfolio and in a programme, contributed to the import of projects."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.imports.standard_fields import PORTFOLIO_FIELDS
from pmo.core.imports.targets import DROP, Directory, Draft, Lookup, Part, Values, contribute_parts
from pmo.core.records.trees import create_many_in_tree
from portfolio.models import Portfolio, PortfolioItem, Programme, ProgrammeItem
from projects.imports.target import names_of

_FIELDS = tuple(one for one in PORTFOLIO_FIELDS if one.key in {"portfolio", "programme"})


def _resolve_portfolio(draft: Draft, lookup: Lookup) -> None:
    """The portfolio that the row names, or that of the programme it names."""
    found = lookup.find(draft, "portfolio", "portfolio")
    placed = draft.stood.get("portfolio")
    if found is None and placed is None and draft.get("programme"):
        programme = lookup.known(draft, "programme", "programme")
        found = lookup.scope_of("programme", programme) if programme is not None else None
    if found is not None:
        draft.ids["portfolio"] = found


def _portfolio(draft: Draft, old: PortfolioItem | None) -> Values | None:
    found = draft.ids.get("portfolio")
    return None if found is None else {"portfolio_id": found}


def _portfolio_after(draft: Draft) -> int | None:
    """The project's portfolio once the row is written."""
    if "portfolio" in draft.ids:
        written: int | None = draft.ids["portfolio"]
        return written
    placed = draft.stood.get("portfolio")
    return None if placed is None else int(placed.portfolio_id)


def _resolve_programme(draft: Draft, lookup: Lookup) -> None:
    portfolio = _portfolio_after(draft)
    found = lookup.find(draft, "programme", "programme", portfolio)
    if found is not None:
        draft.ids["programme"] = found
    placed = draft.stood.get("programme")
    if placed is not None:
        draft.ids["programme_portfolio"] = lookup.scope_of("programme", placed.programme_id) or 0


def _programme(draft: Draft, old: ProgrammeItem | None) -> Any:
    """The programme, which belongs to the project's portfolio; one of another portfolio is left."""
    found = draft.ids.get("programme")
    if found is not None:
        return {"programme_id": found}
    moved = "portfolio" in draft.ids and old is not None and draft.ids["programme_portfolio"] != draft.ids["portfolio"]
    return DROP if moved else None


def contribute() -> None:
    """Called from the app's wiring."""
    contribute_parts(
        "projects",
        fields=_FIELDS,
        parts=[
            Part(
                "portfolio",
                PortfolioItem,
                _portfolio,
                sources={"portfolio_id": "portfolio"},
                owner="project",
                resolve=_resolve_portfolio,
                spoken=("portfolio",),
            ),
            Part(
                "programme",
                ProgrammeItem,
                _programme,
                sources={"programme_id": "programme"},
                owner="project",
                resolve=_resolve_programme,
                spoken=("programme",),
            ),
        ],
        directories=[
            Directory("portfolio", _("Portfolios"), Portfolio, lambda name: Portfolio(**names_of(name))),
            Directory(
                "programme",
                _("Programmes"),
                Programme,
                lambda name: Programme(**names_of(name)),
                scope="portfolio_id",
                save=create_many_in_tree,
            ),
        ],
    )
