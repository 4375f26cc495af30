"""Turning a switch."""

from __future__ import annotations

from django.db import transaction

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.features.api import ROW, take
from pmo.core.features.declaration import feature
from pmo.core.features.models import FeatureState, FeatureSwitch
from pmo.core.records.services import create_record, update_record

CHANGE = "core.featureswitch.change"


@transaction.atomic
def switch_feature(*, actor: Actor, key: str, on: bool, reason: str = "") -> FeatureSwitch:
    """Switch a declared feature on or off, with an entry of the audit trail. Raises UnknownFeature, Refused.

    The row of what is off is made from the rows of the switches, so that the two cannot disagree.
    """
    feature(key)
    if not actor.is_system:
        can(actor.user, CHANGE, FeatureSwitch).or_raise()
    row = FeatureSwitch.objects.filter(key=key).first()
    if row is None and not on:
        row = create_record(actor=actor, row=FeatureSwitch(key=key, on=False), reason=reason)
    elif row is not None:
        row = update_record(actor=actor, row=row, values={"on": on}, reason=reason)
    off = ",".join(FeatureSwitch.objects.filter(on=False).order_by("key").values_list("key", flat=True))
    FeatureState.objects.update_or_create(pk=ROW, defaults={"off": off})
    take(off)
    return row or FeatureSwitch(key=key)
