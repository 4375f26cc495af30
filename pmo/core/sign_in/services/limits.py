"""Failed attempts, and the locks they lead to: of an account, of an address, of both together.

An attempt is counted before it is judged and taken back when it succeeds, so that many at once are not judged more often than
the limit: who is counted beyond it is refused like somebody who came later. The lock of an account alone comes later than that of an account and one address: who guesses from elsewhere does
not lock somebody out of their own office at once.

The logins for emergencies are never locked from everywhere, or anybody outside could lock out the last way in: once the account
has failed as often as locks another, each address has one attempt instead of several.
"""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import math

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.audit.services import Act, record
from pmo.core.people.models import User
from pmo.core.sign_in.models import SignInLimit

Kind = SignInLimit.Kind
_RESETS_AN_HOUR = 3


def _key(kind: str, *parts: str) -> str:
    return hashlib.sha256("\x1f".join((kind, *parts)).encode()).hexdigest()


def _place(address: str | None) -> str | None:
    """What counts as one address: of IPv6 the network of 64 bits, which is what one subscriber is given."""
    if not address or ":" not in address:
        return address
    known = ipaddress.IPv6Address(address)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))


def _keys(name: str, address: str | None) -> dict[str, str]:
    """The counters of an attempt, by kind."""
    who, address = name.strip().lower(), _place(address)
    keys = {Kind.ACCOUNT.value: _key(Kind.ACCOUNT, who), Kind.PAIR.value: _key(Kind.PAIR, who, address or "")}
    if address:
        keys[Kind.ADDRESS.value] = _key(Kind.ADDRESS, address)
    return keys


def attempt(name: str, address: str | None) -> int:
    """Count an attempt to sign in. Returns the seconds that are left of a lock; 0: it may be judged."""
    now, policy = timezone.now(), settings.SIGN_IN
    most = {
        Kind.ACCOUNT.value: policy.lock_account_failures,
        Kind.PAIR.value: policy.lock_failures,
        Kind.ADDRESS.value: policy.lock_address_failures,
    }
    keys = _keys(name, address)
    left = _locked(list(keys.values()), now)
    if left:
        return left
    user = User.objects.filter(username__iexact=name.strip()).order_by("pk").first()
    lock = datetime.timedelta(minutes=policy.lock_minutes)
    if is_emergency(name):
        failures, _locks = _count(Kind.ACCOUNT, keys.pop(Kind.ACCOUNT.value), user, now, lock, None)
        if failures > policy.lock_account_failures:
            most[Kind.PAIR.value] = 1
    for kind, key in keys.items():
        owner = None if kind == Kind.ADDRESS else user
        failures, locks = _count(kind, key, owner, now, lock, most[kind])
        if locks:
            _audit_lock(kind, owner, address, most[kind])
        if failures > most[kind]:
            return _locked([key], now) or math.ceil(lock.total_seconds())
    return 0


def is_emergency(name: str) -> bool:
    """Whether the name is one of the logins that keep their password for the day on which the other system is down."""
    return name.strip().lower() in {login.strip().lower() for login in settings.SIGN_IN.emergency_users}


def _audit_lock(kind: str, owner: User | None, address: str | None, failures: int) -> None:
    """A lock of a login of ours, or of an address; names that are nobody's are not written down."""
    if owner is None and kind != Kind.ADDRESS:
        return
    label = owner.username if owner else address or ""
    changes = {"failures": [None, failures], "address": [None, address]}
    act = Act("sign_in_locked", "core.user", owner.pk if owner else None, label, changes=changes)
    record(actor=SYSTEM, act=act)


def reset_allowed(email: str, address: str | None) -> bool:
    """Count a request for a password mail: a few in an hour for one e-mail, and as many as attempts from one address."""
    now, hour = timezone.now(), datetime.timedelta(hours=1)
    keys = [(_key(Kind.RESET, email.strip().lower()), _RESETS_AN_HOUR)]
    if place := _place(address):
        keys.append((_key(Kind.RESET, "from", place), settings.SIGN_IN.lock_address_failures))
    if _locked([key for key, _most in keys], now):
        return False
    return all(_count(Kind.RESET, key, None, now, hour, most)[0] <= most for key, most in keys)


def _locked(keys: list[str], now: datetime.datetime) -> int:
    until = [
        row.locked_until
        for row in SignInLimit.objects.filter(key__in=keys, locked_until__gt=now)
        if row.locked_until is not None
    ]
    return math.ceil((max(until) - now).total_seconds()) if until else 0


def _count(
    kind: str, key: str, user: User | None, now: datetime.datetime, window: datetime.timedelta, most: int | None
) -> tuple[int, bool]:
    """One more; returns how many there are with it, and whether this one locks (never, where `most` is None).

    What is older than the window is forgotten.
    """
    with transaction.atomic():
        SignInLimit.objects.get_or_create(key=key, defaults={"kind": kind, "since": now, "user": user})
        rows = SignInLimit.objects.filter(key=key)
        rows.filter(since__lte=now - window).update(failures=0, since=now, locked_until=None)
        rows.update(failures=F("failures") + 1)
        ripe = rows.filter(failures__gte=most, locked_until=None) if most is not None else rows.none()
        locks = bool(ripe.update(locked_until=now + window))
        # None: somebody else's success has just removed the row.
        return rows.values_list("failures", flat=True).first() or 1, locks


def clear(name: str, address: str | None) -> int:
    """The attempt succeeded: forget the failures of the account; returns how many there were.

    The address keeps its own, of others too: `take_back` lowers them by this one.
    """
    keys = _keys(name, address)
    mine = [keys[Kind.ACCOUNT.value], keys[Kind.PAIR.value]]
    before = SignInLimit.objects.filter(key=mine[0]).values_list("failures", flat=True).first() or 0
    SignInLimit.objects.filter(key__in=mine).delete()
    return before


def take_back(address: str | None) -> None:
    """An attempt that `attempt` counted has succeeded: the address has one less, and is open again if that one locked it."""
    place = _place(address)
    if not place:
        return
    rows = SignInLimit.objects.filter(key=_key(Kind.ADDRESS, place), failures__gt=0)
    rows.update(failures=F("failures") - 1)
    rows.filter(failures__lt=settings.SIGN_IN.lock_address_failures).update(locked_until=None)


def locked_until(user: User) -> datetime.datetime | None:
    """When the longest lock of the account ends, None where it is open."""
    rows = SignInLimit.objects.filter(user=user, locked_until__gt=timezone.now()).order_by("-locked_until")
    row = rows.first()
    return row.locked_until if row else None


def unlock(*, actor: Actor, user: User) -> None:
    """Forget the account's failures and locks."""
    with transaction.atomic():
        gone, _rows = SignInLimit.objects.filter(user=user).delete()
        if gone:
            record(actor=actor, act=Act("unlock", "core.user", user.pk, user.username))


def forget_old(edge: datetime.datetime) -> int:
    """Remove counters that began before the moment; returns how many."""
    removed: int = SignInLimit.objects.filter(since__lt=edge).delete()[0]
    return removed
