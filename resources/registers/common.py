"""Columns that several registers of the pool share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column

PROJECT = Column("project", link=True, sort="project__code")
PERSON = Column("person", link=True, sort="person__code")
UNIT = Column("person__unit", label=_("Unit"), sort="person__unit__path")
PERSON_SEARCH = ("person__name_zh", "person__name_en", "person__code")
PROJECT_SEARCH = ("project__code", "project__name_zh", "project__name_en")
