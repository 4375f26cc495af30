"""The words of the office: what a type changes, and the statements of the self-assessment."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

EFFECT_LABELS: dict[str, Text] = {
    "gates": _("Stage gates"),
    "reports": _("Status reports"),
    "people": _("Who allocates people"),
    "managers": _("Who appoints project managers"),
    "landing": _("First page of the PMO"),
}
EFFECT_VALUES: dict[tuple[str, str], Text] = {
    ("gates", "advisory"): _("Advisory: a project may go on without a pass"),
    ("gates", "blocking"): _("Blocking: no pass, no next stage"),
    ("reports", "optional"): _("Optional: a project reports when it wants help"),
    ("reports", "due"): _("Due in every reporting cycle"),
    ("people", "line"): _("The units"),
    ("people", "pmo"): _("The PMO"),
    ("managers", "line"): _("The units"),
    ("managers", "pmo"): _("The PMO"),
    ("landing", "home"): _("Home page of the PMO"),
    ("landing", "scorecard"): _("Executive scorecard"),
}
TYPE_MEANINGS: dict[str, Text] = {
    "supportive": _("Offers templates, training and advice; the units decide."),
    "controlling": _("Sets the rules and checks that they are kept; gates stop what does not pass."),
    "directive": _("Leads the projects itself: project managers belong to the PMO."),
    "strategic": _("Decides with the executives which projects are done at all, and follows their value."),
}
STATEMENTS: dict[str, Text] = {
    "experienced_teams": _("Our project teams are experienced and deliver without being led from outside."),
    "ask_for_help": _("What project managers ask us for is mainly templates, training and advice."),
    "line_decides": _("Business units decide on their projects themselves, and that shall stay so."),
    "overruns": _("Budgets and dates are exceeded often, and nobody stops the project."),
    "proof_needed": _("Law, customers or auditors ask for proof that every stage was approved."),
    "scarce_people": _("Several projects want the same few experts at the same time."),
    "too_many": _("More projects are started than the organisation can carry."),
    "strategy_unclear": _("Executives cannot say which projects carry the strategy."),
    "top_table": _("The head of the PMO prepares the investment decisions of the top management."),
    "no_managers": _("Business units have no project managers of their own."),
    "few_large": _("A few large projects decide about the year; one that fails endangers it."),
    "one_home": _("Project managers shall have one home: one career path, one way of working."),
}
ANSWERS: tuple[tuple[int, Text], ...] = (
    (0, _("Does not apply")),
    (1, _("Applies a little")),
    (2, _("Applies largely")),
    (3, _("Applies fully")),
)
