"""The cards of mail, receivers outside, switches, retention and background work."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pmo.core.administration.cards import (
    BAD,
    Alert,
    Card,
    Link,
    Numbers,
    State,
    Told,
    address,
    register_card,
    register_url,
)
from pmo.core.calendars.queries import organisation
from pmo.core.features.api import off_keys
from pmo.core.features.declaration import all_features
from pmo.core.jobs.models import Job
from pmo.core.jobs.ticks import ages
from pmo.core.messages.models import Channel, ChatGroup, MessageDelivery, Webhook
from pmo.core.registers.models import ApiToken
from pmo.core.retention.api import periods

# Failures that a card still tells.
RECENT = datetime.timedelta(days=7)
_QUIET_SECONDS = 300
# The same days as RECENT, in the words of a list.
_FAILED = "?state=failed&state=dead&created_at__gte=today-7&sort=-created_at"


def _recent() -> datetime.datetime:
    return timezone.now() - RECENT


def _mail_counts() -> dict[str, Any]:
    state = MessageDelivery.State
    mails = MessageDelivery.objects.filter(channel__in=[Channel.EMAIL, Channel.DIGEST])
    return {
        "mail_sent": mails.filter(state=state.SENT, sent_at__gte=_recent()),
        "mail_waiting": mails.filter(state__in=[state.WAITING, state.SENDING]),
        "mail_dead": mails.filter(state=state.DEAD, created_at__gte=_recent()),
    }


def _mail(n: Numbers, user: Any) -> State:
    from pmo.core.administration.mail import way_out

    way = way_out()
    sent = ngettext("%(count)s mail delivered in seven days", "%(count)s mails delivered in seven days", n["mail_sent"])
    waiting = ngettext("%(count)s mail waiting", "%(count)s mails waiting", n["mail_waiting"])
    lines: list[Any] = [
        str(way.sentence),
        Told(sent % {"count": n["mail_sent"]}, address("mail-settings", query="?state=sent#mails")),
        Told(waiting % {"count": n["mail_waiting"]}, address("mail-settings", query="?state=waiting#mails")),
    ]
    alerts = [] if way.sends else [Alert(_("Mail is not sent: no mail server is set"), address("mail-settings"))]
    if n["mail_dead"]:
        told = ngettext("%(count)s mail was given up", "%(count)s mails were given up", n["mail_dead"])
        alerts.append(Alert(told % {"count": n["mail_dead"]}, address("mail-settings", query="?state=dead#mails"), BAD))
    return State(lines, alerts)


def _receiver_counts() -> dict[str, Any]:
    return {
        "hooks": Webhook.objects.filter(active=True),
        "chats": ChatGroup.objects.filter(active=True),
        "hooks_bad": Webhook.objects.filter(failures__gt=0),
        "chats_bad": ChatGroup.objects.filter(failures__gt=0),
    }


def _receivers(n: Numbers, user: Any) -> State:
    lines = [_("%(hooks)s webhooks and %(chats)s chat groups are told") % {"hooks": n["hooks"], "chats": n["chats"]}]
    bad = n["hooks_bad"] + n["chats_bad"]
    alerts = []
    if bad:
        told = ngettext("%(count)s receiver outside has failures", "%(count)s receivers outside have failures", bad)
        alerts.append(Alert(told % {"count": bad}, address("webhooks"), BAD))
    return State(lines, alerts)


def _switches(n: Numbers, user: Any) -> State:
    known = all_features()
    off = [feature for feature in known if feature.key in off_keys()]
    lines: list[Any] = [_("%(on)s of %(all)s features are on") % {"on": len(known) - len(off), "all": len(known)}]
    if off:
        lines.append(_("Off: %(names)s") % {"names": _(", ").join(str(feature.label) for feature in off)})
    return State(lines)


def _retention(n: Numbers, user: Any) -> State:
    found = periods()
    kept = [period for period in found if period.days is None]
    decided = sum(period.decided for period in found)
    text = ngettext("%(count)s kind of rows", "%(count)s kinds of rows", len(found)) % {"count": len(found)}
    more = _("%(decided)s decided here, %(kept)s kept for ever") % {"decided": decided, "kept": len(kept)}
    return State([text, more])


def _token_counts() -> dict[str, Any]:
    now = timezone.now()
    return {"tokens": ApiToken.objects.filter(revoked_at__isnull=True, expires_at__gt=now, user__is_active=True)}


def _tokens(n: Numbers, user: Any) -> State:
    return State(
        [ngettext("%(count)s token in force", "%(count)s tokens in force", n["tokens"]) % {"count": n["tokens"]}]
    )


def _job_counts() -> dict[str, Any]:
    state = Job.State
    return {
        "jobs_live": Job.objects.filter(state__in=[state.QUEUED, state.RUNNING]),
        "jobs_bad": Job.objects.filter(state__in=[state.FAILED, state.DEAD], created_at__gte=_recent()),
    }


def _jobs(n: Numbers, user: Any) -> State:
    live = ngettext("%(count)s job waiting or running", "%(count)s jobs waiting or running", n["jobs_live"])
    failed = ngettext("%(count)s job failed in seven days", "%(count)s jobs failed in seven days", n["jobs_bad"])
    lines: list[Any] = [
        _("Nightly run at %(time)s, %(zone)s")
        % {"time": f"{organisation().nightly_time:%H:%M}", "zone": organisation().time_zone},
        Told(live % {"count": n["jobs_live"]}, register_url("jobs", "?state=queued&state=running")),
        Told(failed % {"count": n["jobs_bad"]}, register_url("jobs", _FAILED)),
    ]
    alerts = []
    signs = ages(timezone.now())
    silent = [name for name, seconds in signs.items() if seconds is None or seconds > _QUIET_SECONDS]
    if silent:
        told = _("No sign of life from background work: nothing is computed, sent or imported")
        alerts.append(Alert(told, address("job-list"), BAD))
    if n["jobs_bad"]:
        alerts.append(Alert(failed % {"count": n["jobs_bad"]}, register_url("jobs", _FAILED)))
    return State(lines, alerts)


def declare() -> None:
    """Make the cards known."""
    register_card(
        Card(
            "retention", "data", gettext_lazy("Retention"), "clock", Link("", "retention"), _retention,
            links=(Link(gettext_lazy("Personal data"), "register-list", {"key": "people"}),), order=30,
        ),
        Card(
            "audit", "data", gettext_lazy("Audit trail"), "history",
            Link("", "register-list", {"key": "audit"}), lambda n, user: State([gettext_lazy("Who changed what, when and why")]),
            links=(Link(gettext_lazy("Search and verify"), "audit-check"),), order=40,
        ),
        Card("mail", "system", gettext_lazy("Mail"), "mail", Link("", "mail-settings"), _mail, _mail_counts, order=10),
        Card(
            "receivers", "system", gettext_lazy("Webhooks and chat groups"), "link", Link("", "webhooks"), _receivers,
            _receiver_counts, order=20,
        ),
        Card("tokens", "system", gettext_lazy("API tokens"), "key", Link("", "api-docs"), _tokens, _token_counts, order=30),
        Card("features", "system", gettext_lazy("Feature switches"), "gear", Link("", "features"), _switches, order=40),
        Card("jobs", "system", gettext_lazy("Background work"), "job", Link("", "job-list"), _jobs, _job_counts, order=50),
    )  # fmt: skip
