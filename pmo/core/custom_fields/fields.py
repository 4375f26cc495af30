"""Custom fields in forms: one form field for each type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _

from pmo.core.custom_fields.definitions import Definition
from pmo.core.custom_fields.models import Kind
from pmo.core.custom_fields.values import LARGEST, LONG, SHORT, check_link
from pmo.core.people.models import Person


class YesNoField(forms.ChoiceField):
    """Yes, no, or not said."""

    _WORDS = {"true": True, "on": True, "1": True, "false": False, "0": False}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """True and False as their options."""
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else value

    def to_python(self, value: Any) -> Any:
        """None where nothing is said."""
        if isinstance(value, bool) or value in self.empty_values:
            return value if isinstance(value, bool) else None
        return self._WORDS.get(str(value).lower(), str(value))

    def validate(self, value: Any) -> None:
        if isinstance(value, str):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        if self.required and value is None:
            raise ValidationError(self.error_messages["required"], code="required")


class LinkField(forms.CharField):
    """An address of the web."""

    widget = forms.URLInput

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return check_link(text) if text else ""


class SeveralField(forms.MultipleChoiceField):
    """Several values; what the row holds already may stay although it is offered no more."""

    widget = forms.CheckboxSelectMultiple


def form_field(one: Definition) -> forms.Field:
    """The form field; nothing it needs is read here but a person's name by the form itself."""
    # Templates take help texts as HTML.
    common: dict[str, Any] = {"label": one.label, "help_text": escape(one.help), "required": one.required}
    if one.kind in {Kind.CHOICE, Kind.MULTI}:
        return _choice_field(one, common)
    if one.kind == Kind.PERSON:
        return forms.ModelChoiceField(Person.objects.all(), **common)
    if one.kind == Kind.BOOL:
        return YesNoField(**common)
    if one.kind == Kind.DATE:
        return forms.DateField(**common)
    if one.kind in {Kind.NUMBER, Kind.MONEY}:
        places = 2 if one.kind == Kind.MONEY else 6
        return forms.DecimalField(
            max_value=LARGEST - 1, min_value=1 - LARGEST, decimal_places=places, max_digits=24, **common
        )
    if one.kind == Kind.LINK:
        return LinkField(max_length=SHORT, **common)
    if one.kind == Kind.LONG_TEXT:
        return forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 4}), **common)
    return forms.CharField(max_length=SHORT, **common)


def _choice_field(one: Definition, common: dict[str, Any]) -> forms.Field:
    pairs = [(option.code, option.label) for option in one.options if option.active]
    retired = [(option.code, option.label) for option in one.options if not option.active]
    if one.kind == Kind.MULTI:
        return SeveralField(choices=[*pairs, *retired], **common)
    words = [(_("No longer offered"), retired)] if retired else []
    choices: list[Any] = [("", "—"), *pairs, *words]
    return forms.ChoiceField(choices=choices, **common)
