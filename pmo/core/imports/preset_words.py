"""Ready-made mappings in words: what each is called, and which files it is for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, tuple[Any, Any]] = {
    "jira": (
        _("Jira"),
        _(
            "Epics or initiatives from the issue search, as CSV, Chinese or English. An issue becomes a project, its Jira project the programme."
        ),
    ),
    "ones": (
        _("ONES"),
        _(
            "Project list from the table view of ONES Project or ONES Plan, Chinese or English. Properties that your team added are offered as further columns."
        ),
    ),
    "zentao": (
        _("ZenTao"),
        _(
            "Project list of the versions with programmes and projects, Chinese or English. A project without a code is known by its number; “长期” means without a planned finish."
        ),
    ),
    "uk_gmpp": (
        _("UK Government Major Projects Portfolio"),
        _(
            "Annual reports in one file with a year column. The Delivery Confidence Assessment becomes the reviewed rating; whole-life cost is in millions of pounds."
        ),
    ),
    "us_it_dashboard": (
        _("US IT Dashboard"),
        _(
            "Projects of federal IT investments. A project is known by its investment and its number within it; costs are in millions of dollars."
        ),
    ),
}


def preset_title(name: str) -> Any:
    """What the mapping is called; its name where it has no title."""
    return _WORDS[name][0] if name in _WORDS else name


def preset_about(name: str, otherwise: str = "") -> Any:
    """Which files it is for."""
    return _WORDS[name][1] if name in _WORDS else otherwise
