"""Whether the database holds nothing but the demo: what people did in it since, by register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count
from django.utils.translation import gettext as _

from pmo.core.audit.models import AuditEntry
from pmo.core.ops.demo import demo_logins
from pmo.core.people.models import User


@dataclass(frozen=True)
class Found:
    """Something that the seed did not make."""

    label: Any
    count: int


def has_demo() -> bool:
    """Whether a seed is on the audit trail."""
    return AuditEntry.objects.filter(action="seed").exists()


def other_work() -> list[Found]:
    """Acts of people on the audit trail by register, the most first, and logins of one's own. Three queries.

    The seed and everything the product does by itself have no person behind them and do not count.
    """
    acts = AuditEntry.objects.filter(actor__isnull=False).order_by().values("model").annotate(number=Count("pk"))
    found = [Found(_label(row["model"]), row["number"]) for row in acts]
    found.sort(key=lambda one: -one.count)
    own = User.objects.exclude(username__in=[username for _role, username, _password, _person in demo_logins()]).count()
    return [*found, Found(_("Logins of your own"), own)] if own else found


def _label(model: str) -> str:
    try:
        return str(apps.get_model(model)._meta.verbose_name_plural)
    except (LookupError, ValueError):
        return model
