"""Forms of plan import: files to upload, which project of a file, and how its plan is taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.services.plans.files import endings

PUBLISH, DRAFT = "publish", "draft"


def accept() -> str:
    """The endings that a file input offers."""
    return ",".join(f".{one}" for one in endings())


class PlanUploadForm(forms.Form):
    """One plan file."""

    file = forms.FileField(
        label=_("Plan file"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a plan file first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = accept()


class CommitForm(forms.Form):
    """Publish at once or keep as draft, with a note for the version."""

    take = forms.ChoiceField(
        label=pgettext_lazy("plan", "Import as"),
        choices=[
            (PUBLISH, _("Publish at once: everybody sees this plan")),
            (DRAFT, _("As a draft: look at it and change it first")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    # The number of the published version that was compared with.
    against = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_publish: bool, draft: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        take: Any = self.fields["take"]
        open_ways = {PUBLISH: may_publish, DRAFT: draft is None}
        take.choices = [one for one in take.choices if open_ways[one[0]]]
        take.initial = take.choices[0][0] if take.choices else ""
