"""The template library: versions are never replaced, takings are counted, old versions in use are named."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from knowledge.models import TemplateDownload, TemplateVersion
from knowledge.queries.library import library
from knowledge.queries.projects import template_uses
from knowledge.services import templates as services
from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import org_today
from tests import factories
from tests.conftest import UserClient
from tests.knowledge.build import template

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_versions_are_numbered_and_the_old_file_stays(outsider: UserClient) -> None:
    made = template()
    first = services.add_version(actor=SYSTEM, template=made, name="a.md", content=b"# One")
    second = services.add_version(actor=SYSTEM, template=made, name="a.md", content=b"# Two", note="Better")
    assert (first.number, second.number) == (1, 2)
    for version, content in ((first, b"# One"), (second, b"# Two")):
        response = outsider.get(reverse("template-download", kwargs={"pk": version.pk}))
        assert b"".join(response.streaming_content) == content
        assert response["Content-Disposition"] == 'attachment; filename="a.md"'
        assert response["X-Content-Type-Options"] == "nosniff"
    assert TemplateDownload.objects.filter(template=made, person=outsider.user.person).count() == 2


def test_what_is_refused() -> None:
    made = template()
    services.add_version(actor=SYSTEM, template=made, name="a.md", content=b"# One")
    for name, content in (
        ("a.md", b"# One"),
        ("a.exe", b"MZ"),
        ("a.pdf", b"<html>"),
        ("a.md", b""),
        ("b" * 300 + ".md", b"x"),
    ):
        with pytest.raises(ValidationError) as refused:
            services.add_version(actor=SYSTEM, template=made, name=name, content=content)
        assert set(refused.value.message_dict) == {"file"}
    with pytest.raises(ValidationError):
        services.add_version(actor=SYSTEM, template=made, name="a.txt", content=b"x" * (services.LIMITS.most_bytes + 1))
    assert TemplateVersion.objects.count() == 1


def test_a_version_comes_into_force_on_its_day() -> None:
    made, today = template(), org_today()
    services.add_version(actor=SYSTEM, template=made, name="a.md", content=b"1", effective_on=today - DAY)
    services.add_version(actor=SYSTEM, template=made, name="a.md", content=b"2", effective_on=today + DAY)
    assert services.current_version(made, today).number == 1
    assert services.current_version(made, today + DAY).number == 2
    assert services.current_version(made, today - 2 * DAY) is None


def test_projects_with_an_old_version_are_named_until_they_take_the_new_one(pmo_admin: UserClient) -> None:
    made, project, closed = template(), factories.project(), factories.project(status="closed")
    first = services.add_version(actor=SYSTEM, template=made, name="a.md", content=b"1")
    for one in (project, closed):
        services.note_download(actor=SYSTEM, version=first, project=one)
    assert library(pmo_admin.user, made, org_today()).outdated == []
    second = services.add_version(actor=SYSTEM, template=made, name="a.md", content=b"2")
    shown = library(pmo_admin.user, made, org_today())
    assert [use.project for use in shown.outdated] == [project], "work that is over needs no newer form"
    assert (shown.downloads, shown.used_by) == (2, 2)
    assert [use.outdated for use in template_uses(project, org_today())] == [True]
    row = pmo_admin.get("/api/v1/templates/").json()["results"][0]
    assert (row["current"], row["taken"], row["used_by"], row["outdated"]) == (2, 2, 2, 1)
    services.note_download(actor=SYSTEM, version=second, project=project)
    assert library(pmo_admin.user, made, org_today()).outdated == []
    assert pmo_admin.get("/api/v1/templates/").json()["results"][0]["outdated"] == 0


def test_a_hidden_project_cannot_be_named(outsider: UserClient) -> None:
    version = services.add_version(actor=SYSTEM, template=template(), name="a.md", content=b"1")
    hidden = factories.project(visibility="private")
    url = reverse("template-download", kwargs={"pk": version.pk})
    for project in (hidden.pk, "x"):
        assert outsider.get(url, {"project": project}).status_code == 404
    assert outsider.get(url, {"project": factories.project().pk}).status_code == 200
    assert TemplateDownload.objects.count() == 1


def test_hidden_projects_are_counted_but_not_named(outsider: UserClient) -> None:
    made = template()
    version = services.add_version(actor=SYSTEM, template=made, name="a.md", content=b"1")
    hidden = factories.project(visibility="private", name_en="Secret takeover")
    services.note_download(actor=SYSTEM, version=version, project=hidden)
    page = outsider.get(reverse("register-detail", kwargs={"key": "templates", "pk": made.pk})).content.decode()
    assert "used by <b>1 project</b>" in page and "Secret takeover" not in page


def test_uploading_through_the_page(pmo_analyst: UserClient, outsider: UserClient) -> None:
    made = template()
    url = reverse("template-upload", kwargs={"pk": made.pk})

    def form(name: str, content: bytes) -> dict[str, object]:
        return {"file": SimpleUploadedFile(name, content), "effective_on": "2026-11-16", "note": "First"}

    assert outsider.post(url, form("a.md", b"x")).status_code == 403
    refused = pmo_analyst.post(url, form("a.exe", b"MZ"))
    assert refused.status_code == 422 and b"First" in refused.content
    assert pmo_analyst.post(url, form("a.md", b"# Charter")).status_code == 302
    assert TemplateVersion.objects.get(template=made).filename == "a.md"


def test_a_missing_file_is_said_and_not_counted(outsider: UserClient, own_files: object) -> None:
    from django.core.files.storage import default_storage

    version = services.add_version(actor=SYSTEM, template=template(), name="a.md", content=b"1")
    default_storage.delete(version.stored)
    assert outsider.get(reverse("template-download", kwargs={"pk": version.pk})).status_code == 302
    assert not TemplateDownload.objects.exists()
