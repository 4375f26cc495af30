"""What an import writes is found; what its undo removes is found no longer."""

from __future__ import annotations

import pytest

from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import create_record
from pmo.core.search.models import SearchEntry
from projects.models import Milestone, Project
from tests import factories
from tests.wizard.build import undone
from tests.wizard.test_registers import imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return factories.project(code="P-1")


def test_what_an_undo_puts_back_is_found_again_and_what_it_removes_no_longer(project: Project) -> None:
    create_record(actor=SYSTEM, row=Milestone(project=project, code="M1", name="Harbour"))
    batch = imported("milestones", "Project,Code,Milestone\nP-1,M1,Quarry\nP-1,M2,Lighthouse\n")

    def words() -> list[str]:
        rows = SearchEntry.objects.filter(register="milestones").order_by("code")
        return [title for pair in rows.values_list("title_zh", "title_en") for title in pair if title]

    assert words() == ["Quarry", "Lighthouse"]
    undone(batch)
    assert words() == ["Harbour"]
