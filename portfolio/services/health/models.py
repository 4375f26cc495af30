"""Publishing versions of the health model. A version never changes; a new one holds from its day on."""

from __future__ import annotations

import dataclasses
import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import create_record, delete_record
from portfolio.calc.health import HealthModelSpec, default_model
from portfolio.models import HealthModel
from portfolio.services.health.messages import model_messages

FROM_THE_BEGINNING = datetime.date(2000, 1, 1)


def ensure_default_model(*, actor: Actor = SYSTEM) -> HealthModel:
    """The first version, made from the default rules where there is none; it holds for every day before the second."""
    first: HealthModel | None = HealthModel.all_objects.order_by("number").first()
    if first is not None:
        return first
    spec = default_model()
    row = HealthModel(number=spec.version, valid_from=FROM_THE_BEGINNING, spec=spec.to_dict(), note=_("Initial rules."))
    return create_record(actor=actor, row=row, day=FROM_THE_BEGINNING)


def publish_model(
    *, actor: Actor, spec: HealthModelSpec, valid_from: datetime.date, note: str, today: datetime.date | None = None
) -> HealthModel:
    """Publish the rules as the next version, in force from `valid_from`.

    Raises ValidationError with a message per field of the rules, `valid_from` and `note`. A day gone by is refused: its
    snapshots were computed under the version that held then. So is a day before a version that is already published.
    """
    day = today or org_today()
    with transaction.atomic():
        ensure_default_model(actor=actor)
        newest = HealthModel.objects.select_for_update().order_by("-number")[0]
        _check(spec, valid_from, note, day, newest)
        number = (HealthModel.all_objects.aggregate(top=Max("number"))["top"] or 0) + 1
        rules = dataclasses.replace(spec, version=number).to_dict()
        row = HealthModel(number=number, valid_from=valid_from, spec=rules, note=note.strip())
        return create_record(actor=actor, row=row, reason=note.strip(), day=day)


def _check(
    spec: HealthModelSpec, valid_from: datetime.date, note: str, day: datetime.date, newest: HealthModel
) -> None:
    errors = model_messages(spec.validate())
    if not note.strip():
        errors["note"] = [_("Say what changed and why.")]
    if valid_from < day:
        errors["valid_from"] = [
            _("Received %(received)s, expected %(today)s or later: past days keep the rules they were computed with.")
            % {"received": valid_from.isoformat(), "today": day.isoformat()}
        ]
    elif valid_from < newest.valid_from:
        errors["valid_from"] = [
            _("Version %(number)s is published from %(day)s: choose that day or a later one, or withdraw it first.")
            % {"number": newest.number, "day": newest.valid_from.isoformat()}
        ]
    if errors:
        raise ValidationError(errors)


def withdraw_model(*, actor: Actor, model: HealthModel, reason: str = "", today: datetime.date | None = None) -> None:
    """Take back a version whose first day has not come yet. Raises ValidationError once it is in force."""
    if model.valid_from <= (today or org_today()):
        message = _("Version %(number)s is in force and stays on file; publish a new one.")
        raise ValidationError(message % {"number": model.number})
    delete_record(actor=actor, row=model, expected_version=model.version, reason=reason)
