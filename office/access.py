"""Which roles hold the office's permissions, and who may sign a charter."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from office.models import PMOCharter
from pmo.core.access.decisions import YES, Decision
from pmo.core.access.grants import grants_of
from pmo.core.access.roles import EVERYBODY, WHOLE_PMO, Role, allow

ASSESS = "office.typeassessment.add"


def declare_roles() -> None:
    """Everybody reads profile, charters, rights and metrics; the PMO administrator (who holds everything) writes."""
    allow(
        EVERYBODY,
        "office.pmounit.view",
        "office.pmocharter.view",
        "core.decisionright.view",
        "core.metricdefinition.view",
    )
    allow({Role.PMO_ANALYST, Role.EXECUTIVE, Role.AUDITOR}, "office.typeassessment.view")
    allow(
        WHOLE_PMO, ASSESS, "core.metricdefinition.add", "core.metricdefinition.change", "core.metricdefinition.delete"
    )


def may_sign(user: Any, charter: PMOCharter, part: str) -> Decision:
    """May the user sign this part? Only the person whom the charter names, once, and only a draft."""
    label = PMOCharter.Part(part).label
    signer = getattr(charter, part)
    if charter.state != PMOCharter.State.DRAFT:
        return Decision(False, _("This charter is signed; a change needs a new revision."))
    if signer is None:
        return Decision(False, _("The charter names nobody who signs as %(part)s.") % {"part": label})
    if grants_of(user).person_id != signer.pk:
        return Decision(False, _("Only %(person)s may sign here as %(part)s.") % {"person": signer, "part": label})
    if getattr(charter, f"{part}_signed_at") is not None:
        return Decision(False, _("You have signed already."))
    return YES
