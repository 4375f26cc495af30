"""Signing in with user name and password; a login is read together with its person."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from pmo.core.people.models import User


class PersonBackend(ModelBackend):
    """Django's own, but a page that needs the login and the person behind it reads both at once."""

    def get_user(self, user_id: int) -> User | None:
        """The login, None where it is unknown or may not sign in."""
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
