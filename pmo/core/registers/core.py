"""The registers of the kernel: people, units, roles, logins, money, calendars, jobs, audit, imports."""

from __future__ import annotations

import importlib
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.calendars.models import CalendarException, FiscalPeriod
from pmo.core.imports.models import ImportBatch
from pmo.core.jobs.models import Job
from pmo.core.jobs.queries import visible_jobs
from pmo.core.money.models import Currency, ExchangeRate
from pmo.core.people import services as people
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from pmo.core.registers.audit_register import AUDIT
from pmo.core.registers.declaration import Column, Link, Register, register
from pmo.core.registers.titles import page_title
from pmo.core.web.favourites import register_title_source
from pmo.core.web.nav import NavItem, register_nav

_STATE_TONES = {
    "queued": "quiet",
    "running": "info",
    "done": "good",
    "failed": "bad",
    "cancelled": "quiet",
    "dead": "bad",
}
_IMPORT_TONES = {
    "committed": "good",
    "failed": "bad",
    "committing": "info",
    "undoing": "info",
    "undone": "quiet",
    "previewed": "warn",
}

PEOPLE = Register(
    key="people",
    model=Person,
    group="organisation",
    icon="people",
    order=10,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Person"), primary=True),
        Column("title"),
        Column("unit", link=True, sort="unit__path"),
        Column("line_manager", link=True),
        Column("email"),
        Column("user"),
        Column("updated_at"),
    ],
    default_columns=["code", "name", "title", "unit", "line_manager", "email"],
    default_sort=["code"],
    group_by=["unit", "line_manager", "title"],
    search_fields=["code", "name_zh", "name_en", "email", "title"],
    form_fields=["code", "name_zh", "name_en", "email", "title", "unit", "line_manager", "user"],
    inline_fields=["email", "title", "unit", "line_manager"],
    create=people.create_person,
    update=people.update_person,
    detail_links=[
        Link(
            _("Personal data"),
            lambda row: reverse("privacy-person", kwargs={"pk": row.pk}),
            icon="shield",
            permission="core.personerasure.add",
        )
    ],
    empty=_("Nobody yet. Owners, managers and sponsors are people of this list, with or without a login."),
)
ORG_UNITS = Register(
    key="org-units",
    model=OrgUnit,
    group="organisation",
    icon="tree",
    order=20,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Unit"), primary=True),
        Column("kind"),
        Column("parent", link=True, sort="path"),
        Column("updated_at"),
    ],
    default_columns=["code", "name", "kind", "parent"],
    default_sort=["parent"],
    group_by=["kind", "parent"],
    search_fields=["code", "name_zh", "name_en"],
    form_fields=["code", "name_zh", "name_en", "kind", "parent"],
    inline_fields=["name_zh", "name_en", "kind"],
    create=people.create_unit,
    update=people.update_unit,
    delete=people.delete_unit,
    empty=_("No units yet. Roles granted in a unit hold in everything below it."),
)
ROLE_GRANTS = Register(
    key="role-grants",
    model=RoleGrant,
    group="administration",
    icon="key",
    order=10,
    columns=[
        Column("person", primary=True),
        Column("role"),
        Column("unit", link=True, sort="unit__path"),
        Column("updated_at"),
    ],
    default_columns=["person", "role", "unit", "updated_at"],
    default_sort=["person"],
    group_by=["role", "unit", "person"],
    search_fields=["person__code", "person__name_zh", "person__name_en"],
    form_fields=["person", "role", "unit"],
    inline_fields=["role"],
    select_related=["person"],
    create=people.create_grant,
    update=people.update_grant,
    delete=people.delete_grant,
    empty=_("No role is granted yet."),
)


def _users(user: Any) -> Any:
    """Logins, for those who may see them."""
    from pmo.core.access.api import allowed_q

    return User.objects.filter(allowed_q(user, User, "view")).order_by("username")


