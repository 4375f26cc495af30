"""manage.py export_plan: the plan of a project as a file."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from projects.management.commands.import_plan import project_of
from projects.plan_exports.formats import WRITERS
from projects.plan_exports.words import export_text
from projects.queries.plans import stored
from projects.queries.plans.words import area_label


class Command(BaseCommand):
    help = "Export the published plan of a project, with its costs, as MSPDI (Microsoft Project XML), XLSX or CSV."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--project", required=True, help="Code of the project.")
        parser.add_argument("--format", required=True, choices=sorted(WRITERS), help="The format of the file.")
        parser.add_argument("--output", required=True, help="The file to write.")
        parser.add_argument("--draft", action="store_true", help="The draft instead of the published plan.")

    def handle(self, *args: Any, **options: Any) -> None:
        project = project_of(options["project"])
        version = (stored.draft if options["draft"] else stored.published)(project)
        if version is None:
            raise CommandError(_("%(project)s has no such plan.") % {"project": project})
        target = Path(options["output"])
        plan = stored.plan_as_shown(version)
        try:
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as folder:
                part = Path(folder, target.name)
                with part.open("wb") as stream:
                    remarks = WRITERS[options["format"]](plan, stream)
                part.replace(target)
        except OSError as error:
            raise CommandError(f"{target}: {error.strerror or error}") from error
        told = {"file": target, "tasks": len(plan.tasks)}
        self.stdout.write(_("%(file)s: %(tasks)s tasks") % told)
        for one in remarks:
            examples = f" ({'; '.join(one.examples)})" if one.examples else ""
            self.stdout.write(f"  {area_label(one.area)}: {export_text(one.code)}: {one.count}{examples}")
