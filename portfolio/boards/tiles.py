"""Every tile, and with which a role begins."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from portfolio.access_upkeep import ADOPTION, GAPS
from portfolio.boards import groups, health, money, reporting, work
from portfolio.boards.declaration import Tile, declare
from portfolio.boards.lists import card_data
from portfolio.views.homes import catalogue as cards
from projects.access import MONEY

_PMO = frozenset({Role.PMO_ADMIN.value, Role.PMO_ANALYST.value})
_LEADERS = frozenset({Role.EXECUTIVE.value, Role.PORTFOLIO_OWNER.value})
FIGURE, TABLE, COUNTS, HEADLINES = (
    f"portfolio/boards/tile_{name}.html" for name in ("figure", "table", "counts", "headlines")
)

PORTFOLIO = (
    Tile("counts", _("Projects by colour"), _("How many projects are red, amber, green or without data."), health.counts,
         how=_("Computed health of each project on the day. Every number opens the list of its projects."),
         sizes=(1, 2), template=COUNTS, roles=_PMO | _LEADERS, statements=1),
    Tile("headlines", _("Headline figures"), _("Health, forecast, cost performance, milestones, reports and watermelons with their course over half a year."),
         money.headlines, sizes=(4,), template=HEADLINES, roles=_PMO | _LEADERS, statements=6,
         how=_("Sums over the projects of the choice on the day, then ratios. Forecast and cost performance count the projects that know both terms.")),
    Tile("heat", _("Health heat map"), _("Every project against every dimension of health, the worst first."), health.heat,
         sizes=(4, 3), template=FIGURE, roles=_PMO, statements=3, chart=True),
    Tile("changes", _("Changes since the last run"), _("Since the last run: other colours, new reds, slipped milestones, reports newly late."), health.changes,
         how=_("Each project's figures beside those of the run before. A milestone slipped where it is expected later than at the end of that day; a report is newly late where it was not late then."),
         roles=_PMO, statements=6),
    Tile("late-reports", _("Late reports"), _("Reports that are due and not handed in, the longest silence first."), reporting.late_reports,
         how=_("A report is late after its due date while no later period has ended. Since: the due date of the first of the unbroken run."),
         roles=_PMO, statements=6),
    Tile("on-time", _("Reports on time"), _("Share of the reports handed in by their due date, by project manager."), reporting.on_time,
         how=_("Reports that fell due within the last six periods of their cycle; on time is what was handed in by the due date."),
         sizes=(2, 1, 4), template=TABLE, roles=_PMO, statements=3, group="quality"),
    Tile("early-warnings", _("Early warnings"), _("Who will probably turn to a worse colour within eight weeks, and why."), reporting.early_warnings,
         how=_("The chance comes from the course of each project's own figures; the page of early warnings says how good the warnings have been."),
         sizes=(2, 1, 4), roles=_PMO | _LEADERS, statements=6),
    Tile("watermelons", _("Watermelons"), _("Projects declared better than computed, with what the figures say against it."), health.watermelons,
         how=_("The colour of the last report is better than the computed one. The sentence names the measure that costs most points."),
         sizes=(2, 1, 4), roles=_PMO, statements=6),
    Tile("slips", _("Milestone slips"), _("Open milestones that are expected later than their baseline, the longest slip first."), work.slips,
         how=_("Forecast minus baseline in calendar days, of milestones that are not reached."), roles=_PMO, statements=6),
    Tile("exceptions", _("Exceptions"), _("The projects one should know about, a sentence each."), health.exceptions,
         how=_("Red before amber, the lowest health first. The sentence names the measure that costs most points."),
         sizes=(2, 4), roles=_LEADERS, statements=6),
    Tile("gaps", _("Data gaps"), _("What the records of live projects should say and do not, rule by rule."), work.gaps,
         how=_("Rows that break each rule on the day; a gap that is put off is not counted until its day."),
         permission=GAPS, roles=_PMO, statements=8, group="quality"),
    Tile("use", _("Use of the tool"), _("People who signed in, week by week."), reporting.use, sizes=(2, 4), template=FIGURE,
         permission=ADOPTION, roles=_PMO, statements=3, chart=True, today_only=True, group="quality"),
    Tile("roadmap", _("Roadmap"), _("Plan and forecast of the worst projects with their key milestones."), money.roadmap,
         sizes=(4, 2), template=FIGURE, roles=_PMO, statements=4, chart=True),
)  # fmt: skip
EXECUTIVE = (
    Tile("decisions", _("Decisions needed"), _("Pending decisions by due date, to decide with a reason in one step."), work.decisions,
         how=_("Decisions that are pending in the projects of the choice. Overdue: needed before the day."),
         sizes=(2, 4), template="portfolio/boards/tile_decisions.html", roles=_LEADERS | _PMO, statements=6, group="executive"),
    Tile("by-portfolio", _("Portfolios compared"), _("Projects by colour and forecast against budget for each portfolio."), groups.by_portfolio,
         how=_("By the portfolio in which each project lay on the day. Forecast against budget counts the projects that know both."),
         sizes=(2, 4), template=TABLE, roles=_LEADERS, statements=3, group="executive"),
    Tile("by-unit", _("Business units compared"), _("Projects by colour and forecast against budget for each business unit."), groups.by_unit,
         how=_("By the business unit to which each project belonged on the day. Forecast against budget counts the projects that know both."),
         sizes=(2, 4), template=TABLE, roles=_LEADERS, statements=4, group="executive"),
    Tile("by-theme", _("Strategic themes compared"), _("Projects by colour and forecast against budget for each strategic theme."), groups.by_theme,
         how=_("A project counts in every theme to which one of its contributions led on the day."),
         sizes=(2, 4), template=TABLE, roles=_LEADERS, statements=4, group="executive"),
    Tile("months", _("Month by month"), _("The day beside the last month-ends: colours and forecast against budget."), groups.months,
         how=_("The last computed day of each month, with the projects that were in the choice on that day."),
         sizes=(2, 4), template=TABLE, roles=_LEADERS, statements=4, group="executive"),
    Tile("money", _("Budget, actual and forecast"), _("Budget, actual and forecast by business unit, to completion."), money.money_by_unit,
         sizes=(2, 4), template=FIGURE, permission=MONEY, roles=_LEADERS | _PMO, statements=4, chart=True, group="executive"),
    Tile("bridge", _("From budget to forecast"), _("Which projects make the difference between budget and forecast."), money.bridge,
         sizes=(2, 4), template=FIGURE, permission=MONEY, roles=_PMO, statements=2, chart=True, group="executive"),
    Tile("value", _("Value against health"), _("Strategic value of the projects against their health."), money.value,
         sizes=(2,), template=FIGURE, roles=_LEADERS, statements=3, chart=True, group="executive"),
    Tile("course", _("Health week by week"), _("Health of the choice over half a year."), money.course,
         sizes=(2, 4), template=FIGURE, roles=_LEADERS, statements=4, chart=True, group="executive"),
)  # fmt: skip


def _mine(card: Any, about: Any, how: Any = "", **more: Any) -> Tile:
    """A tile of the reader's own work: the first rows of a card's list."""
    given = {"statements": 6, "group": "work", "note": card.note, **more}
    return Tile(
        card.key,
        card.title,
        about,
        card_data(card),
        how=how or _("The first rows of the list behind the number."),
        **given,
    )


WORK = (
    _mine(cards.REPORTS_DUE, _("Reports of your projects that are due or late."),
          how=_("Periods that have ended without a report being handed in; the due date comes from the reporting cycle.")),
    _mine(cards.LATE_MILESTONES, _("Milestones of your projects that are past their baseline and not reached.")),
    _mine(cards.REPORTS_BEGUN, _("Drafts and returned reports of your projects."), today_only=True),
    _mine(cards.IN_APPROVAL, _("Charters of your projects that wait for an approval."), today_only=True),
    _mine(cards.TO_ACCEPT, _("Deliverables of your projects that were submitted and not accepted yet."), today_only=True),
    _mine(cards.MY_RISKS, _("Open risks that you own, by the day of their review.")),
    _mine(cards.MY_ACTIONS, _("Open actions that you own, by due date.")),
    _mine(cards.MY_ISSUES, _("Open issues that you own, the gravest first.")),
    _mine(cards.MY_MILESTONES, _("Open milestones that you own, by baseline.")),
    _mine(cards.MY_PROJECTS, _("Running projects in which you have a part, with health and expected finish."), today_only=True),
    _mine(cards.AWAITED, _("Pending decisions of your projects.")),
    _mine(cards.TO_DECIDE, _("Pending decisions that wait for you.")),
    _mine(cards.CHARTERS, _("Submitted charters of the projects you sponsor."), today_only=True),
    _mine(cards.TO_REVIEW, _("Submitted status reports that wait for the PMO."), today_only=True, roles=_PMO),
    _mine(cards.DECISIONS_DUE, _("Pending decisions that are needed within seven days.")),
    _mine(cards.PROPOSED, _("Allocations that wait to be committed."), today_only=True),
    _mine(cards.BOOKINGS, _("Equipment bookings that wait for a confirmation."), today_only=True),
    _mine(cards.OVERRIDES, _("Portfolios shown in another colour than the rule."), today_only=True),
    _mine(cards.UNREVIEWED, _("Reports of the last 90 days that were published without a review."), today_only=True),
)  # fmt: skip


def declare_all() -> None:
    """Make every tile known, in the order of the gallery."""
    for tile in (*PORTFOLIO, *EXECUTIVE, *WORK):
        declare(tile)
