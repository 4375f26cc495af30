"""The tour: for each home a few steps, each a real page with a part of it that the step points at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import allowed_q
from pmo.core.access.grants import grants_of
from pmo.core.registers.declaration import UnknownRegisterError, get_register
from portfolio.models import HealthSnapshot, Portfolio
from portfolio.queries.dashboard import worst_first
from portfolio.queries.scope import snapshot_day

ENDED = -1


@dataclass(frozen=True)
class Step:
    """One step. `url(user)` gives the page with the id of the part as fragment, "" where the reader has no such page."""

    title: Any
    text: Any
    url: Callable[[Any], str]


def _page(name: str, part: str = "", **kwargs: Any) -> Callable[[Any], str]:
    def url(user: Any) -> str:
        try:
            return reverse(name, kwargs=kwargs or None) + (f"#{part}" if part else "")
        except NoReverseMatch:
            return ""

    return url


def _list(key: str, query: str = "") -> Callable[[Any], str]:
    def url(user: Any) -> str:
        try:
            get_register(key)
        except UnknownRegisterError:
            return ""
        return reverse("register-list", kwargs={"key": key}) + (f"?{query}" if query else "") + "#register"

    return url


def _worst_project(tab: str, part: str) -> Callable[[Any], str]:
    """The page of the project with the worst health that the reader sees."""

    def url(user: Any) -> str:
        day = snapshot_day()
        if day is None:
            return ""
        rows = HealthSnapshot.objects.filter(allowed_q(user, HealthSnapshot, "view"), date=day)
        pk = worst_first(rows).values_list("project_id", flat=True).first()
        if pk is None:
            return ""
        if not tab:
            return reverse("register-detail", kwargs={"key": "projects", "pk": pk}) + f"#{part}"
        return reverse("register-tab", kwargs={"key": "projects", "pk": pk, "tab": tab}) + f"#{part}"

    return url


def _own_portfolio(part: str) -> Callable[[Any], str]:
    def url(user: Any) -> str:
        mine = Portfolio.objects.filter(owner_id=grants_of(user).person_id).order_by("code")
        pk = mine.values_list("pk", flat=True).first()
        return "" if pk is None else reverse("register-detail", kwargs={"key": "portfolios", "pk": pk}) + f"#{part}"

    return url


WHY = Step(
    _("Every colour explains itself"),
    _("Each measure has its value, its limits and the points it costs; every value opens the rows it was made from."),
    _worst_project("health", "health-why"),
)
SCORECARD = Step(
    _("Seven figures for the steering committee"),
    _("Colour, history and change of each. A click opens the rows behind it, and the page prints on one sheet."),
    _page("scorecard", "figures"),
)
REGISTRY = Step(
    _("Lists work like a sheet"),
    _(
        "Filter, sort, group, edit in the cell, choose columns, export. The address keeps the view: send it to a colleague."
    ),
    _list("projects"),
)
OWN_ACTIONS = Step(
    _("What you promised"),
    _("Your open actions by due date. Change the state in the cell when one is done."),
    _list("actions", "owner=me"),
)
TOURS: dict[str, tuple[Step, ...]] = {
    "pmo": (
        Step(
            _("Your day begins here"),
            _("Each card is the beginning of a list: its figure is the list's total, and its title opens it."),
            _page("home", "card-exceptions"),
        ),
        Step(
            _("All projects at a glance"),
            _(
                "The worst come first. ≠ marks a report that is better than its figures. Any cell opens its explanation."
            ),
            _page("dashboard", "fig-heat"),
        ),
        WHY,
        SCORECARD,
        REGISTRY,
        Step(
            _("Bring your own projects"),
            _(
                "Read a project list from a spreadsheet. Nothing is written before the preview, and an import can be taken back."
            ),
            _page("import-list", "main"),
        ),
    ),
    "executive": (
        SCORECARD,
        Step(
            _("Only what you should know"),
            _("One sentence for each project in trouble: what, how much, why, until when."),
            _page("scorecard", "exceptions-title"),
        ),
        Step(
            _("What is waiting for a decision"),
            _("By due date, with what every week of delay costs. The decision is written where it was asked for."),
            _page("scorecard", "decisions-title"),
        ),
        WHY,
        Step(
            _("How the figures are made"),
            _("Each figure says how it is calculated. A past date shows what was known on that day."),
            _page("scorecard", "how"),
        ),
    ),
    "portfolio": (
        Step(
            _("Your portfolio as a whole"),
            _("The colour is the worst that a critical project allows; the score without that rule stands beside it."),
            _own_portfolio("figures"),
        ),
        Step(
            _("Where it hurts"),
            _("Your projects against the dimensions, the worst first."),
            _own_portfolio("fig-heat"),
        ),
        Step(
            _("What comes when"),
            _("Plan and forecast of each project with its key milestones, the largest slip first."),
            _own_portfolio("fig-roadmap"),
        ),
        WHY,
        SCORECARD,
        Step(
            _("When you see it otherwise"),
            _("A colour can be overridden for a time. The reason and the name stay on record and on the scorecard."),
            _list("band-overrides"),
        ),
    ),
    "pm": (
        Step(
            _("Your day begins here"),
            _("Reports that are due, late milestones, and the decisions your projects wait for."),
            _page("home", "card-reports-due"),
        ),
        Step(
            _("Your project in one look"),
            _("Computed, declared and reviewed colour side by side, and the sentences that cost the most points."),
            _worst_project("", "why-title"),
        ),
        WHY,
        Step(
            _("Keep dates where they are"),
            _("Change a forecast in the cell. The baseline stays, and health follows tonight."),
            _list("milestones", "mine=1"),
        ),
        Step(
            _("Ask for decisions"),
            _(
                "Say who decides, until when, and what a week of delay costs: the steering committee sees it on its scorecard."
            ),
            _list("decisions", "mine=1"),
        ),
    ),
    "sponsor": (
        Step(
            _("What waits for you"),
            _("Decisions by due date. One click opens the place where you write yours."),
            _page("home", "card-my-decisions"),
        ),
        Step(
            _("Your projects"),
            _("Colour, score and expected finish; each opens the project's page."),
            _page("home", "card-my-projects"),
        ),
        Step(
            _("A project in one look"),
            _("What it should cost and take, what it will, and why."),
            _worst_project("", "why-title"),
        ),
        WHY,
        Step(_("Decisions on record"), _("Who decided what, when, and with which reason."), _list("decisions")),
    ),
    "resources": (
        Step(
            _("Your day begins here"),
            _("Each card is the beginning of a list: its figure is the list's total, and its title opens it."),
            _page("home", "main"),
        ),
        Step(_("The people"), _("By unit, with the roles they hold."), _list("people")),
        Step(
            _("All projects at a glance"),
            _("The worst come first. A red resource dimension is where people are missing."),
            _page("dashboard", "fig-heat"),
        ),
        WHY,
        OWN_ACTIONS,
    ),
    "auditor": (
        Step(
            _("What to look at first"),
            _("Reports nobody reviewed, colours that were overridden, and the latest entries of the trail."),
            _page("home", "card-unreviewed"),
        ),
        Step(
            _("The trail"),
            _("Who changed what, when and why. Entries are sealed: a changed one is found."),
            _list("audit"),
        ),
        Step(
            _("Health as it was"),
            _("A past date shows what was computed then. A later edit cannot change it."),
            _list("health"),
        ),
        Step(
            _("The rules in plain words"),
            _("Weights, limits and caps of the version in force, and what each version changed."),
            _page("health-model", "main"),
        ),
        Step(_("Overrides"), _("Each with its reason, its end and the name of who decided."), _list("band-overrides")),
    ),
    "work": (
        Step(
            _("What is yours"),
            _("Your actions, issues and milestones in all projects, the most urgent first."),
            _page("home", "card-my-actions"),
        ),
        OWN_ACTIONS,
        Step(
            _("Dates you answer for"),
            _("Your milestones with baseline and forecast."),
            _list("milestones", "owner=me"),
        ),
        Step(
            _("A project in one look"),
            _("Colour, milestones, decisions and reports of a project you can see."),
            _worst_project("", "why-title"),
        ),
        REGISTRY,
    ),
}


def steps_of(key: str, user: Any) -> list[tuple[Step, str]]:
    """The steps of a tour that the reader can go, each with its address."""
    found = [(step, step.url(user)) for step in TOURS.get(key, ())]
    return [(step, url) for step, url in found if url]
