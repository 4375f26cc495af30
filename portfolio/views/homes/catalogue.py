"""Every card of every home."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.utils.translation import gettext_lazy, ngettext

from portfolio.views.homes import lines
from portfolio.views.homes.cards import Card, Gap, Reader

_AHEAD = datetime.timedelta(days=7)


def _on_health_day(rest: str) -> Callable[[Reader], str | None]:
    def query(reader: Reader) -> str | None:
        return None if reader.health_day is None else f"date={reader.health_day}&{rest}"

    return query


def _always(query: str) -> Callable[[Reader], str | None]:
    return lambda reader: query


def _before_today(rest: str) -> Callable[[Reader], str | None]:
    return lambda reader: f"{rest}&baseline_date__lt={reader.today}"


OPEN_WORK = "state=open&state=doing"

EXCEPTIONS = Card(
    key="exceptions",
    title=gettext_lazy("Off track"),
    register="health",
    query=_on_health_day("band=red"),
    line=lines.health,
    empty=gettext_lazy("No project is off track."),
    said=lambda n: ngettext("%(n)s project is off track", "%(n)s projects are off track", n) % {"n": n},
    joins=["project", "project__pm"],
    sort="overall",
    urgent=True,
)
WATERMELONS = Card(
    key="watermelons",
    title=gettext_lazy("Watermelons"),
    note=gettext_lazy("Declared better than computed"),
    register="health",
    query=_on_health_day("watermelon=1"),
    line=lines.watermelon,
    empty=gettext_lazy("No report is better than its figures."),
    said=lambda n: "",
    joins=["project", "project__pm"],
    sort="overall",
)
LATE_REPORTS = Card(
    key="late-reports",
    title=gettext_lazy("Late reports"),
    note=gettext_lazy("Past their due date"),
    register="report-periods",
    query=lambda reader: f"standing_at=late@{reader.today}",
    line=lines.late_report,
    empty=gettext_lazy("Every report that was due has been handed in."),
    said=lambda n: ngettext("%(n)s report is late", "%(n)s reports are late", n) % {"n": n},
    joins=["project", "owner"],
    sort="due_on",
    urgent=True,
)
TO_REVIEW = Card(
    key="to-review",
    title=gettext_lazy("Reports to review"),
    register="status-reports",
    query=_always("state=submitted"),
    line=lines.report,
    empty=gettext_lazy("No report waits for a review."),
    said=lambda n: ngettext("%(n)s report waits for a review", "%(n)s reports wait for a review", n) % {"n": n},
    joins=["project", "author"],
    sort="submitted_on",
)
DECISIONS_DUE = Card(
    key="decisions-due",
    title=gettext_lazy("Decisions due"),
    note=gettext_lazy("Within 7 days"),
    register="decisions",
    query=lambda reader: f"state=open&needed_by__lte={reader.today + _AHEAD}",
    line=lines.decision,
    empty=gettext_lazy("No decision is due within 7 days."),
    said=lambda n: ngettext("%(n)s decision is due this week", "%(n)s decisions are due this week", n) % {"n": n},
    joins=["project", "decider"],
    sort="needed_by",
)
REPORTS_DUE = Card(
    key="reports-due",
    title=gettext_lazy("Reports due"),
    register="report-periods",
    query=lambda reader: f"mine=1&standing_at=late@{reader.today}&standing_at=due@{reader.today}",
    line=lines.report_due,
    empty=gettext_lazy("No report is due."),
    said=lambda n: ngettext("%(n)s report is due", "%(n)s reports are due", n) % {"n": n},
    joins=["project"],
    sort="due_on",
    urgent=True,
)
MY_PROJECTS = Card(
    key="my-projects",
    title=gettext_lazy("My projects"),
    register="projects",
    query=_always("mine=1"),
    line=lines.project,
    empty=gettext_lazy("You have no part in a running project."),
    said=lambda n: "",
    columns=["name", "health", "health_band"],
    sort="health",
)
LATE_MILESTONES = Card(
    key="late-milestones",
    title=gettext_lazy("Late milestones"),
    register="milestones",
    query=_before_today("mine=1&actual_date__isnull=1"),
    line=lines.milestone,
    empty=gettext_lazy("No milestone is late."),
    said=lambda n: ngettext("%(n)s milestone is late", "%(n)s milestones are late", n) % {"n": n},
    joins=["project"],
    sort="baseline_date",
    urgent=True,
)
MY_MILESTONES = Card(
    key="my-milestones",
    title=gettext_lazy("My milestones"),
    register="milestones",
    query=_always("owner=me&actual_date__isnull=1"),
    line=lines.milestone,
    empty=gettext_lazy("You own no open milestone."),
    said=lambda n: "",
    joins=["project"],
    sort="baseline_date",
)
MY_ACTIONS = Card(
    key="my-actions",
    title=gettext_lazy("My actions"),
    register="actions",
    query=_always(f"owner=me&{OPEN_WORK}"),
    line=lines.action,
    empty=gettext_lazy("You own no open action."),
    said=lambda n: ngettext("%(n)s action is yours", "%(n)s actions are yours", n) % {"n": n},
    joins=["project"],
    sort="due_on",
)
MY_ISSUES = Card(
    key="my-issues",
    title=gettext_lazy("My issues"),
    register="issues",
    query=_always(f"owner=me&{OPEN_WORK}"),
    line=lines.issue,
    empty=gettext_lazy("You own no open issue."),
    said=lambda n: ngettext("%(n)s issue is yours", "%(n)s issues are yours", n) % {"n": n},
    joins=["project"],
    sort="severity,due_on",
)
AWAITED = Card(
    key="awaited-decisions",
    title=gettext_lazy("Decisions I wait for"),
    register="decisions",
    query=_always("mine=1&state=open"),
    line=lines.decision,
    empty=gettext_lazy("You wait for no decision."),
    said=lambda n: ngettext("%(n)s decision is pending", "%(n)s decisions are pending", n) % {"n": n},
    joins=["project", "decider"],
    sort="needed_by",
)
TO_DECIDE = Card(
    key="my-decisions",
    title=gettext_lazy("Decisions that wait for me"),
    register="decisions",
    query=_always("decider=me&state=open"),
    line=lines.decision_to_take,
    empty=gettext_lazy("No decision waits for you."),
    said=lambda n: ngettext("%(n)s decision waits for you", "%(n)s decisions wait for you", n) % {"n": n},
    joins=["project"],
    sort="needed_by",
    urgent=True,
)
CHARTERS = Card(
    key="charters",
    title=gettext_lazy("Charters to approve"),
    register="charters",
    query=_always("state=submitted&project__sponsor=me"),
    line=lines.charter,
    empty=gettext_lazy("No charter waits for your approval."),
    said=lambda n: ngettext("%(n)s charter waits for you", "%(n)s charters wait for you", n) % {"n": n},
    joins=["project", "project__pm"],
    sort="submitted_on",
    urgent=True,
)
REPORTS_BEGUN = Card(
    key="reports-begun",
    title=gettext_lazy("Reports under way"),
    register="status-reports",
    query=_always("mine=1&state=draft&state=returned"),
    line=lines.draft,
    empty=gettext_lazy("You have no draft, and no report was returned to you."),
    said=lambda n: "",
    joins=["project", "author"],
    sort="-state,period_end",
    quiet=True,
)
IN_APPROVAL = Card(
    key="in-approval",
    title=gettext_lazy("Charters in approval"),
    register="charters",
    query=_always("mine=1&state=submitted"),
    line=lines.charter_waiting,
    empty=gettext_lazy("No charter of your projects waits for an approval."),
    said=lambda n: "",
    joins=["project", "project__sponsor"],
    sort="submitted_on",
    quiet=True,
)
TO_ACCEPT = Card(
    key="to-accept",
    title=gettext_lazy("Deliverables in acceptance"),
    note=gettext_lazy("Submitted, not accepted yet"),
    register="deliverables",
    query=_always("mine=1&state=submitted"),
    line=lines.deliverable,
    empty=gettext_lazy("No deliverable waits for its acceptance."),
    said=lambda n: "",
    joins=["project", "owner"],
    sort="due_on",
    quiet=True,
)
MY_RISKS = Card(
    key="my-risks",
    title=gettext_lazy("My risks"),
    register="risks",
    query=_always("owner=me&status=identified&status=analysed&status=responding"),
    line=lines.risk,
    empty=gettext_lazy("You own no open risk."),
    said=lambda n: "",
    joins=["project"],
    sort="review_on",
)
PROPOSED = Card(
    key="proposed",
    title=gettext_lazy("Allocations to commit"),
    register="allocations",
    query=_always("state=proposed"),
    line=lines.allocation,
    empty=gettext_lazy("No allocation waits for a commitment."),
    said=lambda n: ngettext("%(n)s allocation waits", "%(n)s allocations wait", n) % {"n": n},
    joins=["project", "person", "role"],
    sort="starts_on",
)
BOOKINGS = Card(
    key="bookings",
    title=gettext_lazy("Bookings to confirm"),
    register="equipment-bookings",
    query=_always("state=requested"),
    line=lines.booking,
    empty=gettext_lazy("No booking waits for a confirmation."),
    said=lambda n: ngettext("%(n)s booking waits", "%(n)s bookings wait", n) % {"n": n},
    joins=["project", "equipment"],
    sort="starts_on",
)
OVERRIDES = Card(
    key="overrides",
    title=gettext_lazy("Colour overrides"),
    note=gettext_lazy("Shown otherwise than the rule"),
    register="band-overrides",
    query=_always(""),
    line=lines.override,
    empty=gettext_lazy("No portfolio is shown otherwise than by the rule."),
    said=lambda n: ngettext("%(n)s colour was overridden", "%(n)s colours were overridden", n) % {"n": n},
    joins=["portfolio", "decided_by"],
    sort="-starts_on",
)
UNREVIEWED = Card(
    key="unreviewed",
    title=gettext_lazy("Published without a review"),
    register="status-reports",
    query=lambda reader: (
        f"state=published&reviewed=grey&published_on__gte={reader.today - datetime.timedelta(days=90)}"
    ),
    line=lines.report,
    empty=gettext_lazy("Every report of the last 90 days was reviewed."),
    said=lambda n: ngettext("%(n)s report was not reviewed", "%(n)s reports were not reviewed", n) % {"n": n},
    joins=["project", "author"],
    sort="-published_on",
    note=gettext_lazy("Last 90 days"),
)
TRAIL = Card(
    key="trail",
    title=gettext_lazy("Latest entries"),
    register="audit",
    query=_always(""),
    line=lines.audit,
    empty=gettext_lazy("The trail is empty."),
    said=lambda n: "",
    sort="-at",
)
GAPS = (
    Gap("portfolio", gettext_lazy("Running projects without a portfolio"), "projects", _always("status=in_progress&portfolio__isnull=1")),
    Gap("pm", gettext_lazy("Running projects without a project manager"), "projects", _always("status=in_progress&pm__isnull=1")),
    Gap("budget", gettext_lazy("Projects without a budget"), "health", _on_health_day("bac__isnull=1")),
    Gap("grey", gettext_lazy("Not enough data for a colour"), "health", _on_health_day("band=grey")),
    Gap("forecast", gettext_lazy("Open milestones without a forecast"), "milestones", _always("actual_date__isnull=1&forecast_date__isnull=1")),
    Gap("issues", gettext_lazy("Open issues without an owner"), "issues", _always(f"{OPEN_WORK}&owner__isnull=1")),
    Gap("actions", gettext_lazy("Open actions without a due date"), "actions", _always(f"{OPEN_WORK}&due_on__isnull=1")),
    Gap("decisions", gettext_lazy("Pending decisions without a date"), "decisions", _always("state=open&needed_by__isnull=1")),
    Gap("articles", gettext_lazy("Articles whose review date has passed"), "articles", _always("review_due=1")),
)  # fmt: skip
