"""From what another system says of a person to their login here, and the roles that its groups stand for."""

from __future__ import annotations

import logging
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.audit.services import Act, record
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from pmo.core.people.services import create_grant, create_person, delete_grant
from pmo.core.records.services import update_record
from pmo.core.sign_in.claims import Claims, NotLetIn
from pmo.core.sign_in.models import ExternalIdentity
from pmo.core.sign_in.services.invites import free_code
from pmo.core.sign_in.services.sessions import end_sessions
from pmo.sign_in_env import Source

log = logging.getLogger(__name__)
_NAME = 100


def login_for(claims: Claims, policy: Source) -> User:
    """The login of the person: known by subject, else by a verified e-mail, else made where the policy says so.

    Roles of the policy's groups are granted and taken back. Raises NotLetIn with the reason.
    """
    with transaction.atomic():
        user = _by_subject(claims) or _by_email(claims) or _made(claims, policy)
        if not user.is_active or user.is_service:
            raise NotLetIn(_("Your account is switched off. Ask the PMO."))
        keep_roles(user, claims, policy)
    return user


def _by_subject(claims: Claims) -> User | None:
    rows = ExternalIdentity.objects.filter(source=claims.source, subject=claims.subject)
    user = User.objects.filter(identities__in=rows).first()
    if user is not None:
        rows.update(last_used_at=timezone.now())
    return user


def _by_email(claims: Claims) -> User | None:
    """Somebody who is here already. An address that nobody vouches for finds nobody: it could be anybody's."""
    if not claims.email:
        return None
    people = list(Person.objects.filter(email__iexact=claims.email).select_related("user").order_by("pk")[:2])
    if not people:
        return None
    if not claims.email_verified:
        raise NotLetIn(_("Your sign-in does not confirm your e-mail address. Ask the PMO to connect your account."))
    if len(people) > 1:
        raise NotLetIn(_("Several people here have your e-mail address. Ask the PMO to correct it."))
    person = people[0]
    if person.user and person.user.identities.filter(source=claims.source).exists():
        raise NotLetIn(_("Your e-mail address belongs to another sign-in here. Ask the PMO."))
    user: User = person.user or _new_login(claims, person)
    _remember(claims, user, "identity_link")
    return user


def _made(claims: Claims, policy: Source) -> User:
    """An account for somebody new, with a person of their own."""
    if policy.unknown != "create":
        raise NotLetIn(_("You have no account here yet. Ask the PMO to invite you."))
    name = (claims.name or claims.username or claims.email or claims.subject)[:_NAME]
    chinese = bool(re.search(r"[㐀-鿿]", name))
    person = Person(
        code=free_code("SSO"),
        name_zh=name if chinese else "",
        name_en="" if chinese else name,
        email=claims.email if claims.email_verified else "",
    )
    create_person(actor=SYSTEM, row=person, reason=f"Signed in with {claims.source}")
    user = _new_login(claims, person)
    _remember(claims, user, "identity_create")
    return user


def free_username(wanted: str) -> str:
    """A user name that is not taken: the wanted one, or with a number behind it."""
    base = re.sub(r"[^\w.@+-]", "", wanted)[:140] or "user"
    name, number = base, 2
    while User.objects.filter(username__iexact=name).exists():
        name, number = f"{base}{number}", number + 1
    return name


def _new_login(claims: Claims, person: Person) -> User:
    wanted = claims.username or claims.email.partition("@")[0] or person.code
    email = claims.email if claims.email_verified else ""
    user = User.objects.create_user(free_username(wanted), email=email)
    record(actor=SYSTEM, act=Act("create", "core.user", user.pk, user.username, changes={"person": [None, person.pk]}))
    update_record(actor=SYSTEM, row=person, values={"user": user})
    return user


def _remember(claims: Claims, user: User, act: str) -> None:
    ExternalIdentity.objects.create(
        user=user, source=claims.source, subject=claims.subject, last_used_at=timezone.now()
    )
    changes = {"source": [None, claims.source], "subject": [None, claims.subject]}
    record(actor=SYSTEM, act=Act(act, "core.user", user.pk, user.username, changes=changes))


def forget_identities(*, actor: Actor, user: User) -> None:
    """Forget who the login is in other systems; its sessions end, and the next sign-in is connected by a verified e-mail."""
    with transaction.atomic():
        rows = list(user.identities.order_by("pk"))
        for row in rows:
            changes = {"source": [row.source, None], "subject": [row.subject, None]}
            record(actor=actor, act=Act("identity_unlink", "core.user", user.pk, user.username, changes=changes))
            row.delete()
        if rows:
            end_sessions(actor=actor, user=user, audited=False)


def keep_roles(user: Any, claims: Claims, policy: Source) -> None:
    """Grant the roles that the person's groups stand for, and take back those of groups they have left.

    Only what the policy's rules name is touched; roles given by hand beyond them stay. A role that may not go (the last
    administrator's) stays too.
    """
    person = Person.objects.filter(user=user).first()
    if person is None:
        return
    units = {
        unit.code: unit for unit in OrgUnit.objects.filter(code__in={rule.unit for rule in policy.rules if rule.unit})
    }
    ruled: dict[tuple[str, int | None], bool] = {}
    for rule in policy.rules:
        if rule.unit and rule.unit not in units:
            log.error("A sign-in rule names the unit %s, which does not exist.", rule.unit)
            continue
        key = (rule.role, units[rule.unit].pk if rule.unit else None)
        ruled[key] = ruled.get(key, False) or rule.group in claims.groups
    held = {(grant.role, grant.unit_id): grant for grant in RoleGrant.objects.filter(person=person)}
    if policy.default_role and not held and not any(ruled.values()):
        ruled[(policy.default_role, None)] = True
    for key, wanted in ruled.items():
        if wanted and key not in held:
            create_grant(
                actor=SYSTEM, row=RoleGrant(person=person, role=Role(key[0]), unit_id=key[1]), reason=claims.source
            )
        elif not wanted and key in held:
            _take_back(held[key], claims.source)


def _take_back(grant: RoleGrant, source: str) -> None:
    try:
        delete_grant(actor=SYSTEM, row=grant, reason=source)
    except ValidationError as error:
        log.warning("A role stays although its group is gone: %s", "; ".join(error.messages))
