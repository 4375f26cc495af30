"""Portfolios, programmes and who belongs to them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.records.trees import create_in_tree, update_in_tree
from pmo.core.registers.declaration import Column, Link, Register
from portfolio.models import BandOverride, Portfolio, PortfolioItem, PortfolioMember, Programme, ProgrammeItem
from portfolio.services import members

_PROJECT = Column("project", link=True, sort="project__code", primary=True)
_PORTFOLIO = Column("portfolio", link=True, sort="portfolio__code")


def _rollups(name: str) -> Link:
    """The way to the reports that roll up a portfolio or programme."""
    return Link(
        _("Roll-up reports"),
        lambda row: f"{reverse('register-list', kwargs={'key': 'rollup-reports'})}?{name}={row.pk}",
        icon="file",
        permission="portfolio.rollupreport.view",
    )


def _write_rollup(name: str) -> Link:
    """The way to the next report of a portfolio or programme, or to its open draft."""
    return Link(
        _("Write a roll-up report"),
        lambda row: f"{reverse('rollup-new')}?{name}={row.pk}",
        icon="edit",
        permission="portfolio.rollupreport.add",
    )


_PROJECT_SEARCH = ("project__code", "project__name_zh", "project__name_en")

PORTFOLIOS = Register(
    key="portfolios",
    model=Portfolio,
    group="portfolio",
    icon="grid",
    order=30,
    columns=[
        Column("code"),
        Column("name", label=_("Portfolio"), primary=True),
        Column("owner"),
        Column("unit", sort="unit__path"),
        Column("cycle"),
        Column("risk_matrix", link=True),
        Column("updated_at"),
    ],
    default_columns=["code", "name", "owner", "unit", "cycle"],
    default_sort=["code"],
    group_by=["unit", "cycle", "owner"],
    search_fields=["code", "name_zh", "name_en", "purpose"],
    form_fields=["code", "name_zh", "name_en", "purpose", "owner", "unit", "cycle", "risk_matrix"],
    inline_fields=["owner", "unit", "cycle"],
    detail_fields=["purpose"],
    detail_links=[_rollups("portfolio"), _write_rollup("portfolio")],
    empty=_("No portfolios yet. A portfolio is a set of projects decided on together."),
)
PROGRAMMES = Register(
    key="programmes",
    model=Programme,
    group="portfolio",
    icon="swap",
    order=40,
    columns=[
        Column("code"),
        Column("name", label=_("Programme"), primary=True),
        _PORTFOLIO,
        Column("parent", link=True, sort="path"),
        Column("manager"),
        Column("updated_at"),
    ],
    default_columns=["code", "name", "portfolio", "parent", "manager"],
    default_sort=["code"],
    group_by=["portfolio", "parent", "manager"],
    search_fields=["code", "name_zh", "name_en", "outcome"],
    form_fields=["code", "name_zh", "name_en", "portfolio", "parent", "manager", "outcome"],
    inline_fields=["manager"],
    detail_fields=["outcome"],
    detail_links=[_rollups("programme"), _write_rollup("programme")],
    create=create_in_tree,
    update=update_in_tree,
    empty=_("No programmes yet. A programme joins projects that reach one outcome together."),
)
PORTFOLIO_ITEMS = Register(
    key="portfolio-items",
    model=PortfolioItem,
    group="portfolio",
    icon="link",
    order=50,
    columns=[_PORTFOLIO, _PROJECT, Column("critical"), Column("updated_at")],
    default_columns=["portfolio", "project", "critical"],
    default_sort=["portfolio", "project"],
    group_by=["portfolio", "critical"],
    search_fields=_PROJECT_SEARCH,
    form_fields=["portfolio", "project", "critical"],
    inline_fields=["portfolio", "critical"],
    empty=_("No project is in a portfolio yet. Every project belongs to exactly one."),
)
PROGRAMME_ITEMS = Register(
    key="programme-items",
    model=ProgrammeItem,
    group="portfolio",
    icon="link",
    order=60,
    columns=[Column("programme", link=True, sort="programme__code"), _PROJECT, Column("updated_at")],
    default_columns=["programme", "project"],
    default_sort=["programme", "project"],
    group_by=["programme"],
    search_fields=_PROJECT_SEARCH,
    form_fields=["programme", "project"],
    inline_fields=["programme"],
    empty=_("No project is in a programme yet. A project belongs to one programme at most."),
)
PORTFOLIO_MEMBERS = Register(
    key="portfolio-members",
    model=PortfolioMember,
    group="portfolio",
    icon="people",
    order=70,
    columns=[_PORTFOLIO, Column("person", primary=True), Column("role"), Column("updated_at")],
    default_columns=["portfolio", "person", "role"],
    default_sort=["portfolio"],
    group_by=["portfolio", "role", "person"],
    search_fields=["person__name_zh", "person__name_en", "person__code"],
    form_fields=["portfolio", "person", "role"],
    inline_fields=["role"],
    create=members.create_member,
    update=members.update_member,
    restore=members.restore_member,
    empty=_("No members yet. A role given here holds in all projects of the portfolio."),
)
OVERRIDES = Register(
    key="band-overrides",
    model=BandOverride,
    group="portfolio",
    icon="edit",
    order=80,
    columns=[
        _PORTFOLIO,
        Column("band", kind="rag", primary=True),
        Column("reason", width="wide"),
        Column("starts_on"),
        Column("ends_on"),
        Column("decided_by"),
    ],
    default_sort=["-starts_on"],
    group_by=["portfolio", "band"],
    search_fields=["reason"],
    form_fields=["portfolio", "band", "reason", "starts_on", "ends_on", "decided_by"],
    inline_fields=["ends_on"],
    empty=_(
        "No overrides. A portfolio is never greener than its worst critical project unless somebody with the right writes down why."
    ),
)
