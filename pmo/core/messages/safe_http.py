"""HTTP to addresses that people type in, without reaching into our own network.

The name is resolved once, every address it has is judged, and the connection goes to the address that was judged: a name
that answers differently the next time gains nothing. Redirects are not followed; proxies of the environment are not used.
Time and size are bounded. Sources: OWASP Server-Side Request Forgery Prevention Cheat Sheet; RFC 6890 (special addresses).
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

TIMEOUT_SECONDS = 10.0
MOST_BYTES = 64 * 1024
_PORTS = {"http": 80, "https": 443}
# A last label of digits, or 0x..: a number that C libraries read as an IPv4 address in one of its odd spellings.
_NUMERIC = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?", re.IGNORECASE)
_HEADER = re.compile(r"[\x20-\x7e]*")
_SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
_TEREDO = ipaddress.ip_network("2001::/32")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# The lower half of an ISATAP address (RFC 5214) before its IPv4 address, with and without the bit for "globally unique".
_ISATAP = (0x00005EFE, 0x02005EFE)
# Not for the world, whatever the standard library of this Python says of them.
_NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments (RFC 6890); a cloud's metadata at 192.0.0.192
        "192.88.99.0/24",  # relays of 6to4, withdrawn (RFC 7526)
        "168.63.129.16/32",  # a public number that is the host's own service inside one cloud
        "64:ff9b:1::/48",  # local NAT64 (RFC 8215): where the IPv4 address lies in it is the network's own choice
        "fec0::/10",  # site-local (RFC 3879)
        "3fff::/20",  # documentation (RFC 9637)
        "5f00::/16",  # segment routing (RFC 9602)
    )
)


class UnsafeAddress(Exception):
    """The address is refused; the message is translated and says why."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


class NoAnswer(Exception):
    """The address is fine, but the request got no answer that could be read in time."""


@dataclass(frozen=True)
class Rules:
    """What is allowed beyond public addresses on ports 80 and 443.

    `hosts` are names whose addresses may be private (not loopback, link-local or multicast); `networks` are ranges that
    are allowed whatever they are; `ports` replaces the usual two.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset({80, 443})


@dataclass(frozen=True)
class Answer:
    """What came back: a 3xx is an answer like any other. `body` is cut at the limit."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Target:
    """An address that was judged: where to connect, and what to call the other side."""

    parts: SplitResult
    host: str
    port: int
    address: str

    @property
    def path(self) -> str:
        path = self.parts.path or "/"
        return f"{path}?{self.parts.query}" if self.parts.query else path


def default_rules() -> Rules:
    """The settings OUTBOUND_ALLOW (names and ranges) and OUTBOUND_PORTS."""
    names, networks = set(), []
    for entry in settings.OUTBOUND_ALLOW:
        try:
            networks.append(ipaddress.ip_network(entry))
        except ValueError:
            names.add(entry.lower().rstrip("."))
    return Rules(frozenset(names), tuple(networks), frozenset(settings.OUTBOUND_PORTS))


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the system resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


def check_url(url: str, rules: Rules | None = None) -> SplitResult:
    """Refuse what can be refused without asking the network: scheme, port, user name, odd hosts, addresses by number.

    Raises UnsafeAddress.
    """
    return _split(url, rules or default_rules())[0]


def target_of(url: str, *, resolver: Resolver | None = None, rules: Rules | None = None) -> Target:
    """Resolve the host once and judge all its addresses. Raises UnsafeAddress, NoAnswer where the name is unknown."""
    rules = rules or default_rules()
    parts, host, port = _split(url, rules)
    try:
        answers = (resolver or resolve)(host, port)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(f"{host}: {error}") from error
    if not answers:
        raise NoAnswer(f"{host}: no address")
    for answer in answers:
        _judge(answer, host, rules)
    return Target(parts, host, port, answers[0])


