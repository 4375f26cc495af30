"""How a project's plan keeps the organisation's rules for work breakdown structures."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from pmo.core.access.api import can
from pmo.core.calendars.queries import org_today
from projects.access import EDIT_PLAN
from projects.calc.plan.wbs_rules import EMPTY, FAILED, PASSED, REMARKS, RULES, Verdict
from projects.models.plan import PlanVersion, WbsRules
from projects.queries.plans import stored
from projects.queries.plans.outline_page import part_of
from projects.queries.plans.wbs import limits_of, rules_in_force, verdict_of
from projects.services.plans.editing.rollup import rules_of
from projects.views.plans.common import number_of, project_for, tab_url

WORDS: dict[str, tuple[Any, str]] = {
    PASSED: (gettext_lazy("Passed"), "green"),
    REMARKS: (gettext_lazy("Passed with remarks"), "amber"),
    FAILED: (pgettext_lazy("verdict", "Failed"), "red"),
    EMPTY: (gettext_lazy("No rows"), ""),
}


def rule_words(rules: WbsRules) -> dict[str, str]:
    """Each rule as a sentence with its limits."""
    codes = {
        "outline": _("The code is the outline number, and no code stands twice"),
        "below": _("The code begins with the code of the row above, and no code stands twice"),
        "any": _("Any code (not checked)"),
    }
    return {
        "depth": _("At most %(n)s levels deep") % {"n": rules.max_depth},
        "small": _("A work package has at least %(n)s hours") % {"n": f"{rules.min_hours:g}"},
        "large": _("A work package has at most %(n)s hours") % {"n": f"{rules.max_hours:g}"},
        "code": codes[rules.code_rule],
        "gaps": _("The numbers of siblings follow each other without a gap")
        if rules.no_gaps
        else _("Gaps in the codes (not checked)"),
        "name": _("The name fits the pattern %(pattern)s") % {"pattern": rules.name_pattern}
        if rules.name_pattern
        else _("Every row has a name"),
        "whole": _("The 100 percent rule: a summary has at least two rows below it")
        if rules.whole
        else _("The 100 percent rule (not checked)"),
        "own_work": _("A summary has no resources of its own")
        if rules.own_work
        else _("Resources of summaries (not checked)"),
        "complete": _("A work package has a duration and somebody responsible, or is a milestone")
        if rules.complete
        else _("Duration and responsible (not checked)"),
    }


def shown_verdict(verdict: Verdict) -> dict[str, Any]:
    """The verdict for a template."""
    word, tone = WORDS[verdict.word]
    return {"verdict": verdict, "word": word, "tone": tone}


@require_safe
def plan_wbs(request: HttpRequest, pk: int) -> HttpResponse:
    """The verdict with the rows against each rule; `rule` shows them, `draft` looks at the draft instead."""
    project = project_for(request, pk)
    keeps = bool(can(request.user, EDIT_PLAN, project))
    draft = keeps and "draft" in request.GET
    open_draft = stored.draft(project) if keeps else None
    plan: PlanVersion | None = open_draft if draft else (stored.published(project) or open_draft)
    if plan is None:
        raise Http404(_("This project has no plan yet."))
    rules = rules_in_force()
    verdict = verdict_of(plan, limits_of(rules))
    rule = request.GET.get("rule", "")
    part = None
    if rule in RULES and verdict.found.get(rule):
        first = number_of(request.GET, "from") or 0
        part = part_of(plan, rules_of(plan), org_today(), ids=verdict.found[rule], first=first)
    words = rule_words(rules)
    context = {
        "project": project,
        "plan": plan,
        "draft": draft,
        "other": None if draft else open_draft,
        "rules": rules,
        "lines": [(key, words[key], len(verdict.found.get(key, []))) for key in RULES],
        "rule": rule if rule in RULES else "",
        "rule_words": words.get(rule, ""),
        "part": part,
        "tab_url": tab_url(project.pk),
        "change": can(request.user, "change" if rules.pk else "add", rules if rules.pk else WbsRules),
        **shown_verdict(verdict),
    }
    return render(request, "projects/plans/wbs.html", context)
