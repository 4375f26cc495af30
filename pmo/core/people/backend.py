"""Signing in with user name and password; a login is read together with its person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet
from django.http import HttpRequest

from pmo.core.people.models import User
from pmo.core.prepared import Prepared

_PREFIX = "read_with_"
_riders: dict[str, tuple[Callable[[], Any], Callable[[Any], None]]] = {}


def read_with_login(name: str, expression: Callable[[], Any], take: Callable[[Any], None]) -> None:
    """Read a value of another room in the statement that reads the login of a request: `take` gets it.

    The statement is made once for the process: the expression may depend on neither the user nor the day.
    """
    _riders[name] = expression, take
    _logins.forget()


def _login(user_id: int) -> QuerySet[User]:
    asked = {_PREFIX + name: expression() for name, (expression, _take) in _riders.items()}
    return User.objects.select_related("person").annotate(**asked).filter(pk=user_id).order_by("pk")[:1]


_logins = Prepared(_login)


class PersonBackend(ModelBackend):
    """Django's own, but a page that needs the login and the person behind it reads both at once."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The login with this name and password. Where passwords are switched off, only those for emergencies have one."""
        policy = settings.SIGN_IN
        if not policy.passwords and username not in policy.emergency_users:
            return None
        user = super().authenticate(request, username=username, password=password, **kwargs)
        return user if isinstance(user, User) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Not switched off, and not a program's login."""
        return bool(super().user_can_authenticate(user)) and not user.is_service

    def get_user(self, user_id: int) -> User | None:
        """The login, None where it is unknown or may not sign in."""
        user = next(iter(_logins.of(user_id)), None)
        if user is None or not self.user_can_authenticate(user):
            return None
        for name, (_expression, take) in _riders.items():
            take(getattr(user, _PREFIX + name))
        return user
