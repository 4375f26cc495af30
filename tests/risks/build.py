"""Risks for tests, made through the services."""

from __future__ import annotations

import datetime
from typing import Any

from pmo.core.audit.actor import SYSTEM
from projects.models import Project
from risks.models import Risk
from risks.services import create_risk, update_risk
from tests import factories

DAY = datetime.date(2026, 9, 1)


def risk(project: Project, day: datetime.date = DAY, **values: Any) -> Risk:
    """A threat of probability 4 and impact 5 with 100,000 CNY at stake, identified on the day."""
    defaults = {
        "title": f"Risk {factories.number()}",
        "probability": 4,
        "impact_time": 5,
        "impact_money": 100_000,
        "status": "analysed",
        "identified_on": day,
    }
    return create_risk(actor=SYSTEM, row=Risk(project=project, **{**defaults, **values}), day=day)


def change(row: Risk, day: datetime.date, **values: Any) -> Risk:
    """Change a risk on a day."""
    fresh = Risk.all_objects.get(pk=row.pk)
    return update_risk(actor=SYSTEM, row=fresh, values=values, day=day)
