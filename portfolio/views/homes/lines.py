"""How a row of each register reads on a card."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pmo.core.registers.audit_register import action_words, actor_words, model_label
from pmo.core.web.formats import EMPTY, format_date, format_datetime, format_score
from pmo.core.web.rag import rag_change_html, rag_html
from portfolio.views.homes.cards import Line, Reader
from projects.models import StatusReport
from projects.queries.report_periods import period_label


def row_url(register: str, pk: int) -> str:
    """The page of a row."""
    return reverse("register-detail", kwargs={"key": register, "pk": pk})


def _tab(pk: int, tab: str) -> str:
    return reverse("register-tab", kwargs={"key": "projects", "pk": pk, "tab": tab})


def _date(day: Any, reader: Reader) -> str:
    return EMPTY if day is None else format_date(day, reader.lang, reader.today, weekday=False)


def _joined(*parts: Any) -> str:
    return pgettext("list", ", ").join(str(part) for part in parts if part)


def health(row: Any, reader: Reader) -> Line:
    """A snapshot: the project, who manages it, its colour and score."""
    end = format_html("{} <b>{}</b>", rag_html(row.band, "word"), format_score(row.overall, reader.lang))
    return Line(row.project, f"{_tab(row.project_id, 'health')}?date={row.date}", row.project.pm or "", end)


def watermelon(row: Any, reader: Reader) -> Line:
    """A snapshot whose declared colour is better: both colours and the score."""
    mark = rag_change_html(row.declared, row.band)
    end = format_html("{} <b>{}</b>", mark, format_score(row.overall, reader.lang))
    return Line(row.project, _tab(row.project_id, "reports"), row.project.pm or "", end)


def late_report(row: Any, reader: Reader) -> Line:
    """A report that is late: the project, who owes it, and when it was due."""
    return Line(row.project, _tab(row.project_id, "reports"), row.owner or "", _due(row, reader), late=True)


def _due(row: Any, reader: Reader) -> str:
    return _("due %(date)s") % {"date": _date(row.due_on, reader)}


def report(row: Any, reader: Reader) -> Line:
    """A report that waits for review."""
    url = reverse("report-page", kwargs={"pk": row.pk})
    end = format_html("{}", rag_html(row.declared, "word"))
    return Line(row.project, url, _joined(row.author, _date(row.submitted_on, reader)), end)


def decision(row: Any, reader: Reader) -> Line:
    """A decision: project and decision maker, the day it is needed."""
    late = row.needed_by is not None and row.needed_by < reader.today
    note = _joined(row.project, row.decider)
    return Line(row.title, row_url("decisions", row.pk), note, _date(row.needed_by, reader), late)


def decision_to_take(row: Any, reader: Reader) -> Line:
    """A decision that waits for the reader: one click to decide."""
    late = row.needed_by is not None and row.needed_by < reader.today
    url = reverse("register-edit", kwargs={"key": "decisions", "pk": row.pk})
    return Line(
        row.title, row_url("decisions", row.pk), str(row.project), _date(row.needed_by, reader), late, _("Decide"), url
    )


def milestone(row: Any, reader: Reader) -> Line:
    """A milestone: baseline at the right, forecast below."""
    late = row.baseline_date is not None and row.baseline_date < reader.today
    told = _("forecast %(date)s") % {"date": _date(row.forecast_date, reader)} if row.forecast_date else ""
    return Line(
        row.name, row_url("milestones", row.pk), _joined(row.project, told), _date(row.baseline_date, reader), late
    )


def action(row: Any, reader: Reader) -> Line:
    """An action with the day it is due."""
    late = row.due_on is not None and row.due_on < reader.today
    return Line(row.title, row_url("actions", row.pk), str(row.project), _date(row.due_on, reader), late)


def issue(row: Any, reader: Reader) -> Line:
    """An issue with its severity and due date."""
    late = row.due_on is not None and row.due_on < reader.today
    note = _joined(row.project, _date(row.due_on, reader) if row.due_on else "")
    return Line(row.title, row_url("issues", row.pk), note, row.get_severity_display(), late)


def project(row: Any, reader: Reader) -> Line:
    """A project with its colour and expected finish."""
    band, score = getattr(row, "reg_health_band", None), getattr(row, "reg_health", None)
    end = format_html("{} <b>{}</b>", rag_html(band, "word"), format_score(score, reader.lang))
    told = _("finish %(date)s") % {"date": _date(row.forecast_finish or row.planned_finish, reader)}
    return Line(row.name, row_url("projects", row.pk), _joined(row.code, told), end)


def report_due(row: Any, reader: Reader) -> Line:
    """A report that is due: one click to write it."""
    url = reverse("report-new") + f"?project={row.project_id}"
    page, late = row_url("projects", row.project_id), row.due_on < reader.today
    return Line(row.project, page, row.project.code, _due(row, reader), late, _("Write report"), url)


def draft(row: Any, reader: Reader) -> Line:
    """A report that is begun or came back: one click to go on."""
    url = reverse("report-edit", kwargs={"pk": row.pk})
    back = row.state == StatusReport.State.RETURNED
    action = _("Correct") if back else _("Continue")
    note = _joined(period_label(row.period_start, row.period_end, reader.lang), row.author)
    return Line(
        row.project, reverse("report-page", kwargs={"pk": row.pk}), note, row.get_state_display(), back, action, url
    )


def deliverable(row: Any, reader: Reader) -> Line:
    """A deliverable that was handed over, and when it is due."""
    late = row.due_on is not None and row.due_on < reader.today
    url = reverse("register-tab", kwargs={"key": "deliverables", "pk": row.pk, "tab": "acceptance"})
    return Line(row.name, url, _joined(row.project, row.owner), _date(row.due_on, reader), late)


def charter(row: Any, reader: Reader) -> Line:
    """A charter that was submitted: one click to read and approve it."""
    url = reverse("project-charter", kwargs={"pk": row.project_id})
    return Line(row.project, url, row.project.pm or "", _date(row.submitted_on, reader), False, _("Approve"), url)


def charter_waiting(row: Any, reader: Reader) -> Line:
    """A charter of one's project that waits: with whom, since when."""
    url = reverse("project-charter", kwargs={"pk": row.project_id})
    return Line(row.project, url, row.project.sponsor or "", _date(row.submitted_on, reader))


