"""Special rights in words: what each is about, and what it lets one do."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

ACTIONS: dict[str, Any] = {
    "view": pgettext_lazy("right", "see"),
    "add": pgettext_lazy("right", "add"),
    "change": pgettext_lazy("right", "change"),
    "delete": pgettext_lazy("right", "delete"),
    "accept": pgettext_lazy("right", "accept"),
    "approve": pgettext_lazy("right", "approve"),
    "arrange": pgettext_lazy("right", "arrange"),
    "commit": pgettext_lazy("right", "commit people"),
    "confirm": pgettext_lazy("right", "confirm"),
    "countersign": pgettext_lazy("right", "countersign"),
    "edit": pgettext_lazy("right", "edit"),
    "import": pgettext_lazy("right", "import"),
    "publish": pgettext_lazy("right", "publish"),
    "recompute": pgettext_lazy("right", "recompute"),
    "remind": pgettext_lazy("right", "remind"),
    "reopen": pgettext_lazy("right", "reopen"),
    "review": pgettext_lazy("right", "review"),
    "sign": pgettext_lazy("right", "sign"),
    "submit": pgettext_lazy("right", "submit"),
}
# Rights that are about no model of their own.
SUBJECTS: dict[str, Any] = {
    "core.administration": gettext_lazy("Administration"),
    "portfolio.adoption": gettext_lazy("Adoption"),
    "portfolio.dashboard": gettext_lazy("Portfolio dashboard"),
    "portfolio.gap": gettext_lazy("Data quality"),
    "portfolio.health": gettext_lazy("Health"),
    "portfolio.linkedtables": gettext_lazy("Linked tables"),
    "portfolio.scorecard": gettext_lazy("Scorecard"),
    "projects.money": gettext_lazy("Amounts of money"),
    "projects.plan": gettext_lazy("Plans"),
    "resources.rate": gettext_lazy("Cost rates"),
    "risks.exposure": gettext_lazy("Risk exposure in money"),
}


def in_words(permission: str) -> str:
    """The right as a reader says it; the part that has no word stays as the code has it."""
    subject, _dot, action = permission.rpartition(".")
    words = {"subject": _subject(subject), "action": ACTIONS.get(action, action)}
    return _("%(subject)s: %(action)s") % words


def _subject(name: str) -> Any:
    if name in SUBJECTS:
        return SUBJECTS[name]
    try:
        label: Any = apps.get_model(name)._meta.verbose_name_plural
    except (LookupError, ValueError):
        return name
    return label
