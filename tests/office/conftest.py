"""A PMO with a department below it, three signers with logins, and a few projects with computed health."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from office.models import PMOCharter, PMOUnit
from office.services.charters import create_charter
from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.records.trees import create_in_tree
from tests import factories


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["bw_language"] = "en"
    return client


@pytest.fixture
def office(db) -> SimpleNamespace:
    factories.organisation()
    factories.currency("CNY")
    top, auto = factories.unit(), None
    auto = factories.unit(parent=top)
    admin = factories.user(Role.PMO_ADMIN)
    executive, hr, head = factories.user(Role.EXECUTIVE), factories.user(), factories.user()
    enterprise = create_in_tree(
        actor=SYSTEM,
        row=PMOUnit(name_en="Group PMO", level="enterprise", type="controlling", org_unit=top, head=head.person, fte=4),
    )
    department = create_in_tree(
        actor=SYSTEM, row=PMOUnit(name_en="Auto PMO", level="department", parent=enterprise, org_unit=auto)
    )
    charter = create_charter(
        actor=SYSTEM,
        row=PMOCharter(
            unit=enterprise,
            problem="Too many projects",
            mandate="One portfolio",
            executive=executive.person,
            hr=hr.person,
            head=head.person,
        ),
    )
    return SimpleNamespace(
        top=top,
        auto=auto,
        admin=admin,
        executive=executive,
        hr=hr,
        head=head,
        enterprise=enterprise,
        department=department,
        charter=charter,
    )
