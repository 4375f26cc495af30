"""Who reaches which article and lesson, and which roles hold the room's permissions.

An article that is published belongs to everybody, a draft to its owner and the PMO. A lesson is read by whoever sees its
project, and by everybody once it is published.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from knowledge.models import Article, ArticleState, Lesson
from knowledge.models.choices import LessonState
from pmo.core.access.grants import grants_of
from pmo.core.access.roles import EVERYBODY, OWNER, READER, WHOLE_PMO, Role, allow
from pmo.core.access.scopes import reach

PUBLISH = "knowledge.article.publish"
PUBLISH_LESSON = "knowledge.lesson.publish"
DOWNLOADS = "knowledge.templatedownload.view"
ADD_LESSON = "knowledge.lesson.add"


def article_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of articles the user reaches: his own as their owner, published and archived ones as a reader."""
    found = Q(pk__in=[])
    person = grants_of(user).person_id
    if READER in roles:
        found |= ~Q(state=ArticleState.DRAFT)
    if OWNER in roles and person is not None:
        found |= Q(owner_id=person)
    return Article.all_objects.filter(found).order_by().values("pk")


def lesson_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of lessons the user reaches: of projects in which a role is held, his own, published ones as a reader."""
    found = reach(user, "project", roles, "project_id")
    person = grants_of(user).person_id
    if READER in roles:
        found |= Q(state=LessonState.PUBLISHED)
    if OWNER in roles and person is not None:
        found |= Q(raised_by_id=person)
    return Lesson.all_objects.filter(found).order_by().values("pk")


def declare_roles() -> None:
    """Everybody reads and may write drafts; the owner keeps his article; the PMO publishes and keeps the library."""
    for name in ("lesson", "template", "tag"):
        allow(EVERYBODY, f"knowledge.{name}.view")
    # Not EVERYBODY: whoever holds a role in the whole organisation would read other people's drafts.
    allow({READER, OWNER, *WHOLE_PMO}, "knowledge.article.view")
    allow(set(Role.values) - {Role.AUDITOR}, "knowledge.article.add")
    allow({OWNER, *WHOLE_PMO}, "knowledge.article.change")
    allow(WHOLE_PMO, PUBLISH, "knowledge.article.delete", PUBLISH_LESSON, DOWNLOADS)
    allow({Role.AUDITOR}, DOWNLOADS)
    writers = {Role.PROJECT_MANAGER, Role.COORDINATOR, *WHOLE_PMO}
    allow({*writers, Role.TEAM_MEMBER}, ADD_LESSON)
    allow({*writers, OWNER}, "knowledge.lesson.change")
    allow(writers, "knowledge.lesson.delete")
    allow({OWNER}, "knowledge.lesson.view")
    for name in ("template", "tag"):
        allow(WHOLE_PMO, *(f"knowledge.{name}.{action}" for action in ("add", "change", "delete")))
