"""The template of a register, and addresses of the wizard that mean nothing."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.imports import services
from pmo.core.imports.preview import run_check
from pmo.core.imports.targets import get_target
from projects.models import Issue, Project
from tests import factories
from tests.conftest import UserClient
from tests.wizard.test_registers import checked

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db: None) -> Project:
    return factories.project(code="P-1", name_zh="岸桥", name_en="Crane")


# -- the template -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_guessed_completely_and_explains_its_words(
    pmo_admin: UserClient, project: Project, language: str
) -> None:
    from openpyxl import load_workbook

    pmo_admin.cookies["bw_language"] = language
    for kind in ("csv", "xlsx"):
        answer = pmo_admin.get(reverse("import-template", kwargs={"key": "issues", "kind": kind}))
        assert answer.status_code == 200
        batch = services.upload(
            actor=SYSTEM, file=ContentFile(answer.content, name=f"t.{kind}"), filename=f"t.{kind}", target="issues"
        )
        services.describe(batch)
        assert set(batch.mapping["fields"]) == set(get_target("issues").engine_target().fields), kind
    path = ContentFile(answer.content)
    book = load_workbook(path)
    assert len(book.sheetnames) == 2
    with translation.override(language):
        label = str(Issue._meta.get_field("severity").flatchoices[0][1])
    assert any(label in str(cell.value) for row in book.worksheets[1].iter_rows() for cell in row)
    assert pmo_admin.get(reverse("import-template", kwargs={"key": "health", "kind": "csv"})).status_code == 404
    assert pmo_admin.get(reverse("import-template", kwargs={"key": "issues", "kind": "pdf"})).status_code == 404


# -- hostile addresses ------------------------------------------------------------------------------


def test_addresses_that_mean_nothing_are_answered(pmo_admin: UserClient, project: Project) -> None:
    batch = checked("milestones", "Project,Code,Milestone\nP-7,M1,Start\n", actor=actor_of(pmo_admin.user))
    preview, columns = (reverse(f"import-{name}", kwargs={"pk": batch.pk}) for name in ("preview", "columns"))
    for query in ({"q": "\x00"}, {"reason": "\x00"}, {"column": "a\x00"}, {"page": "9" * 5000}, {"q": "9" * 5000}):
        assert pmo_admin.get(preview, query).status_code == 200, query
    for kept in ("saved:" + "9" * 5000, "saved:" + "9" * 30, "saved:٣", "saved:\x00", "preset:\x00"):
        assert pmo_admin.post(columns, {"act": "use", "kept": kept}).status_code == 302, kept
    matches = reverse("import-matches", kwargs={"pk": batch.pk})
    run_check(batch_id=batch.pk)
    assert pmo_admin.post(matches, {"page": "9" * 5000}).status_code == 302
