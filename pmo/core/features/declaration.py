"""What can be switched off. Only what code really reads is declared here or in the wiring of a room."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Feature:
    """`about` says what it does, `consequence` what happens to what is there when it is switched off."""

    key: str
    label: Text
    about: Text
    consequence: Text
    url_name: str = ""


class UnknownFeature(LookupError):
    """Nobody declares a feature of this key."""


CALENDAR_FEEDS = "calendar_feeds"
WEBHOOKS = "webhooks"
CHATS = "chat_groups"
API_TOKENS = "api_tokens"
PUBLIC_VIEWS = "public_views"
REPORT_MAIL = "report_mail"
EXPORTS = "exports"

_features: dict[str, Feature] = {}


def declare_feature(*features: Feature) -> None:
    """Make features known; call it from the wiring. A later one of the same key takes its place."""
    for feature in features:
        _features[feature.key] = feature


def all_features() -> list[Feature]:
    """In the order of their declaration."""
    return list(_features.values())


def feature(key: str) -> Feature:
    """The declared feature. Raises UnknownFeature."""
    try:
        return _features[key]
    except KeyError as error:
        raise UnknownFeature(f"No feature is called {key!r}.") from error


def declare() -> None:
    """The kernel's own."""
    declare_feature(
        Feature(
            CALENDAR_FEEDS,
            _("Calendar feeds"),
            _("Secret addresses at which calendar programs read due dates without signing in."),
            _("Existing addresses answer “not found”; they work again when it is switched on."),
            "calendar-feeds",
        ),
        Feature(
            WEBHOOKS,
            _("Webhooks"),
            _("Programs outside are told of events."),
            _("Nothing is sent; what happens meanwhile is not told later."),
            "webhooks",
        ),
        Feature(
            CHATS,
            _("Chat groups"),
            _("Robots tell groups in WeCom, DingTalk, Feishu, Teams or Slack of events."),
            _("Nothing is sent; what happens meanwhile is not told later."),
            "webhooks",
        ),
        Feature(
            API_TOKENS,
            _("API tokens"),
            _("People let programs use the API with their own rights."),
            _("Calls with a token are refused; nobody can make a new one, everybody can still revoke theirs."),
            "token-list",
        ),
        Feature(
            EXPORTS,
            _("Export of lists"),
            _("Lists can be saved as CSV, Excel or PDF by those who may open them."),
            _("The buttons disappear and the addresses are refused; a page can still be printed."),
        ),
        Feature(
            PUBLIC_VIEWS,
            _("Views for everybody"),
            _("The PMO shows saved views of lists to everybody."),
            _("Views that are shown to everybody stay; no further one can be."),
        ),
        Feature(
            REPORT_MAIL,
            _("Reports by mail"),
            _("Kept reports are sent to subscribers on their day, with a PDF or a workbook."),
            _("Nothing is sent on the days that pass; subscriptions stay."),
            "built-reports",
        ),
    )
