"""The part of the password policy that Django does not bring: not one of the last."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class NotOneOfTheLast:
    """Refuses the present password and those before it, as many as PASSWORD_HISTORY says."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        most = settings.SIGN_IN.password_history
        if not most or user is None or user.pk is None:
            return
        known = [user.password, *user.former_passwords.values_list("password", flat=True)[: most - 1]]
        if any(check_password(password, former) for former in known if former):
            raise ValidationError(_("You had this password already. Choose another one."), code="password_used_before")

    def get_help_text(self) -> str:
        """One sentence for the form."""
        number = settings.SIGN_IN.password_history
        return ngettext(
            "It cannot be your last password.", "It cannot be one of your last %(number)s passwords.", number
        ) % {"number": number}
