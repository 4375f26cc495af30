"""What the rooms above the kernel say on the overview of the administration, and the vocabularies they keep."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from knowledge.models import Tag
from pmo.core.administration.cards import BAD, Alert, Card, Link, Numbers, State, address, register_card, register_url
from pmo.core.administration.vocabularies import Vocabulary, register_vocabulary
from pmo.core.calendars.queries import org_today
from portfolio.models import HealthModel, Portfolio, ReportingRule, ReportPeriod
from portfolio.queries.reporting import late_on
from resources.models import Skill
from risks.models import RiskCategory


def _cycle_counts() -> dict[str, Any]:
    today = org_today()
    return {
        "rules": ReportingRule.objects.all(),
        "portfolios": Portfolio.objects.all(),
        "owed": late_on(today),
        "owed_in_all": ReportPeriod.objects.all(),
    }


def _cycles(n: Numbers, user: Any) -> State:
    lines = [
        _("%(rules)s reporting rules for %(portfolios)s portfolios")
        % {"rules": n["rules"], "portfolios": n["portfolios"]},
        ngettext("%(owed)s report overdue", "%(owed)s reports overdue", n["owed"]) % {"owed": n["owed"]},
    ]
    alerts = []
    if n["portfolios"] and not n["rules"]:
        told = _("No reporting rule: the defaults of each cycle hold")
        alerts.append(Alert(told, register_url("reporting-rules")))
    return State(lines, alerts)


def _model_counts() -> dict[str, Any]:
    today = org_today()
    models = HealthModel.objects.all()
    return {
        "models": models,
        "models_now": models.filter(valid_from__lte=today),
        "models_later": models.filter(valid_from__gt=today),
    }


def _models(n: Numbers, user: Any) -> State:
    lines = [
        _("Versions: %(models)s, %(later)s of them not in force yet")
        % {"models": n["models"], "later": n["models_later"]}
    ]
    alerts = []
    if not n["models_now"]:
        alerts.append(Alert(_("No health model is in force: nothing is computed"), address("health-model"), BAD))
    return State(lines, alerts)


def _list(key: str, label: Any = "") -> Link:
    return Link(label, "register-list", {"key": key})


def declare() -> None:
    """Called from the room's wiring."""
    register_card(
        Card(
            "cycles", "rules", gettext_lazy("Reporting cycles"), "clock", _list("reporting-rules"), _cycles, _cycle_counts,
            (
                Link(gettext_lazy("Late reports"), "reporting-late"),
                _list("report-periods", gettext_lazy("Reports due")),
                Link(gettext_lazy("On-time rate"), "reporting-on-time"),
            ), 10,
        ),
        Card(
            "health-models", "rules", gettext_lazy("Health model"), "scale", Link("", "health-model"), _models, _model_counts,
            (Link(gettext_lazy("All versions"), "health-model-history"), Link(gettext_lazy("Change the rules"), "health-model-edit")), 20,
        ),
        Card(
            "metrics", "rules", gettext_lazy("Metrics and decision rights"), "target", _list("metrics"),
            lambda n, user: State([gettext_lazy("Definitions of figures, and who decides what")]),
            links=(_list("decision-rights", gettext_lazy("Decision rights")), Link(gettext_lazy("PMO profile"), "office")), order=40,
        ),
    )  # fmt: skip
    register_vocabulary(
        Vocabulary(
            "risk-categories",
            gettext_lazy("Risk categories"),
            gettext_lazy("Risks, issues"),
            _list("risk-categories"),
            RiskCategory.objects.all,
        ),
        Vocabulary(
            "skills",
            gettext_lazy("Skills"),
            gettext_lazy("People, demand for people"),
            _list("skills"),
            Skill.objects.all,
        ),
        Vocabulary(
            "tags", gettext_lazy("Tags"), gettext_lazy("Articles, templates, records"), _list("tags"), Tag.objects.all
        ),
        Vocabulary(
            "reporting-rules",
            gettext_lazy("Reporting rules"),
            gettext_lazy("When reports are due"),
            _list("reporting-rules"),
            ReportingRule.objects.all,
        ),
    )
