"""Suppliers, with what hangs on each of them, and contracts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import BASE_CURRENCY, Column, FieldGroup, Filter, Register, contribute_filters
from pmo.core.registers.values import is_id
from pmo.core.web.formats import format_number
from projects.access import MONEY
from projects.models import Contract, Supplier
from projects.models.choices import ProjectStatus
from projects.queries.suppliers import CONCENTRATED_FROM, in_force, projects_served, qualification, under_contract
from projects.services import suppliers

QUALIFICATIONS = (
    ("expired", pgettext_lazy("supplier", "Expired")),
    ("expiring", pgettext_lazy("supplier", "Expires within 90 days")),
    ("valid", pgettext_lazy("supplier", "Valid")),
    ("open", pgettext_lazy("supplier", "Not dated")),
)
_STANDINGS = {"1_preferred": "good", "2_qualified": "info", "3_trial": "warn", "4_blocked": "bad"}
_STATES = {"draft": "quiet", "active": "info", "closed": "quiet"}


def served_url(row: Any) -> str:
    """The projects in progress that a supplier serves, in the register."""
    url = reverse("register-list", kwargs={"key": "projects"})
    return f"{url}?supplier={row.pk}&status={ProjectStatus.IN_PROGRESS}"


def in_force_url(row: Any) -> str:
    """The active contracts of a supplier, in the register."""
    url = reverse("register-list", kwargs={"key": "contracts"})
    return f"{url}?supplier={row.pk}&state={Contract.State.ACTIVE}"


def _served(value: Any, row: Any, lang: str) -> Any:
    """The number, and in words where so many projects hang on one supplier."""
    del row
    number = format_number(value, 0, lang)
    if value is None or value < CONCENTRATED_FROM:
        return number
    return format_html('<span class="badge badge-amber">{}</span> {}', gettext("Concentration"), number)


def _loads() -> list[tuple[str, str]]:
    return [
        ("1", gettext("%(n)s projects or more") % {"n": CONCENTRATED_FROM}),
        ("0", gettext("Fewer than %(n)s projects") % {"n": CONCENTRATED_FROM}),
    ]


def _concentrated(rows: Any, values: list[str], user: Any) -> Any:
    counted = rows.annotate(served=projects_served(user))
    if values[-1] == "1":
        return counted.filter(served__gte=CONCENTRATED_FROM)
    return counted.filter(served__lt=CONCENTRATED_FROM)


def _served_by(rows: Any, values: list[str], user: Any) -> Any:
    if not all(is_id(value) for value in values):
        raise ValidationError(
            _("%(field)s: %(value)s is not the number of a record.")
            % {"field": _("Supplier"), "value": ", ".join(values)[:200]}
        )
    found = in_force(user).filter(supplier_id__in=[int(value) for value in values], project_id__isnull=False)
    return rows.filter(pk__in=found.order_by().values("project_id"))


def contribute_supplier_filter() -> None:
    """The projects that a supplier serves under active contracts, as a filter of the project registry."""
    contribute_filters("projects", [Filter("supplier", label=_("Supplier"), apply=_served_by, advanced=True)])


SUPPLIERS = Register(
    key="suppliers",
    model=Supplier,
    group="projects",
    icon="truck",
    order=42,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Supplier"), primary=True),
        Column("standing", kind="badge", tones=_STANDINGS),
        Column(
            "qualification",
            label=_("Qualification"),
            kind="badge",
            annotate=qualification,
            choices=QUALIFICATIONS,
            tones={"expired": "bad", "expiring": "warn", "valid": "good", "open": "quiet"},
            how=_("From the date of expiry: before today expired, within 90 days expiring, else valid."),
        ),
        Column("qualified_on"),
        Column("qualified_until"),
        Column(
            "projects_served",
            label=_("Projects served"),
            kind="number",
            places=0,
            annotate=projects_served,
            link=served_url,
            format=_served,
            align="right",
            how=_("Projects in progress with an active contract of this supplier, of those you may see."),
        ),
        Column(
            "under_contract",
            label=_("Under contract"),
            kind="money",
            annotate=under_contract,
            currency=BASE_CURRENCY,
            sum=True,
            link=in_force_url,
            how=_("Amounts of the active contracts at today's closing rates, of those whose money you may see."),
        ),
        Column("backup_for", link=True),
        Column("country"),
        Column("contact"),
        Column("email"),
        Column("website"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "name",
        "standing",
        "qualification",
        "qualified_until",
        "projects_served",
        "under_contract",
        "backup_for",
    ],
    default_sort=["standing", "code"],
    group_by=["standing", "qualification", "country"],
    search_fields=["code", "name_zh", "name_en", "contact", "note"],
    form_fields=[
        "code",
        "name_zh",
        "name_en",
        "standing",
        "qualified_on",
        "qualified_until",
        "backup_for",
        "country",
        "contact",
        "email",
        "website",
        "note",
    ],
    inline_fields=["standing", "qualified_on", "qualified_until", "backup_for", "country", "contact"],
    field_groups=[
        FieldGroup(_("Identity"), ("code", "name_zh", "name_en", "country")),
        FieldGroup(_("Qualification"), ("standing", "qualified_on", "qualified_until", "backup_for")),
        FieldGroup(_("Contact"), ("contact", "email", "website", "note")),
    ],
    added_filters=[Filter("concentrated", label=_("Concentration"), choices=_loads, apply=_concentrated)],
    detail_fields=["note"],
    state_field="standing",
    delete=suppliers.delete_supplier,
    empty=_("No suppliers yet. Add who delivers to your projects, and until when they are qualified."),
    description=_(
        "Who delivers to the organisation, how many projects hang on each, and whether the qualification holds."
    ),
)

CONTRACTS = Register(
    key="contracts",
    model=Contract,
    group="projects",
    icon="file",
    order=43,
    columns=[
        Column("code", width="narrow"),
        Column("title", primary=True, width="wide"),
        Column("supplier", link=True, sort="supplier__code"),
        Column("project", link=True, sort="project__code"),
        Column("kind"),
        Column("amount", permission=MONEY, sum=True),
        Column("currency"),
        Column("starts_on"),
        Column("ends_on"),
        Column("state", kind="badge", tones=_STATES),
        Column("updated_at"),
    ],
    default_columns=["code", "title", "supplier", "project", "kind", "amount", "starts_on", "ends_on", "state"],
    default_sort=["code"],
    group_by=["supplier", "project", "kind", "state", "currency"],
    search_fields=[
        "code",
        "title",
        "description",
        "supplier__code",
        "supplier__name_zh",
        "supplier__name_en",
        "project__code",
        "project__name_zh",
        "project__name_en",
    ],
    form_fields=[
        "code",
        "title",
        "supplier",
        "project",
        "kind",
        "amount",
        "currency",
        "starts_on",
        "ends_on",
        "state",
        "description",
        "note",
    ],
    inline_fields=["kind", "amount", "starts_on", "ends_on", "state"],
    detail_fields=["description", "note"],
    state_field="state",
    update=suppliers.update_contract,
    empty=_("No contracts yet. Add what was let to a supplier, for which project and until when."),
    description=_("What suppliers deliver for which project, for how much and until when."),
)
