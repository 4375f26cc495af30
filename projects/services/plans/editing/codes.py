"""WBS codes of a draft. While it is edited, a code that follows the outline is left empty and reckoned when it is shown: so putting one row in
does not rewrite thousands. Codes of one's own stay as they are."""

from __future__ import annotations

from django.db import transaction

from pmo.core.audit.actor import Actor
from pmo.core.records.listed import Listed
from projects.calc.plan.outline import outline_numbers
from projects.models.plan import PlanEdit, PlanTask, PlanVersion
from projects.services.plans.editing.record import lock, open_edits
from projects.services.plans.editing.sheet import write_rows


@transaction.atomic
def open_codes(*, actor: Actor, plan: PlanVersion) -> None:
    """Once for a draft: let the codes that equal their outline number follow the outline from now on."""
    PlanVersion.objects.select_for_update().get(pk=plan.pk)
    if PlanEdit.objects.filter(plan=plan).exists():
        return
    open_edits(plan, actor)
    rows = list(PlanTask.objects.filter(plan=plan).order_by("position", "pk").values_list("pk", "level", "wbs"))
    numbers = outline_numbers(level for _pk, level, _wbs in rows)
    following = [pk for (pk, _level, wbs), number in zip(rows, numbers, strict=True) if wbs == number]
    PlanTask.objects.filter(Listed("pk", following)).update(wbs="")


@transaction.atomic
def close_codes(plan: PlanVersion) -> None:
    """Before a draft that was edited is published: write the codes that follow the outline, and let go of what was taken out."""
    lock(plan)
    edits = PlanEdit.objects.filter(plan=plan)
    if not edits.exists():
        return
    rows = list(PlanTask.objects.filter(plan=plan).order_by("position", "pk").values_list("pk", "level", "wbs"))
    numbers = outline_numbers(level for _pk, level, _wbs in rows)
    PlanVersion.all_objects.filter(pk__in=edits.filter(parked__isnull=False).values_list("parked")).delete()
    edits.delete()
    write_rows({pk: {"wbs": number} for (pk, _level, wbs), number in zip(rows, numbers, strict=True) if not wbs})
