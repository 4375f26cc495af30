"""What the PMO does with logins: make, switch off and on, help those who cannot get in; and programs' logins."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from pmo.core.people.services import create_grant, create_person
from pmo.core.records.services import update_record
from pmo.core.registers.tokens import revoke_tokens
from pmo.core.sign_in.services.factors import reset_factors
from pmo.core.sign_in.services.invites import free_code
from pmo.core.sign_in.services.passwords import set_password
from pmo.core.sign_in.services.sessions import end_sessions


def create_login(*, actor: Actor, person: Person, username: str, email: str, language: str) -> tuple[User, str]:
    """A login for a person who has none, with a password that must be changed at the first sign-in; returned once.

    Raises ValidationError by field.
    """
    if person.user_id is not None:
        raise ValidationError({"person": _("This person has a login already.")})
    user = User(username=username, email=email, language=language)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    password = temporary_password()
    with transaction.atomic():
        user.save(force_insert=True)
        changes = {"person": [None, person.pk]}
        record(actor=actor, act=Act("create", "core.user", user.pk, user.username, changes=changes))
        update_record(actor=actor, row=person, values={"user": user})
        set_password(actor=actor, user=user, password=password, temporary=True, act="password_temporary")
    return user, password


def temporary_password() -> str:
    """Four groups of four signs without those that look alike."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _place in range(4)) for _group in range(4))


def give_temporary_password(*, actor: Actor, user: User) -> str:
    """Another password, for somebody whom no mail reaches; it must be changed at the next sign-in."""
    if user.is_service:
        raise ValidationError(_("A service account has no password."))
    password = temporary_password()
    set_password(actor=actor, user=user, password=password, temporary=True, act="password_temporary")
    return password


def set_active(*, actor: Actor, user: User, active: bool) -> None:
    """Switch a login off (its sessions end at once) or on again. Raises ValidationError for the actor's own and the last administrator's."""
    if not active:
        _check_may_go(actor, user)
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
            user.is_active = active
            if not active:
                end_sessions(actor=actor, user=user, audited=False)
            act = "activate" if active else "deactivate"
            record(actor=actor, act=Act(act, "core.user", user.pk, user.username))


def _check_may_go(actor: Actor, user: User) -> None:
    if actor.user is not None and actor.user.pk == user.pk:
        raise ValidationError(_("You cannot switch off your own login."))
    admins = RoleGrant.objects.filter(role=Role.PMO_ADMIN, unit__isnull=True, person__user__is_active=True)
    mine = admins.filter(person__user=user).exists() or user.is_superuser
    others = admins.exclude(person__user=user).exclude(person__user__is_service=True).exists()
    if mine and not others and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists():
        raise ValidationError(_("This is the last PMO administrator; grant the role to somebody else first."))


def reset_second_factor(*, actor: Actor, user: User) -> None:
    """Remove the factors of somebody who lost them; their sessions and API tokens end."""
    with transaction.atomic():
        revoke_tokens(actor=actor, user=user)
        reset_factors(actor=actor, user=user)
        end_sessions(actor=actor, user=user, audited=False)


def create_service(*, actor: Actor, name: str, roles: list[str], unit: OrgUnit | None) -> User:
    """A login for a program: no password, no page, only API tokens. Raises ValidationError by field."""
    with transaction.atomic():
        chinese = bool(re.search(r"[㐀-鿿]", name))
        code = free_code("SVC")
        user = User(
            username=code.lower(), is_service=True, first_name=name[:150], language="zh-hans" if chinese else "en"
        )
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save(force_insert=True)
        record(actor=actor, act=Act("create", "core.user", user.pk, name, changes={"service": [None, True]}))
        person = Person(
            code=code, name_zh=name if chinese else "", name_en="" if chinese else name, unit=unit, user=user
        )
        create_person(actor=actor, row=person)
        for role in sorted(set(roles)):
            create_grant(actor=actor, row=RoleGrant(person=person, role=Role(role), unit=unit))
    return user


def service_accounts() -> Any:
    """Programs' logins with their persons, by name."""
    return User.objects.filter(is_service=True).select_related("person").order_by("first_name", "pk")
