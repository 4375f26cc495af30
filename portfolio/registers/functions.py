"""Business functions, and what programmes serve, use and are judged by."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.records.trees import create_in_tree, update_in_tree
from pmo.core.registers.addresses import changed
from pmo.core.registers.declaration import Column, Register, contribute_columns
from pmo.core.web.formats import format_number
from portfolio.models import (
    BusinessFunction,
    ProgrammeContract,
    ProgrammeFunction,
    ProgrammeMeasure,
    ProgrammeSupplier,
)
from projects.access import MONEY

_PROGRAMME = Column("programme", link=True, sort="programme__code")
_PROGRAMME_SEARCH = ("programme__code", "programme__name_zh", "programme__name_en")
_RESULTS = {"1_met": "good", "2_not_met": "bad", "3_not_yet": "quiet"}


def _programmes_by(model: Any, field: str) -> Any:
    """How many programmes the user sees linked to a row, as one subquery."""

    def expression(user: Any) -> Any:
        rows = model.objects.visible_to(user).filter(**{f"{field}_id": OuterRef("pk")})
        counted = rows.order_by().values(f"{field}_id").annotate(linked=Count("pk")).values("linked")
        return Coalesce(Subquery(counted), 0, output_field=IntegerField())

    return expression


def _programmes(model: Any, field: str, key: str) -> Column:
    return Column(
        "programmes_linked",
        label=_("Programmes"),
        kind="number",
        places=0,
        annotate=_programmes_by(model, field),
        link=lambda row: f"{reverse('register-list', kwargs={'key': key})}?{field}={row.pk}",
        align="right",
        how=_("Programmes linked to it, of those you may see."),
    )


FUNCTIONS = Register(
    key="business-functions",
    model=BusinessFunction,
    group="portfolio",
    icon="tree",
    order=62,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Business function"), primary=True, width="wide"),
        Column("kind"),
        Column("parent", link=True, sort="path"),
        _programmes(ProgrammeFunction, "function", "programme-functions"),
        Column("updated_at"),
    ],
    default_columns=["code", "name", "kind", "parent", "programmes_linked"],
    default_sort=["code"],
    group_by=["kind", "parent"],
    search_fields=["code", "name_zh", "name_en", "note"],
    form_fields=["code", "name_zh", "name_en", "kind", "parent", "note"],
    inline_fields=["kind"],
    detail_fields=["note"],
    create=create_in_tree,
    update=update_in_tree,
    empty=_("No business functions yet. Areas hold the functions and services that programmes serve."),
    description=_("What the organisation does, and how many programmes serve each part of it."),
)


def _judged(state: Any, rows: Any) -> SafeString:
    """How many of the measures were met, each figure leading to its rows. One statement."""
    found = dict(rows.order_by().values_list("result").annotate(rows=Count("pk")))

    def part(result: str) -> SafeString:
        figure = conditional_escape(format_number(found.get(result, 0)))
        if not found.get(result):
            return figure
        return format_html('<a href="{}">{}</a>', changed(state.params, result=result, page=None), figure)

    result = ProgrammeMeasure.Result
    told = {"met": part(result.MET), "not_met": part(result.NOT_MET), "open": part(result.NOT_YET)}
    told["judged"] = conditional_escape(format_number(found.get(result.MET, 0) + found.get(result.NOT_MET, 0)))
    sentence = translated("Met: %(met)s of %(judged)s judged; not met: %(not_met)s; not judged yet: %(open)s.")
    return mark_safe(sentence % told)  # noqa: S308  the figures are escaped, the sentence is ours


MEASURES = Register(
    key="programme-measures",
    model=ProgrammeMeasure,
    group="portfolio",
    icon="target",
    order=64,
    columns=[
        Column("code", width="narrow"),
        _PROGRAMME,
        Column("description", primary=True, width="wide"),
        Column("category"),
        Column("target"),
        Column("result", kind="badge", tones=_RESULTS),
        Column("updated_at"),
    ],
    default_columns=["code", "programme", "description", "category", "target", "result"],
    default_sort=["programme", "code"],
    group_by=["programme", "category", "result"],
    search_fields=["code", "description", "category", "target", *_PROGRAMME_SEARCH],
    form_fields=["programme", "code", "description", "category", "target", "result"],
    inline_fields=["category", "target", "result"],
    state_field="result",
    empty=_("No measures yet. Say by what a programme is judged, and what it shall reach."),
    description=_("By what each programme is judged, and whether it reached that."),
    lead=_judged,
)

PROGRAMME_FUNCTIONS = Register(
    key="programme-functions",
    model=ProgrammeFunction,
    group="portfolio",
    icon="link",
    order=66,
    columns=[
        _PROGRAMME,
        Column("function", link=True, sort="function__code", primary=True),
        Column("function__kind", label=_("Kind")),
        Column("updated_at"),
    ],
    default_columns=["programme", "function", "function__kind"],
    default_sort=["programme", "function"],
    group_by=["programme", "function"],
    search_fields=[*_PROGRAMME_SEARCH, "function__code", "function__name_zh", "function__name_en"],
    form_fields=["programme", "function"],
    inline_fields=["function"],
    empty=_("No programme serves a business function yet. Link them here."),
    description=_("Which programmes serve which business functions."),
)

PROGRAMME_CONTRACTS = Register(
    key="programme-contracts",
    model=ProgrammeContract,
    group="portfolio",
    icon="link",
    order=67,
    columns=[
        _PROGRAMME,
        Column("contract", link=True, sort="contract__code", primary=True),
        Column("contract__supplier", label=_("Supplier"), link=True, sort="contract__supplier__code"),
        Column(
            "amount",
            label=_("Amount"),
            kind="money",
            annotate=F("contract__amount"),
            permission=MONEY,
            currency="contract__currency",
            sum=True,
        ),
        Column("contract__state", label=_("Status"), kind="badge", tones={"active": "info"}),
        Column("updated_at"),
    ],
    default_columns=["programme", "contract", "contract__supplier", "amount", "contract__state"],
    default_sort=["programme", "contract"],
    group_by=["programme"],
    search_fields=[*_PROGRAMME_SEARCH, "contract__code", "contract__title"],
    form_fields=["programme", "contract"],
    inline_fields=["contract"],
    empty=_("No programme uses a contract yet. Link them here."),
    description=_("Which contracts each programme uses, from whom and for how much."),
)

PROGRAMME_SUPPLIERS = Register(
    key="programme-suppliers",
    model=ProgrammeSupplier,
    group="portfolio",
    icon="link",
    order=68,
    columns=[
        _PROGRAMME,
        Column("supplier", link=True, sort="supplier__code", primary=True),
        Column("supplier__standing", label=pgettext_lazy("supplier", "Standing")),
        Column("supplier__qualified_until", label=_("Qualified until")),
        Column("updated_at"),
    ],
    default_columns=["programme", "supplier", "supplier__standing", "supplier__qualified_until"],
    default_sort=["programme", "supplier"],
    group_by=["programme", "supplier"],
    search_fields=[*_PROGRAMME_SEARCH, "supplier__code", "supplier__name_zh", "supplier__name_en"],
    form_fields=["programme", "supplier"],
    inline_fields=["supplier"],
    empty=_("No programme relies on a supplier yet. Link them here."),
    description=_("Which suppliers each programme relies on, and how they stand."),
)


def contribute_supplier_columns() -> None:
    """How many programmes rely on each supplier."""
    shown = _programmes(ProgrammeSupplier, "supplier", "programme-suppliers")
    contribute_columns("suppliers", [shown], after="projects_served")
