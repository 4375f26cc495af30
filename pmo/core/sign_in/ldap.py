"""Passwords checked by a directory (LDAP, Active Directory), by configuration; ldap3 is loaded only where one is configured."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from pmo.core.people.backend import PersonBackend
from pmo.core.people.models import User
from pmo.core.sign_in.claims import Claims, NotLetIn
from pmo.sign_in_env import Ldap

log = logging.getLogger(__name__)
SOURCE = "ldap"
# Results of a search: done, and done but for a limit that we set.
_OK, _MORE = 0, 4


class LdapBackend(PersonBackend):
    """Asks the directory after the local password did not fit; makes or finds the account of whom it knows."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The login of the person whom the directory knows by this password, None otherwise. Raises NotLetIn from the account's side."""
        policy = settings.SIGN_IN.ldap
        if policy is None or not username or not password:
            return None
        from pmo.core.sign_in.services.identities import login_for

        try:
            claims = claims_of(policy, username, password)
        except DirectoryDown as down:
            log.error("The directory does not answer: %s", down)
            if request is not None:
                request.directory_down = True  # type: ignore[attr-defined]
            return None
        if claims is None:
            return None
        try:
            user = login_for(claims, policy)
        except NotLetIn as refused:
            if request is not None:
                request.not_let_in = refused.reason  # type: ignore[attr-defined]
            return None
        return user if self.user_can_authenticate(user) else None


class DirectoryDown(Exception):
    """The directory cannot be reached, does not accept our own account, or cannot answer a search."""


@dataclass(frozen=True)
class _Entry:
    dn: str
    values: dict[str, Any]


def claims_of(policy: Ldap, username: str, password: str) -> Claims | None:
    """What the directory says of who has this name and password; None for a wrong one. Raises DirectoryDown."""
    from ldap3.core.exceptions import LDAPException

    try:
        found = _found(policy, username, password)
    except (LDAPException, OSError) as error:
        raise DirectoryDown(f"{type(error).__name__}: {error}") from error
    if found is None:
        return None
    entry, groups = found
    mail = _first(entry, policy.mail)
    return Claims(
        source=SOURCE,
        subject=_first(entry, policy.subject) or entry.dn,
        email=mail,
        email_verified=bool(mail) and policy.trust_email,
        name=_first(entry, policy.full_name),
        username=username,
        groups=groups,
    )


def _found(policy: Ldap, username: str, password: str) -> tuple[_Entry, frozenset[str]] | None:
    """The entry of the person, after a bind with their own password, and the groups they are in."""
    from ldap3.utils.conv import escape_filter_chars
    from ldap3.utils.dn import escape_rdn

    if policy.user_dn:
        dn = policy.user_dn % {"user": escape_rdn(username)}
        with _bound(policy, dn, password) as own:
            if not own.bound:
                return None
            entry = _entry(policy, own, dn, "(objectClass=*)", whole=False)
            return (entry, _groups(policy, own, entry)) if entry else None
    with _bound(policy, policy.bind_dn, policy.bind_password) as service:
        if not service.bound:
            raise DirectoryDown(f"the bind as {policy.bind_dn} was refused")
        text = policy.user_filter % {"user": escape_filter_chars(username)}
        entry = _entry(policy, service, policy.base, text, whole=True)
        if entry is None:
            return None
        with _bound(policy, entry.dn, password) as own:
            if not own.bound:
                return None
        return entry, _groups(policy, service, entry)


def _bound(policy: Ldap, dn: str, password: str) -> Any:
    """A connection on which the bind was tried: encrypted, the server's certificate checked. Close it by `with`."""
    import ssl

    from ldap3 import NONE, Connection, Server, Tls
    from ldap3.core.exceptions import LDAPException, LDAPStartTLSError

    tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=policy.ca_file or None)
    server = Server(policy.url, get_info=NONE, tls=tls, connect_timeout=policy.timeout)
    connection = Connection(
        server, user=dn, password=password, receive_timeout=policy.timeout, auto_referrals=False, read_only=True
    )
    try:
        connection.open()
        if policy.start_tls and not policy.url.startswith("ldaps:") and not connection.start_tls():
            raise LDAPStartTLSError("the server refuses StartTLS")
        connection.bind()
    except LDAPException:
        connection.unbind()
        raise
    return _Open(connection)


class _Open:
    """The connection for the length of a block; ldap3's own block would bind again."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __enter__(self) -> Any:
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._connection.unbind()


def _entry(policy: Ldap, connection: Any, base: str, text: str, *, whole: bool) -> _Entry | None:
    """The one entry; none where the name fits nobody or several. Raises DirectoryDown."""
    from ldap3 import BASE, SUBTREE

    wanted = [policy.subject, policy.mail, policy.full_name, *(["memberOf"] if not policy.group_base else [])]
    connection.search(
        base,
        text,
        search_scope=SUBTREE if whole else BASE,
        attributes=wanted,
        size_limit=2,
        time_limit=policy.timeout,
    )
    rows = _rows(connection, _OK, _MORE)
    return _Entry(rows[0]["dn"], dict(rows[0]["attributes"])) if len(rows) == 1 else None


def _groups(policy: Ldap, connection: Any, entry: _Entry) -> frozenset[str]:
    """Names of the groups that hold the person; without a base for groups, the DNs of `memberOf`. Raises DirectoryDown."""
    from ldap3.utils.conv import escape_filter_chars

    if not policy.group_base:
        return frozenset(str(dn) for dn in _all(entry.values.get("memberOf")))
    text = policy.group_filter % {"dn": escape_filter_chars(entry.dn)}
    connection.search(policy.group_base, text, attributes=[policy.group_name], time_limit=policy.timeout)
    rows = _rows(connection, _OK)
    return frozenset(name for row in rows for name in _all(row["attributes"].get(policy.group_name)))


def _rows(connection: Any, *accepted: int) -> list[Any]:
    """The entries of the last search. Raises DirectoryDown where it failed: a failure is not "nothing found"."""
    result = connection.result
    if result["result"] not in accepted:
        raise DirectoryDown(f"a search failed: {result['result']} {result.get('description', '')}")
    return [row for row in connection.response or [] if row.get("type") == "searchResEntry"]


def _all(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [text.hex() if isinstance(text, bytes) else str(text) for text in values if text not in (None, "", b"")]


def _first(entry: _Entry, name: str) -> str:
    return next(iter(_all(entry.values.get(name))), "")
