"""The forms of sign-in and of accounts."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from pmo.core.access.roles import Role
from pmo.core.people.models import OrgUnit, Person
from pmo.core.registers.forms import RecordField
from pmo.core.registers.models import ApiToken
from pmo.core.registers.tokens import LONGEST_DAYS
from pmo.core.sign_in.origin import client_address
from pmo.core.sign_in.passwords import NotOneOfTheLast
from pmo.core.sign_in.services import limits

_LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


def locked_text(seconds: int) -> str:
    """How long a lock lasts, in words."""
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "Too many failed attempts. Try again in %(number)s minute, or ask the PMO.",
        "Too many failed attempts. Try again in %(number)s minutes, or ask the PMO.",
        minutes,
    ) % {"number": minutes}


class SignInForm(AuthenticationForm):
    """User name and password, counted before they are judged."""

    error_messages = {
        "invalid_login": gettext_lazy("User name and password do not fit. Mind upper and lower case."),
        "inactive": gettext_lazy("This login is switched off."),
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError: locked, refused, the directory does not answer, or the two do not fit."""
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password:
            return self.cleaned_data
        request: Any = self.request
        left = limits.attempt(name, client_address(request))
        if left:
            raise ValidationError(locked_text(left), code="locked")
        self.user_cache = authenticate(self.request, username=name, password=password)
        if self.user_cache is None:
            if getattr(self.request, "directory_down", False):
                raise ValidationError(_("The directory does not answer at the moment. Try again later."), code="down")
            if reason := getattr(self.request, "not_let_in", None):
                raise ValidationError(reason, code="refused")
            raise self.get_invalid_login_error()
        self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label=pgettext_lazy("sign-in", "Code"),
        max_length=20,
        help_text=gettext_lazy("Six digits from your authenticator app, or one of your recovery codes."),
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class ConfirmForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
        strip=False,
    )


def password_rules() -> str:
    """What the policy asks of a password, in one or two sentences."""
    rules: Any = settings.AUTH_PASSWORD_VALIDATORS
    length = max((rule.get("OPTIONS", {}).get("min_length", 0) for rule in rules), default=0)
    text = _("At least %(length)s characters; no common password, nothing like your name, not digits alone.") % {
        "length": length
    }
    return f"{text} {NotOneOfTheLast().get_help_text()}" if settings.SIGN_IN.password_history else text


class NewPasswordForm(forms.Form):
    """A password, twice."""

    password = forms.CharField(
        label=gettext_lazy("New password"), widget=forms.PasswordInput({"autocomplete": "new-password"}), strip=False
    )
    again = forms.CharField(
        label=gettext_lazy("New password again"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = password_rules()

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where the two differ."""
        data = self.cleaned_data
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        return data


class ChangePasswordForm(NewPasswordForm):
    """The present password, and another one."""

    old = forms.CharField(
        label=gettext_lazy("Present password"),
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        strip=False,
    )
    field_order = ("old", "password", "again")


class ForgotForm(forms.Form):
    """Where the mail goes."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), widget=forms.EmailInput({"autocomplete": "email"}))


class AcceptForm(NewPasswordForm):
    """Who the invited person is here, and their password."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=100, widget=forms.TextInput({"autocomplete": "name"})
    )
    username = forms.CharField(
        label=gettext_lazy("User name"), max_length=150, widget=forms.TextInput({"autocomplete": "username"})
    )
    field_order = ("name", "username", "password", "again")


class RolesForm(forms.Form):
    """Roles, in a unit or in the whole organisation."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: sees what everybody sees, and what other people give a part in."),
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Unit"),
        queryset=OrgUnit.objects.none(),
        required=False,
        empty_label=gettext_lazy("The whole organisation"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = OrgUnit.objects.order_by("path")


class InviteForm(RolesForm):
    """Whom to invite."""

    email = forms.EmailField(label=gettext_lazy("E-mail"))
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"), choices=_LANGUAGES)
    field_order = ("email", "name", "language", "unit", "roles")


class LoginForm(forms.Form):
    """A login for somebody who is among the people."""

    person = RecordField(
        label=gettext_lazy("Person"),
        queryset=Person.objects.none(),
        help_text=gettext_lazy("Type a staff number or a name: people who have no login yet are offered."),
        error_messages={
            "unknown": gettext_lazy(
                "Nobody without a login is called “%(value)s”; give the staff number or the full name."
            ),
            "ambiguous": gettext_lazy("Several people are called “%(value)s”; give the staff number."),
        },
    )
    username = forms.CharField(label=gettext_lazy("User name"), max_length=150)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False, help_text=gettext_lazy("Empty: the address of the person.")
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=_LANGUAGES)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset, person.user = without_login(), user
        person.widget.attrs |= {"autocomplete": "off", "data-lookup": "person", "list": "lookup-person"}
        if not person.queryset.exists():
            person.help_text = _("Everybody in the list of people has a login already: add the person there first.")


def without_login() -> Any:
    """The people for whom a login can be made, by staff number."""
    return Person.objects.filter(user=None).order_by("code", "pk")


class ServiceForm(RolesForm):
    """What the program is called, and what it may do."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("What it does."))
    field_order = ("name", "unit", "roles")


class ServiceTokenForm(forms.Form):
    """One more token of a service account."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("What uses it."))
    scope = forms.ChoiceField(label=gettext_lazy("Scope"), choices=ApiToken.Scope.choices)
    days = forms.IntegerField(
        label=gettext_lazy("Days until it expires"), min_value=1, max_value=LONGEST_DAYS, initial=90
    )


class PasskeyForm(forms.Form):
    """What the browser made."""

    name = forms.CharField(label=gettext_lazy("Name of the passkey"), max_length=60, required=False)
    credential = forms.JSONField(widget=forms.HiddenInput)
