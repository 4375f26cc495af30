"""Words of the risk room that several pages share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ZONE_WORDS = [
    ("red", pgettext_lazy("risk zone", "Red zone")),
    ("amber", pgettext_lazy("risk zone", "Amber zone")),
    ("green", pgettext_lazy("risk zone", "Green zone")),
]
# An opportunity is no danger: its zones are named by worth.
GAIN_WORDS = [
    ("red", pgettext_lazy("opportunity", "High worth")),
    ("amber", pgettext_lazy("opportunity", "Medium worth")),
    ("green", pgettext_lazy("opportunity", "Low worth")),
]
STAGE_WORDS = [
    ("current", pgettext_lazy("risk stage", "Current")),
    ("inherent", pgettext_lazy("risk stage", "Inherent")),
    ("residual", pgettext_lazy("risk stage", "Residual")),
    ("target", pgettext_lazy("risk stage", "Target")),
]
STAGE_HELP = {
    "current": _("as assessed now"),
    "inherent": _("as first assessed, before any response"),
    "residual": _("as expected after the response"),
    "target": _("where the owner wants it"),
}
# Stage -> names of the fields with probability and impact.
STAGE_FIELDS = {
    "current": ("probability", "impact"),
    "inherent": ("inherent_probability", "inherent_impact"),
    "residual": ("residual_probability", "residual_impact"),
    "target": ("target_probability", "target_impact"),
}
