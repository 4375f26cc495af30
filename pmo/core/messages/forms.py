"""The forms of webhooks and chat groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo.core.messages.events import all_events
from pmo.core.messages.models import ChatGroup, Language
from pmo.core.messages.services.chats import scope_choices


class EventsForm(forms.Form):
    """The choice of events that both forms end with."""

    name = forms.CharField(label=_("Name"), max_length=100)
    events = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events: Any = self.fields["events"]
        events.choices = [(kind.key, kind.label) for kind in all_events() if not kind.internal]


class WebhookForm(EventsForm):
    """Where a webhook posts to."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_(
            "https://… of the receiving program. Addresses inside the own network need the administrator's setting."
        ),
        widget=forms.URLInput({"spellcheck": "false"}),
    )
    field_order = ("name", "url", "events")


class ChatForm(EventsForm):
    """Which robot speaks in which language, about what. With `known`, an empty address keeps the one there is."""

    kind = forms.ChoiceField(label=_("Tool"), choices=ChatGroup.Kind.choices)
    address = forms.CharField(
        label=_("Address of the robot"),
        required=False,
        max_length=600,
        help_text=_("As the chat tool shows it when you add the robot to the group."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        required=False,
        max_length=200,
        help_text=_("DingTalk only, where the robot asks for signatures."),
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    scope = forms.ChoiceField(label=_("Only about"), required=False)
    field_order = ("name", "kind", "address", "secret", "language", "scope", "events")

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope: Any = self.fields["scope"]
        scope.choices = [("", _("Everything")), *((str(label), pairs) for label, pairs in scope_choices())]
        if known:
            self.fields["address"].help_text = _("Leave empty to keep the present one.")
