"""What the kernel's rooms say on the overview of the administration."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pmo.core.access.roles import Role
from pmo.core.administration.cards import BAD, Alert, Card, Link, Numbers, State, address, register_card, register_url
from pmo.core.calendars.models import CalendarException, FiscalPeriod
from pmo.core.calendars.queries import org_today, organisation
from pmo.core.custom_fields.models import CustomField, LookupTable, LookupValue
from pmo.core.imports.models import ImportBatch, ImportMapping
from pmo.core.money.models import Currency, ExchangeRate
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from pmo.core.people.names import localised
from pmo.core.sign_in.models import Session, SignInLimit

# From this month on the holidays of the next year should be known.
NEXT_YEAR_FROM = 9


def _register(key: str, label: Any, query: str = "") -> Link:
    return Link(label, "register-list", {"key": key}, query)


# -- people and access ----------------------------------------------------------------------------


def _people_counts() -> dict[str, Any]:
    people = Person.objects.all()
    return {
        "people": people,
        "people_login": people.filter(user__isnull=False),
        "people_locked": people.filter(user__is_active=False),
        "people_no_unit": people.filter(unit__isnull=True),
    }


def _people(n: Numbers, user: Any) -> State:
    text = _("%(people)s people, %(logins)s with a login, %(locked)s of them switched off") % {
        "people": n["people"],
        "logins": n["people_login"],
        "locked": n["people_locked"],
    }
    alerts = []
    if n["people_no_unit"]:
        told = ngettext(
            "%(count)s person belongs to no unit", "%(count)s people belong to no unit", n["people_no_unit"]
        )
        alerts.append(Alert(told % {"count": n["people_no_unit"]}, register_url("people", "?unit__isnull=true")))
    return State([text], alerts)


def _user_counts() -> dict[str, Any]:
    users, now = User.objects.filter(is_active=True), timezone.now()
    return {
        "users": users,
        "users_never": users.filter(last_login__isnull=True),
        "users_nobody": users.filter(person__isnull=True, is_service=False),
        "users_service": users.filter(is_service=True),
        "users_locked": SignInLimit.objects.filter(
            kind=SignInLimit.Kind.ACCOUNT, locked_until__gt=now, user__isnull=False
        ),
        "sessions": Session.objects.filter(expire_date__gt=now, user__isnull=False),
    }


def _users(n: Numbers, user: Any) -> State:
    lines = [
        ngettext("%(count)s active login", "%(count)s active logins", n["users"]) % {"count": n["users"]},
        _("%(never)s never signed in, %(service)s service accounts, %(sessions)s open sessions")
        % {"never": n["users_never"], "service": n["users_service"], "sessions": n["sessions"]},
    ]
    alerts = []
    if n["users_locked"]:
        told = ngettext(
            "%(count)s account is locked after failed sign-ins",
            "%(count)s accounts are locked after failed sign-ins",
            n["users_locked"],
        )
        alerts.append(Alert(told % {"count": n["users_locked"]}, register_url("users")))
    if n["users_nobody"]:
        told = ngettext(
            "%(count)s login belongs to no person and holds no role",
            "%(count)s logins belong to no person and hold no role",
            n["users_nobody"],
        )
        alerts.append(Alert(told % {"count": n["users_nobody"]}, register_url("users")))
    return State(lines, alerts)


def _role_counts() -> dict[str, Any]:
    grants = RoleGrant.objects.filter(person__deleted_at__isnull=True)
    admins = grants.filter(role=Role.PMO_ADMIN, unit__isnull=True, person__user__is_active=True)
    return {
        "grants": grants,
        "grants_units": grants.filter(unit__isnull=False),
        "admins": admins,
    }


def _roles(n: Numbers, user: Any) -> State:
    lines = [
        _("%(grants)s roles granted, %(units)s of them in a unit")
        % {"grants": n["grants"], "units": n["grants_units"]},
        ngettext("%(count)s PMO administrator", "%(count)s PMO administrators", n["admins"]) % {"count": n["admins"]},
    ]
    alerts = []
    if n["admins"] < 2:
        told = _("Only %(count)s person can administer: grant the role to a second one") % {"count": n["admins"]}
        alerts.append(Alert(told, register_url("role-grants", f"?role={Role.PMO_ADMIN.value}")))
    return State(lines, alerts)


# -- organisation ---------------------------------------------------------------------------------


def _organisation(n: Numbers, user: Any) -> State:
    row = organisation()
    lines = [
        localised(row.name_zh, row.name_en),
        _("%(zone)s, %(currency)s, fiscal year from month %(month)s, nightly run %(time)s")
        % {
            "zone": row.time_zone,
            "currency": row.base_currency,
            "month": row.fiscal_start_month,
            "time": f"{row.nightly_time:%H:%M}",
        },
    ]
    alerts = [] if row.pk else [Alert(_("The organisation has no name yet"), address("organisation-settings"), BAD)]
    return State(lines, alerts)


def _unit_counts() -> dict[str, Any]:
    return {"units": OrgUnit.objects.all(), "units_top": OrgUnit.objects.filter(parent__isnull=True)}


def _units(n: Numbers, user: Any) -> State:
    return State([_("%(units)s units, %(top)s at the top") % {"units": n["units"], "top": n["units_top"]}])


def _calendar_counts() -> dict[str, Any]:
    year = org_today().year
    rows = CalendarException.objects.all()
    return {
        "days_this": rows.filter(day__year=year, region=""),
        "days_next": rows.filter(day__year=year + 1, region=""),
        "days_regions": rows.exclude(region=""),
    }


def _calendar(n: Numbers, user: Any) -> State:
    today = org_today()
    lines = [
        _("%(count)s exceptions in %(year)s, %(next)s in %(following)s")
        % {"count": n["days_this"], "year": today.year, "next": n["days_next"], "following": today.year + 1}
    ]
    if n["days_regions"]:
        lines.append(
            ngettext("%(count)s day of a region", "%(count)s days of regions", n["days_regions"])
            % {"count": n["days_regions"]}
        )
    alerts = []
    for year, count, tone in ((today.year, n["days_this"], BAD), (today.year + 1, n["days_next"], "warn")):
        if not count and (year == today.year or today.month >= NEXT_YEAR_FROM):
            told = _("The calendar of %(year)s has no holidays: too many days count as working days") % {"year": year}
            alerts.append(Alert(told, address("working-calendar", query=f"?year={year}"), tone))
    return State(lines, alerts)


def _money_counts() -> dict[str, Any]:
    today = org_today()
    return {
        "currencies": Currency.objects.all(),
        "rates": ExchangeRate.objects.all(),
        "rates_year": ExchangeRate.objects.filter(valid_from_date__gte=today - datetime.timedelta(days=366)),
    }


def _money(n: Numbers, user: Any) -> State:
    lines = [_("%(currencies)s currencies, %(rates)s rates") % {"currencies": n["currencies"], "rates": n["rates"]}]
    alerts = []
    if n["currencies"] > 1 and not n["rates_year"]:
        told = _("No exchange rate is younger than a year")
        alerts.append(Alert(told, register_url("exchange-rates")))
    return State(lines, alerts)


def _fiscal_counts() -> dict[str, Any]:
    today, rows = org_today(), FiscalPeriod.objects.all()
    return {
        "periods": rows,
        "periods_open": rows.filter(closed=False),
        "periods_now": rows.filter(starts_on__lte=today, ends_on__gte=today),
    }


def _fiscal(n: Numbers, user: Any) -> State:
    lines = [_("%(periods)s periods, %(open)s open") % {"periods": n["periods"], "open": n["periods_open"]}]
    alerts = []
    if n["periods"] and not n["periods_now"]:
        alerts.append(Alert(_("Today lies in no fiscal period"), register_url("fiscal-periods")))
    return State(lines, alerts)


# -- rules and data -------------------------------------------------------------------------------


def _lookup_counts() -> dict[str, Any]:
    return {
        "fields": CustomField.objects.filter(active=True),
        "tables": LookupTable.objects.all(),
        "values": LookupValue.objects.all(),
    }


def _lookups(n: Numbers, user: Any) -> State:
    text = _("%(fields)s custom fields in use, %(tables)s lookup tables with %(values)s values")
    return State([text % {"fields": n["fields"], "tables": n["tables"], "values": n["values"]}])


def _import_counts() -> dict[str, Any]:
    state = ImportBatch.State
    rows = ImportBatch.objects.all()
    return {
        "imports": rows.filter(state=state.COMMITTED),
        "imports_failed": rows.filter(state=state.FAILED),
        "mappings": ImportMapping.objects.all(),
    }


def _imports(n: Numbers, user: Any) -> State:
    lines = [
        _("%(imports)s imports, %(mappings)s kept mappings") % {"imports": n["imports"], "mappings": n["mappings"]}
    ]
    alerts = []
    if n["imports_failed"]:
        told = ngettext("%(count)s import was interrupted", "%(count)s imports were interrupted", n["imports_failed"])
        alerts.append(Alert(told % {"count": n["imports_failed"]}, register_url("imports", "?state=failed"), BAD))
    return State(lines, alerts)


# -- made known -----------------------------------------------------------------------------------


def declare() -> None:
    """The kernel's cards, those of the system beside them."""
    from pmo.core.administration import system_cards

    register_card(
        Card("people", "people", gettext_lazy("People"), "people", _register("people", ""), _people, _people_counts, order=10),
        Card(
            "users",
            "people",
            gettext_lazy("Users and sign-in"),
            "user",
            _register("users", ""),
            _users,
            _user_counts,
            (
                Link(gettext_lazy("Invitations"), "invites"),
                Link(gettext_lazy("Service accounts"), "service-accounts"),
                Link(gettext_lazy("API tokens"), "token-list"),
            ),
            20,
        ),
        Card(
            "roles",
            "people",
            gettext_lazy("Roles"),
            "key",
            Link("", "role-matrix"),
            _roles,
            _role_counts,
            (_register("role-grants", gettext_lazy("Role grants")), Link(gettext_lazy("Why may somebody do something?"), "access-why")),
            30,
        ),
        Card(
            "organisation", "organisation", gettext_lazy("Organisation settings"), "gear", Link("", "organisation-settings"),
            _organisation, order=10,
        ),
        Card("units", "organisation", gettext_lazy("Units"), "tree", _register("org-units", ""), _units, _unit_counts, order=20),
        Card(
            "calendar", "organisation", gettext_lazy("Working calendar"), "calendar", Link("", "working-calendar"), _calendar,
            _calendar_counts, (_register("calendar-exceptions", gettext_lazy("All exceptions")),), 30,
        ),
        Card(
            "money", "organisation", gettext_lazy("Currencies and rates"), "money", _register("exchange-rates", ""), _money,
            _money_counts, (_register("currencies", gettext_lazy("Currencies")),), 40,
        ),
        Card(
            "fiscal", "organisation", gettext_lazy("Fiscal periods"), "calendar", _register("fiscal-periods", ""), _fiscal,
            _fiscal_counts, order=50,
        ),
        Card(
            "lookups", "rules", gettext_lazy("Fields and lookups"), "list", Link("", "lookups"), _lookups, _lookup_counts,
            (_register("custom-fields", gettext_lazy("Custom fields")),), 30,
        ),
        Card(
            "imports", "data", gettext_lazy("Imports"), "upload", Link("", "import-list"), _imports, _import_counts,
            (Link(gettext_lazy("Import mappings"), "import-mappings"),), 10,
        ),
    )  # fmt: skip
    system_cards.declare()
