"""What the matrix page looks at: the address read by the risk register itself, so that page and lists agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.registers.controls import sentence
from pmo.core.registers.declaration import get_register
from pmo.core.registers.queries import filtered
from pmo.core.registers.state import ListState, read_state
from pmo.core.web.formats import is_zh
from risks.models import Kind, RiskMatrix
from risks.models.risk import OPEN
from risks.queries.matrices import scope_matrix
from risks.registers.filters import zone_value
from risks.wording import STAGE_FIELDS

_OWN = ("stage", "kind")


@dataclass(frozen=True)
class Look:
    """One reading of the address: stage of assessment, threats or opportunities, and the risks the filters keep.

    `rows` are open and closed risks of the kind; `open` those that may still happen.
    """

    stage: str
    kind: str
    params: QueryDict
    state: ListState
    rows: QuerySet[Any]
    matrix: RiskMatrix

    @property
    def open(self) -> QuerySet[Any]:
        """Risks that may still happen."""
        return self.rows.filter(status__in=OPEN)

    def list_url(self, **changes: object) -> str:
        """The register with the filters of the page, the kind, and more."""
        query = self.params.copy()
        query["kind"] = self.kind
        for name, value in changes.items():
            query[name] = str(value)
        return reverse("register-list", kwargs={"key": "risks"}) + f"?{query.urlencode()}"

    def cell_url(self, probability: int, impact: int) -> str:
        """The open risks of a cell."""
        chance, effect = STAGE_FIELDS[self.stage]
        return self.list_url(open=1, **{chance: probability, effect: impact})

    def unassessed_url(self) -> str:
        """The open risks that lack a step at the stage of the page: those without a score."""
        score = "score" if self.stage == "current" else f"{self.stage}_score"
        return self.list_url(open=1, **{f"{score}__isnull": "true"})

    def zone_url(self, colour: str) -> str:
        """The open risks of a colour in the matrix and at the stage of the page."""
        if self.stage == "current" and (self.matrix.pk is None or self.matrix.is_default):
            return self.list_url(open=1, zone=colour)
        return self.list_url(open=1, zone_in=zone_value(self.matrix.pk, self.stage, colour))

    def page_url(self, name: str = "risk-matrix", kwargs: dict[str, Any] | None = None, **changes: str) -> str:
        """This page with something changed."""
        query = self.params.copy()
        query["stage"], query["kind"] = self.stage, self.kind
        for key, value in changes.items():
            query[key] = value
        return reverse(name, kwargs=kwargs) + f"?{query.urlencode()}"


def read_look(request: HttpRequest) -> Look:
    """Read the address. Raises BadRequest (400) that names what cannot be used."""
    stage, kind = request.GET.get("stage") or "current", request.GET.get("kind") or Kind.THREAT.value
    if stage not in STAGE_FIELDS or kind not in Kind.values:
        raise BadRequest(_("The matrix knows no such stage or kind of risk."))
    params = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name not in _OWN and any(values):
            params.setlist(name, [value for value in values if value])
    asked = params.copy()
    asked["kind"] = kind
    state = read_state(get_register("risks"), request.user, asked, ["exposure"])
    rows = filtered(state)
    if state.errors:
        raise BadRequest(_separator().join(str(line) for line in sentence(state.errors)))
    matrix = scope_matrix({name: [str(value) for value in params.getlist(name)] for name in params})
    return Look(stage, kind, params, state, rows, matrix)


def _separator() -> str:
    from django.utils.translation import get_language

    return "" if is_zh(get_language() or "zh-hans") else " "
