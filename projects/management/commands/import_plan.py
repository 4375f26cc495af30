"""manage.py import_plan: a plan file into a project, as the pages do it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM, Actor, actor_of
from pmo.core.people.models import User
from pmo.core.records.services import StaleRecord, create_record
from projects.calc.plan.document import Plan, Remark
from projects.calc.plan.proposing import proposal
from projects.calc.plan.stored import remarks_of
from projects.models import Project
from projects.models.plan import PlanFile
from projects.plan_files.detect import detect
from projects.plan_files.errors import PlanFileError
from projects.plan_files.reading import projects_of, read_plan
from projects.queries.plans.proposed import proposed
from projects.queries.plans.taken import registers_shown
from projects.queries.plans.words import area_label, remark_text
from projects.services.plans import shelf
from projects.services.plans.storing import import_plan
from projects.services.plans.versions import Publication


class Command(BaseCommand):
    help = (
        "Import a plan (.mpp, .xml, .xer, .mpx, .gan, JSON of Project Online, our own .xlsx and .csv) into a project. "
        "All of it is imported, or nothing."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", help="The plan file.")
        parser.add_argument("--project", required=True, help="Code of the project that gets the plan.")
        parser.add_argument("--create", action="store_true", help="Make the project from the file where there is none.")
        parser.add_argument("--source-project", help="Which project of the file, where it holds several.")
        parser.add_argument("--draft", action="store_true", help="Make a draft; the published plan stays.")
        parser.add_argument("--actor", help="User name of the person who imports; the system otherwise.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        code, actor, path = options["project"], actor_named(options["actor"]), _path(options["file"])
        project = None if options["create"] and not _known(code) else project_of(code)
        try:
            plan = read_plan(path, name=path.name, source_project=self._source(path, options["source_project"]))
            with transaction.atomic():
                project = project or _made(actor, code, plan, path.name)
                done = _commit(actor, project, path, plan, publish=not options["draft"])
        except PlanFileError as error:
            raise CommandError(error.message()) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except StaleRecord as error:
            raise CommandError(str(error)) from error
        kept, lost = remarks_of(done.version.kept), remarks_of(done.version.lost)
        if options["json"]:
            report: dict[str, Any] = {"counts": plan.counts(), "kept": _as_json(kept), "lost": _as_json(lost)}
            if done.registers:
                report["registers"] = {one["kind"]: one["counts"] for one in done.registers}
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(project, done, plan, kept, lost)

    def _source(self, path: Path, wanted: str | None) -> str | None:
        """The project that is meant; the only real one needs no name."""
        if wanted:
            return wanted
        found = projects_of(path, name=path.name)
        real = [one for one in found if not one.stub]
        if len(real) > 1:
            lines = [f"  {one.key}  {one.name}" for one in real]
            title = _("The file holds several projects. Choose one with --source-project:")
            raise CommandError("\n".join([title, *lines]))
        return real[0].key or None if len(found) > 1 and real else None

    def _tell(
        self, project: Project, done: Publication, plan: Plan, kept: Sequence[Remark], lost: Sequence[Remark]
    ) -> None:
        """The report in words."""
        version = done.version
        told = {"project": project, "number": version.number, "state": version.get_state_display()}
        self.stdout.write(_("%(project)s: version %(number)s of the plan (%(state)s)") % told)
        for area, count in plan.counts().items():
            self.stdout.write(f"  {area_label(area)}: {count}")
        for title, remarks in ((_("Kept elsewhere"), kept), (_("Not kept"), lost)):
            if remarks:
                self.stdout.write(title)
            for one in remarks:
                examples = f" ({'; '.join(one.examples)})" if one.examples else ""
                self.stdout.write(f"  {area_label(one.area)}: {_words(one)}: {one.count}{examples}")
        if done.registers and version.state == version.State.DRAFT:
            self.stdout.write(_("Risks and issues come in when the draft is published:"))
        for outcome in registers_shown(done.registers):
            self.stdout.write(f"{outcome.label}: {outcome.sentence}")
            for row in outcome.named:
                self.stdout.write(f"  {row.title}: {row.verdict} {row.reason}".rstrip())
        if done.milestones.released:
            names = "; ".join(done.milestones.released)
            self.stdout.write(_("Milestones whose task is gone, kept by hand now: %(names)s") % {"names": names})


def project_of(code: str) -> Project:
    """The project with the code. Raises CommandError."""
    found: Project | None = Project.objects.filter(code=code).first()
    if found is None:
        raise CommandError(_("There is no project with the code %(code)s.") % {"code": code})
    return found


def _known(code: str) -> bool:
    return bool(Project.objects.filter(code=code).exists())


def _made(actor: Actor, code: str, plan: Plan, filename: str) -> Project:
    """A project with what the file says of it. Raises ValidationError."""
    values = proposed(proposal(plan, filename=filename), actor).values
    manager = values.pop("pm", None)
    row = Project(**{**values, "code": code, "pm_id": manager})
    made: Project = create_record(actor=actor, row=row)
    return made


def actor_named(login: str | None) -> Actor:
    """The person with the user name, the system without one. Raises CommandError."""
    if not login:
        return SYSTEM
    user = User.objects.filter(username=login, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no active user %(login)s.") % {"login": login})
    return actor_of(user)


def _path(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise CommandError(_("There is no file %(name)s.") % {"name": name})
    return path


def _commit(actor: Actor, project: Project, path: Path, plan: Plan, *, publish: bool) -> Publication:
    """Keep the file beside its plan; a plan that is refused leaves neither."""
    row = PlanFile(
        project=project,
        filename=path.name[-255:],
        format=plan.format or detect(path, path.name),
        state=PlanFile.State.COMMITTING,
        owner=actor.user,
    )
    done = False
    try:
        with transaction.atomic(), path.open("rb") as stream:
            kept = shelf.CONTENTS.keep(File(stream, name=path.name))
            row.stored, row.sha256, row.size = kept.name, kept.sha256, kept.size
            file = create_record(actor=actor, row=row)
            result = import_plan(actor=actor, project=project, plan=plan, file=file, publish=publish)
        done = True
    finally:
        if not done:
            shelf.forget(row)
    return result


def _words(one: Remark) -> str:
    return remark_text({"area": one.area, "code": one.code, "count": one.count, "examples": list(one.examples)})


def _as_json(remarks: Sequence[Remark]) -> list[dict[str, Any]]:
    return [
        {"area": one.area, "code": one.code, "count": one.count, "examples": list(one.examples), "text": _words(one)}
        for one in remarks
    ]