def request(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT_SECONDS,
    most_bytes: int = MOST_BYTES,
    resolver: Resolver | None = None,
    rules: Rules | None = None,
) -> Answer:
    """One request to a judged address; `timeout` bounds it as a whole. Raises UnsafeAddress, NoAnswer."""
    target = target_of(url, resolver=resolver, rules=rules)
    sent = {"Host": _host_header(target), "Connection": "close", "Accept-Encoding": "identity", **(headers or {})}
    if not all(_HEADER.fullmatch(f"{name}{value}") for name, value in sent.items()):
        raise UnsafeAddress(_("A header may have no line breaks and no letters beyond ASCII."))
    connection = _Pinned(target, timeout)
    watch = threading.Timer(timeout, connection.give_up)
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, target.path, body=body or None, headers=sent)
        answer = connection.getresponse()
        content = answer.read(most_bytes + 1)[:most_bytes]
        return Answer(answer.status, content, {name.lower(): value for name, value in answer.getheaders()})
    except (OSError, http.client.HTTPException, ValueError) as error:
        said = "no answer in time" if connection.gave_up else f"{type(error).__name__}: {error}"
        raise NoAnswer(f"{target.host}: {said}"[:300]) from error
    finally:
        watch.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was judged; the name is used for the Host header and for the certificate."""

    def __init__(self, target: Target, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._target = target
        self.gave_up = False

    def connect(self) -> None:
        raw = socket.create_connection((self._target.address, self._target.port), self.timeout)
        self.sock = raw
        if self.gave_up:
            raise TimeoutError("connected too late")
        if self._target.parts.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self._target.host)

    def give_up(self) -> None:
        """End the request from the watch's thread: whatever it waits for fails at once."""
        self.gave_up = True
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


def _split(url: str, rules: Rules) -> tuple[SplitResult, str, int]:
    if any(ord(sign) <= 32 or ord(sign) > 126 or sign == "\\" for sign in url):
        raise UnsafeAddress(_("The address may only have plain ASCII characters and no blanks."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnsafeAddress(_("This is not an address such as https://hooks.example.org/path.")) from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UnsafeAddress(_("The address begins with https:// or http:// and has a host name."))
    if "@" in parts.netloc:
        raise UnsafeAddress(_("The address may have no user name and password."))
    port = port if port is not None else _PORTS[parts.scheme]
    if port not in rules.ports:
        raise UnsafeAddress(_("Port %(port)s is not allowed.") % {"port": port})
    return parts, _checked_host(parts.hostname, rules), port


def _checked_host(host: str, rules: Rules) -> str:
    """The host, judged at once where it is an address. Raises UnsafeAddress."""
    address = _address(host)
    if address is not None:
        _judge(host, host, rules)
    elif _NUMERIC.fullmatch(host) or not _NAME.fullmatch(host):
        raise UnsafeAddress(_("%(host)s is not a host name.") % {"host": host})
    return host


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _judge(text: str, host: str, rules: Rules) -> None:
    """Raise UnsafeAddress unless the address is public, or allowed by the rules."""
    address = _address(text)
    if address is None or (isinstance(address, ipaddress.IPv6Address) and address.scope_id):
        raise _inside(host)
    for inner in _layers(address):
        if any(inner.version == network.version and inner in network for network in rules.networks):
            continue
        if _is_public(inner):
            continue
        if host.lower().rstrip(".") in rules.hosts and _is_plainly_private(inner):
            continue
        raise _inside(host)


def _inside(host: str) -> UnsafeAddress:
    return UnsafeAddress(
        _("%(host)s leads into an internal network. The administrator can allow it in the settings.") % {"host": host}
    )


def _layers(address: Address) -> list[Address]:
    """The address, and the IPv4 addresses it stands for or leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _SIX_TO_FOUR and address.sixtofour is not None:
        return [address, address.sixtofour]
    if address in _TEREDO and address.teredo is not None:
        return [address, *address.teredo]
    last = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _NAT64:
        return [last]
    return [address, last] if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP else [address]


def _is_public(address: Address) -> bool:
    if _is_never(address):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def _is_plainly_private(address: Address) -> bool:
    """A company's own range: what the name of an internal host may lead to."""
    never = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    return address.is_private and not never and not address.is_reserved and not _is_never(address)


def _is_never(address: Address) -> bool:
    return any(address.version == network.version and address in network for network in _NEVER)


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == _PORTS[target.parts.scheme] else f"{host}:{target.port}"
