"""Small articles, lessons and templates, written through the services so that they can be found."""

from __future__ import annotations

import datetime
from typing import Any

from knowledge.models import Article, Lesson, Template
from knowledge.services.articles import create_article
from knowledge.services.lessons import create_lesson
from knowledge.services.templates import create_template
from pmo.core.audit.actor import SYSTEM
from projects.models import Project
from tests import factories

DAY = datetime.date(2026, 11, 16)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000"
    "000049454e44ae426082"
)


def article(**values: Any) -> Article:
    """A published article."""
    n = factories.number()
    defaults = {"title_en": f"Article {n}", "body_en": "Some text", "state": "published", "kind": "guideline"}
    return create_article(actor=SYSTEM, row=Article(**{**defaults, **values}))


def lesson(project: Project, **values: Any) -> Lesson:
    """A published lesson."""
    n = factories.number()
    defaults = {"title": f"Lesson {n}", "situation": "It was so", "recommendation": "Do it", "state": "published"}
    return create_lesson(actor=SYSTEM, row=Lesson(project=project, **{**defaults, **values}))


def template(**values: Any) -> Template:
    """A template without a file."""
    n = factories.number()
    return create_template(actor=SYSTEM, row=Template(**{"name_en": f"Template {n}", "language": "en", **values}))
