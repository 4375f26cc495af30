"""The form for a template's next version."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo.core.files.sniff import DOCUMENTS


class UploadForm(forms.Form):
    """File, what changed, from when it is in force."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("docx, xlsx, pptx, pdf, md, csv or txt, at most 20 MB. The content is checked."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{name}" for name in DOCUMENTS)}),
    )
    note = forms.CharField(label=_("What changed"), max_length=500, required=False)
    effective_on = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
