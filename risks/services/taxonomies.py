"""Loading a ready-made risk breakdown structure."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.records.trees import create_many_in_tree
from risks.calc.taxonomies import TAXONOMIES, Node
from risks.models import RiskCategory


def load_taxonomy(*, actor: Actor, key: str, day: datetime.date | None = None) -> int:
    """Create the categories of a taxonomy that are not there yet (by code); returns how many were created.

    Categories that exist keep their names and places. Raises ValidationError for an unknown key.
    """
    nodes = TAXONOMIES.get(key)
    if nodes is None:
        raise ValidationError(_("There is no ready-made taxonomy of this name."))
    with transaction.atomic():
        known = {row.code: row for row in RiskCategory.objects.filter(code__in=[node.code for node in nodes])}
        created = 0
        for level in sorted({node.level for node in nodes}):
            rows = [_row(node, known) for node in nodes if node.level == level and node.code not in known]
            for row in rows:
                row.full_clean()
            known |= {row.code: row for row in create_many_in_tree(actor=actor, rows=rows, day=day)}
            created += len(rows)
    return created


def _row(node: Node, known: dict[str, RiskCategory]) -> RiskCategory:
    parent = known[node.parent] if node.parent else None
    return RiskCategory(code=node.code, name_zh=node.zh, name_en=node.en, parent=parent)
