"""Whether a feature is on. Signed-in requests know it from the statement that reads their login; nothing else is asked."""

from __future__ import annotations

from typing import Any

from django.db.models import Subquery
from django.utils.translation import gettext as _

from pmo.core.access.decisions import Refused
from pmo.core.features.declaration import feature
from pmo.core.features.models import FeatureState
from pmo.core.kept import keep, kept

ROW = 1
_NAME = "features that are off"


def expression() -> Any:
    """The keys that are off, for another room's statement; NULL where no switch was ever turned."""
    return Subquery(FeatureState.objects.filter(pk=ROW).values("off")[:1])


def take(off: str | None) -> None:
    """Note what came with the login or the token."""
    keep(_NAME, off or "")


def off_keys() -> frozenset[str]:
    """The keys that are off: known from the login in a reading request, else read in one statement."""
    text = kept(_NAME, lambda: FeatureState.objects.filter(pk=ROW).values_list("off", flat=True).first() or "")
    return frozenset(text.split(",")) - {""}


def is_on(key: str) -> bool:
    """Whether the feature is on. Raises UnknownFeature."""
    return feature(key).key not in off_keys()


def reason(key: str) -> str:
    """What a page says where the feature is off."""
    return _("%(feature)s: switched off by the administration of this installation.") % {"feature": feature(key).label}


def require(key: str) -> None:
    """Raise Refused (403 with the reason) where the feature is off."""
    if not is_on(key):
        raise Refused(reason(key))
