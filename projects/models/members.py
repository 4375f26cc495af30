"""Who belongs to a project in which role."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models.project import Project


class ProjectMember(Record):
    """A role held in one project. The project manager and the sponsor named on the project hold theirs without a row here."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        Person, verbose_name=_("Person"), on_delete=models.CASCADE, related_name="project_memberships"
    )
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices, default=Role.TEAM_MEMBER)

    class Meta(Record.Meta):
        verbose_name = _("Project member")
        verbose_name_plural = _("Project members")
        ordering = ["project", "role"]
        constraints = [unique_if_alive("project", "person", "role", name="project_member_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"
