"""Skills, who has them, and certificates with their expiry."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case, CharField, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.calendars.queries import org_today
from pmo.core.registers.declaration import Column, Register
from resources.models import Certificate, PersonSkill, Skill
from resources.registers.common import PERSON, PERSON_SEARCH, UNIT
from resources.services.pool import update_of_person

EXPIRING_DAYS = 90
CERTIFICATE_STATES = (
    ("expired", pgettext_lazy("certificate", "Expired")),
    ("expiring", pgettext_lazy("certificate", "Expires within 90 days")),
    ("valid", pgettext_lazy("certificate", "Valid")),
)


def certificate_state(user: Any) -> Case:
    """Expired, expiring within `EXPIRING_DAYS` days, or valid, by the organisation's today."""
    del user
    today = org_today()
    soon = today + datetime.timedelta(days=EXPIRING_DAYS)
    return Case(
        When(Q(expires_on__lt=today), then=Value("expired")),
        When(Q(expires_on__lte=soon), then=Value("expiring")),
        default=Value("valid"),
        output_field=CharField(),
    )


SKILLS = Register(
    key="skills",
    model=Skill,
    group="resources",
    icon="star",
    order=72,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Skill"), primary=True),
        Column("category"),
    ],
    default_sort=["category", "code"],
    group_by=["category"],
    search_fields=["code", "name_zh", "name_en"],
    form_fields=["code", "name_zh", "name_en", "category"],
    inline_fields=["category"],
    empty=_("No skills yet. Name what people are searched by."),
)

PERSON_SKILLS = Register(
    key="person-skills",
    model=PersonSkill,
    group="resources",
    icon="trophy",
    order=40,
    columns=[
        Column("person", primary=True, sort="person__code"),
        UNIT,
        Column("skill", link=True),
        Column("skill__category", label=_("Category")),
        Column("level"),
        Column("assessed_on"),
    ],
    default_sort=["skill", "-level"],
    group_by=["skill", "skill__category", "person__unit", "person", "level"],
    search_fields=[*PERSON_SEARCH, "skill__name_zh", "skill__name_en"],
    form_fields=["person", "skill", "level", "assessed_on"],
    inline_fields=["level", "assessed_on"],
    update=update_of_person,
    empty=_("No skills recorded yet. Record who can do what, and how well."),
    description=_("Who can do what: filter by skill and level to find somebody."),
)

CERTIFICATES = Register(
    key="certificates",
    model=Certificate,
    group="resources",
    icon="shield",
    order=42,
    columns=[
        Column("name", primary=True),
        PERSON,
        UNIT,
        Column("body"),
        Column("number"),
        Column("issued_on"),
        Column("expires_on"),
        Column(
            "state",
            label=_("Status"),
            kind="badge",
            annotate=certificate_state,
            choices=CERTIFICATE_STATES,
            tones={"expired": "bad", "expiring": "warn", "valid": "good"},
            how=_("From the date of expiry: before today expired, within 90 days expiring, else valid."),
        ),
    ],
    default_sort=["expires_on"],
    group_by=["person__unit", "person", "body", "state"],
    search_fields=["name", "body", "number", *PERSON_SEARCH],
    form_fields=["person", "name", "body", "number", "issued_on", "expires_on"],
    inline_fields=["number", "issued_on", "expires_on"],
    update=update_of_person,
    empty=_("No certificates yet. Record those a project or a law asks for, with their expiry."),
    description=_("Certificates of people; the expired and the expiring come first."),
)
