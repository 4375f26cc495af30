"""Articles, lessons, templates, tags: who may do what.

The article of the world is published and owned by the team member (T), its lesson is noted in the private project.
"""

from __future__ import annotations

import atexit
import datetime
import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from knowledge.models import (
    Article,
    ArticleImage,
    ArticleRevision,
    Lesson,
    SearchEntry,
    Tag,
    Template,
    TemplateDownload,
    TemplateVersion,
)
from tests import factories
from tests.access.rights import INSIDE, ROLES, Rights

DAY = datetime.date(2026, 11, 16)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000"
    "000049454e44ae426082"
)

FILE = b"# A charter\n"
STORED = f"knowledge/templates/{hashlib.sha256(FILE).hexdigest()}.md"
PICTURE = "knowledge/images/access-table.png"


class Again(SimpleUploadedFile):
    """A file that every browser of the table sends anew."""

    def read(self, *args: Any) -> Any:
        self.seek(0)
        return super().read(*args)


RIGHTS = {
    "articles": Rights(ROLES, "ANCEORPTS", "ANT", "AN"),
    "lessons": Rights(INSIDE, "ANCPT", "ANCP", "ANCP", lists=ROLES),
    "templates": Rights(ROLES, "AN", "AN", "AN"),
    "tags": Rights(ROLES, "AN", "AN", "AN"),
    "template-downloads": Rights("ANU", lists="ANU"),
}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ROUTES: dict[str, dict[str, Any]] = {
    "knowledge-home": {"get": ROLES},
    "knowledge-search": {"get": ROLES},
    "article-preview": {"post": ROLES, "args": "preview"},
    "article-page": {"get": ROLES, "args": "article"},
    "article-vote": {"post": ROLES, "args": "article", "form": {"useful": "1"}},
    "article-revisions": {"get": ROLES, "args": "article"},
    "article-revision": {"get": ROLES, "args": "revision"},
    "article-restore": {"post": "ANT", "args": "revision"},
    "article-images": {"get": "ANT", "args": "article"},
    "article-image": {"get": ROLES, "args": "image"},
    "article-image-delete": {"post": "ANT", "args": "image"},
    "lesson-use": {"post": "ANCPT", "args": "lesson_project", "hidden": "X", "form": {"used": "1"}},
    "template-upload": {
        "post": "AN",
        "args": "library",
        "form": {"file": Again("a.md", FILE), "effective_on": "2026-11-16"},
    },
    "template-download": {"get": ROLES, "args": "version"},
}


def rows(world: Any) -> dict[str, Any]:
    """A published article with a revision and a picture, a lesson, a template with a version that somebody took."""
    article = Article.objects.create(
        code="KA-1", title_en="Article", body_en="Text", state="published", owner=world.users["T"].person
    )
    SearchEntry.objects.create(article=article, code="KA-1", head="article", body="text")
    ArticleRevision.objects.create(article=article, number=1, made_on=DAY, title_en="Article", body_en="Old text")
    _keep(PICTURE, PIXEL)
    atexit.register(default_storage.delete, STORED)
    image = {"name": "a.png", "stored": PICTURE, "content_type": "image/png", "size": len(PIXEL), "sha256": "0"}
    ArticleImage.objects.create(article=article, **image)
    template = Template.objects.create(code="T-1", name_en="Template")
    TemplateVersion.objects.create(
        template=template,
        number=1,
        filename="a.png",
        stored=PICTURE,
        content_type="text/plain",
        size=1,
        sha256="0",
        effective_on=DAY,
    )
    return {
        "articles": article,
        "lessons": Lesson.objects.create(
            project=world.project, code="L-1", title="Lesson", situation="It was so", recommendation="Do it"
        ),
        "templates": template,
        "tags": Tag.objects.create(name="access"),
        "template-downloads": TemplateDownload.objects.create(
            template=template, number=1, project=world.project, taken_on=DAY
        ),
    }


def _keep(name: str, content: bytes) -> None:
    """A file in the storage until the tests end."""
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
        atexit.register(default_storage.delete, name)


def form(world: Any, key: str) -> dict[str, Any]:
    """What is typed into the form of a new row."""
    forms: dict[str, dict[str, Any]] = {
        "articles": {"kind": "faq", "state": "draft", "title_en": "New", "body_en": "Text"},
        "lessons": {
            "project": world.project.pk,
            "title": "New",
            "kind": "well",
            "category": "cost",
            "state": "noted",
            "situation": "It was so",
            "recommendation": "Do it",
        },
        "templates": {"name_en": "New", "kind": "plan", "language": "en", "state": "active"},
        "tags": {"name": f"tag{factories.number()}"},
    }
    return forms[key]


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The URL arguments of the routes above."""
    article = world.rows["articles"]
    known: dict[str, dict[str, Any]] = {
        "preview": {"field": "body_en"},
        "article": {"pk": article.pk},
        "revision": {"pk": article.pk, "number": 1},
        "image": {"pk": ArticleImage.objects.get(article=article).pk},
        "lesson_project": {"pk": world.rows["lessons"].pk, "project": world.project.pk},
        "library": {"pk": world.rows["templates"].pk},
        "version": {"pk": TemplateVersion.objects.get(template=world.rows["templates"]).pk},
    }
    return known.get(args)