USERS = Register(
    key="users",
    model=User,
    group="administration",
    icon="user",
    order=20,
    read_only=True,
    columns=[
        Column("username", label=_("User name"), primary=True),
        Column("person", label=_("Person"), annotate="person", kind="fk", model=Person),
        Column("email", label=_("E-mail")),
        Column("is_active", label=_("Active")),
        Column("is_service"),
        Column("language"),
        Column("last_login", label=_("Last sign-in")),
        Column("date_joined", label=_("Created")),
    ],
    default_columns=["username", "person", "email", "is_active", "language", "last_login"],
    default_sort=["username"],
    group_by=["is_active", "language"],
    search_fields=["username", "email", "person__name_zh", "person__name_en"],
    list_links=[
        Link(_("New login"), lambda request: reverse("user-new"), "plus", permission="core.user.change"),
        Link(_("Invite by mail"), lambda request: reverse("invites"), "send", permission="core.user.change"),
    ],
    empty=_("No logins yet."),
)
CURRENCIES = Register(
    key="currencies",
    model=Currency,
    group="administration",
    icon="money",
    order=30,
    columns=[Column("code", primary=True, width="narrow"), Column("name"), Column("updated_at")],
    default_columns=["code", "name"],
    default_sort=["code"],
    search_fields=["code", "name_zh", "name_en"],
    form_fields=["code", "name_zh", "name_en"],
    inline_fields=["name_zh", "name_en"],
    empty=_("No currencies yet."),
)
EXCHANGE_RATES = Register(
    key="exchange-rates",
    model=ExchangeRate,
    group="administration",
    icon="swap",
    order=31,
    columns=[
        Column("currency", primary=True),
        Column("kind"),
        Column("valid_from_date"),
        Column("rate", places=4),
        Column("source"),
        Column("updated_at"),
    ],
    default_columns=["currency", "kind", "valid_from_date", "rate", "source"],
    default_sort=["currency", "kind", "-valid_from_date"],
    group_by=["currency", "kind"],
    search_fields=["currency", "source"],
    form_fields=["currency", "kind", "valid_from_date", "rate", "source"],
    inline_fields=["valid_from_date", "rate", "source"],
    empty=_("No exchange rates yet. Money in a currency without a rate is not converted and counts as missing."),
)
CALENDAR_EXCEPTIONS = Register(
    key="calendar-exceptions",
    model=CalendarException,
    group="administration",
    icon="calendar",
    order=40,
    columns=[
        Column("day", primary=True),
        Column("name"),
        Column("factor"),
        Column("region"),
        Column("updated_at"),
    ],
    default_columns=["day", "name", "factor", "region"],
    default_sort=["-day"],
    group_by=["region"],
    search_fields=["name_zh", "name_en", "region"],
    form_fields=["day", "factor", "region", "name_zh", "name_en"],
    inline_fields=["factor", "region", "name_zh", "name_en"],
    empty=_("No exceptions yet. Holidays, make-up working days and shortened days belong here."),
)
FISCAL_PERIODS = Register(
    key="fiscal-periods",
    model=FiscalPeriod,
    group="administration",
    icon="calendar",
    order=41,
    columns=[
        Column("code", primary=True),
        Column("starts_on"),
        Column("ends_on"),
        Column("closed"),
        Column("updated_at"),
    ],
    default_columns=["code", "starts_on", "ends_on", "closed"],
    default_sort=["-starts_on"],
    group_by=["closed"],
    search_fields=["code"],
    form_fields=["code", "starts_on", "ends_on", "closed"],
    inline_fields=["closed"],
    empty=_("No fiscal periods yet."),
)


def _job_url(row: Any) -> str:
    """The job's own page."""
    try:
        return reverse("job-detail", kwargs={"uid": row.uid})
    except NoReverseMatch:
        return reverse("register-detail", kwargs={"key": "jobs", "pk": row.pk})


JOBS = Register(
    key="jobs",
    model=Job,
    icon="job",
    read_only=True,
    visible=visible_jobs,
    detail_url=_job_url,
    columns=[
        Column("kind", primary=True),
        Column("state", kind="badge", tones=_STATE_TONES),
        Column("owner_name"),
        Column("done"),
        Column("total"),
        Column("message"),
        Column("attempts"),
        Column("created_at"),
        Column("started_at"),
        Column("finished_at"),
    ],
    default_columns=["kind", "state", "owner_name", "done", "total", "created_at", "finished_at"],
    default_sort=["-created_at"],
    group_by=["kind", "state", "owner_name"],
    search_fields=["kind", "owner_name"],
    state_field="state",
    code_field="",
    empty=_("No jobs yet."),
)
IMPORTS = Register(
    key="imports",
    model=ImportBatch,
    group="administration",
    icon="upload",
    order=71,
    read_only=True,
    code_field="",
    columns=[
        Column("filename", primary=True),
        Column("target"),
        Column("state", kind="badge", tones=_IMPORT_TONES),
        Column("owner"),
        Column("size"),
        Column("as_of"),
        Column("created_at"),
    ],
    default_columns=["filename", "target", "state", "owner", "size", "as_of", "created_at"],
    default_sort=["-created_at"],
    group_by=["target", "state", "owner"],
    search_fields=["filename", "target"],
    state_field="state",
    empty=_("Nothing was imported yet."),
)

ALL = (
    PEOPLE,
    ORG_UNITS,
    ROLE_GRANTS,
    USERS,
    CURRENCIES,
    EXCHANGE_RATES,
    CALENDAR_EXCEPTIONS,
    FISCAL_PERIODS,
    JOBS,
    AUDIT,
    IMPORTS,
)


def declare() -> None:
    """Make all of them known, with the job that exports long ones."""
    importlib.import_module("pmo.core.registers.export_job")
    register_nav(
        NavItem(
            "api-tokens",
            _("API tokens"),
            "token-list",
            "link",
            group="administration",
            order=90,
            features=("api_tokens",),
        )
    )
    for declared in ALL:
        register(declared)
    register_title_source(page_title)
