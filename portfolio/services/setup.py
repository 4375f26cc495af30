"""The first start of an installation that begins with its own work: organisation, currency, health model, administrator."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor
from pmo.core.calendars.models import Organisation
from pmo.core.metrics.services import sync_metrics
from pmo.core.money.models import Currency
from pmo.core.people.models import Person, RoleGrant, User
from pmo.core.records.services import create_record
from portfolio.services.health.models import ensure_default_model
from risks.services import ensure_default_matrix, load_taxonomy


@dataclass(frozen=True)
class FirstAdministrator:
    """The login of the PMO administrator and the names of the person behind it."""

    username: str
    password: str
    name_zh: str = ""
    name_en: str = ""


def create_organisation(*, actor: Actor, organisation: Organisation, administrator: FirstAdministrator) -> Organisation:
    """Create the one organisation, its base currency, the default health model and the administrator's login.

    Raises ValidationError where there is an organisation already, or by field.
    """
    if Organisation.objects.exists():
        raise ValidationError(_("There is an organisation already; this installation has room for one."))
    with transaction.atomic():
        create_record(actor=actor, row=organisation)
        code = organisation.base_currency
        if not Currency.objects.filter(code=code).exists():
            create_record(actor=actor, row=Currency(code=code, name_zh=code, name_en=code))
        ensure_default_model(actor=actor)
        sync_metrics(actor=actor)
        ensure_default_matrix(actor=actor)
        load_taxonomy(actor=actor, key="pmi")
        _create_administrator(actor, administrator)
    return organisation


def _create_administrator(actor: Actor, administrator: FirstAdministrator) -> None:
    user = User(username=administrator.username)
    validate_password(administrator.password, user)
    user.set_password(administrator.password)
    user.full_clean()
    user.save(force_insert=True)
    person = Person(
        code=administrator.username,
        name_zh=administrator.name_zh or administrator.username,
        name_en=administrator.name_en or administrator.username,
        user=user,
    )
    create_record(actor=actor, row=person)
    create_record(actor=actor, row=RoleGrant(person=person, role=Role.PMO_ADMIN))