def risk(row: Any, reader: Reader) -> Line:
    """A risk with the day it is to be reviewed."""
    late = row.review_on is not None and row.review_on < reader.today
    return Line(row.title, row_url("risks", row.pk), str(row.project), _date(row.review_on, reader), late)


def allocation(row: Any, reader: Reader) -> Line:
    """A proposed allocation: who, where, how much, from when."""
    share = _("%(percent)s%% from %(date)s") % {"percent": row.percent, "date": _date(row.starts_on, reader)}
    return Line(row.person or row.role or row.project, row_url("allocations", row.pk), str(row.project), share)


def booking(row: Any, reader: Reader) -> Line:
    """A booking that waits: what, for which project, from when."""
    return Line(row.equipment, row_url("equipment-bookings", row.pk), str(row.project), _date(row.starts_on, reader))


def override(row: Any, reader: Reader) -> Line:
    """A portfolio shown in another colour than the rule."""
    note = _joined(row.decided_by, row.reason)
    return Line(row.portfolio, row_url("band-overrides", row.pk), note, rag_html(row.band, "word"))


def audit(row: Any, reader: Reader) -> Line:
    """An entry of the trail: what, by whom, when."""
    moment = format_datetime(timezone.localtime(row.at), reader.lang, reader.today)
    words = _joined(actor_words(row.actor_name, row, reader.lang), action_words(row.action, row, reader.lang))
    return Line(row.object_label or model_label(row.model, row, reader.lang), row_url("audit", row.pk), words, moment)
