"""The form in which a view is named and shared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.features.api import is_on
from pmo.core.features.declaration import PUBLIC_VIEWS
from pmo.core.registers.saved_views.models import SavedView
from pmo.core.registers.saved_views.queries import may_publish, may_set_default

_CHOICES = [
    (SavedView.Sharing.PRIVATE, _("Only me")),
    (SavedView.Sharing.TEAM, _("My unit and the units below it")),
    (SavedView.Sharing.PUBLIC, _("Everybody")),
]


class ViewForm(forms.Form):
    """Name and sharing; what a role's list opens with, for who may say so."""

    name = forms.CharField(label=_("Name"), max_length=80)
    sharing = forms.ChoiceField(
        label=_("Who sees it"),
        choices=_CHOICES,
        help_text=_("Everybody sees only the rows and columns that their own roles let them see."),
    )
    favourite = forms.BooleanField(label=_("Favourite: shown first"), required=False)
    is_default = forms.BooleanField(label=_("My list opens with it"), required=False)
    role = forms.ChoiceField(
        label=_("Default for the role"),
        choices=[("", _("None")), *Role.choices],
        required=False,
        help_text=_("The list opens with it for people of this role who chose no view of their own."),
    )

    def __init__(self, *args: Any, user: Any, present: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sharing: Any = self.fields["sharing"]
        if not (may_publish(user) and is_on(PUBLIC_VIEWS)) and present != SavedView.Sharing.PUBLIC:
            sharing.choices = _CHOICES[:2]
        if not may_set_default(user):
            del self.fields["role"]
