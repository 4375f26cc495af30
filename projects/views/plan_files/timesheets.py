"""The lines of timesheets that came with a plan file, as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pmo.core.access.api import can
from pmo.core.audit.actor import request_actor
from pmo.core.audit.services import record
from pmo.core.imports.export_safe import safe_csv_cell
from pmo.core.records.services import act_on
from projects.access import MONEY
from projects.calc.plan.timesheets import lines_of
from projects.services.plans import shelf
from projects.views.plan_files.common import file_for


@require_GET
def plan_file_timesheets(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Every line with every column under the program's own names: for those who may download the file itself."""
    row = file_for(request, pk, file)
    can(request.user, MONEY, row.project).or_raise()
    try:
        lines = lines_of(shelf.kept_plan(row))
    except shelf.FileGone as error:
        raise Http404(_("What was read of this file is no longer kept. Upload it again.")) from error
    if not lines:
        raise Http404(_("The file has no lines of timesheets."))
    columns = list(dict.fromkeys(name for line in lines for name in line.values))
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow([safe_csv_cell(name) for name in columns])
    writer.writerows([safe_csv_cell(line.values.get(name, "")) for name in columns] for line in lines)
    record(actor=request_actor(request), act=act_on(row, "plan_file.timesheets", {"lines": len(lines)}, ""))
    response = HttpResponse("\ufeff" + content.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.project_id}-timesheets-{row.pk}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
