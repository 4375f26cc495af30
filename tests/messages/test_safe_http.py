"""The guard: what is refused before anything is contacted, and that the judged address is the contacted one."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from pmo.core.messages import safe_http
from pmo.core.messages.safe_http import NoAnswer, Rules, UnsafeAddress, check_url, request, target_of
from tests.messages.servers import Seen, http_server, silent_port

PUBLIC = "93.184.216.34"


@pytest.fixture
def server() -> Iterator[tuple[int, Seen]]:
    with http_server() as found:
        yield found


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection all the same fails the test."""

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError(f"contacted {args}")

    monkeypatch.setattr(socket, "create_connection", refuse)


def answers(*addresses: str) -> Any:
    return lambda _host, _port: list(addresses)


def loopback_allowed(port: int) -> Rules:
    return Rules(networks=(ipaddress.ip_network("127.0.0.0/8"),), ports=frozenset({port}))


INSIDE = [
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",
    "10.0.0.5",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "198.18.0.1",
    "224.0.0.251",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::1",
    # Metadata of clouds that lie among public numbers or in other ranges.
    "192.0.0.192",
    "168.63.129.16",
    "100.100.100.200",
    "169.254.170.2",
    "fd20:ce::254",
    # IPv4 carried in IPv6: 6to4 to 10.0.0.1, SIIT, local NAT64 with a public number at its end, ISATAP, mapped private.
    "2002:a00:1::1",
    "::ffff:0:127.0.0.1",
    "64:ff9b:1:7f00:0:100:808:808",
    "64:ff9b:1::808:808",
    "2001:470:1:2::5efe:7f00:1",
    "2001:470:1:2:200:5efe:a00:1",
    "::ffff:10.0.0.1",
    "::ffff:0.0.0.0",
    "::ffff:100.64.0.1",
    "0:0:0:0:0:0:0:1",
    "0000:0000:0000:0000:0000:ffff:7f00:0001",
    # Neither inside nor anybody's.
    "0.1.2.3",
    "192.0.2.1",
    "198.51.100.7",
    "203.0.113.9",
    "192.88.99.1",
    "100::1",
    "2001:db8::1",
    "2001:20::1",
    "3fff::1",
    "5f00::1",
    "ff0e::1",
]
OUTSIDE = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.usefixtures("no_network")
class TestRefused:
    @pytest.mark.parametrize("address", INSIDE)
    def test_addresses_inside_by_number(self, address: str) -> None:
        host = f"[{address}]" if ":" in address else address
        with pytest.raises(UnsafeAddress):
            request("POST", f"https://{host}/hook")
        with pytest.raises(UnsafeAddress):
            check_url(f"https://{host}/hook")

    @pytest.mark.parametrize("address", INSIDE)
    def test_names_that_lead_inside(self, address: str) -> None:
        with pytest.raises(UnsafeAddress):
            request("POST", "https://hooks.example.org/", resolver=answers(address))

    def test_one_address_inside_among_public_ones(self) -> None:
        with pytest.raises(UnsafeAddress):
            request("POST", "https://hooks.example.org/", resolver=answers(PUBLIC, "10.0.0.1"))

    @pytest.mark.parametrize(
        "host",
        [
            "2130706433",
            "0x7f000001",
            "0X7F000001",
            "0x7f.1",
            "0x7f.0x0.0x0.0x1",
            "0177.0.0.1",
            "0127.0.0.1",
            "127.1",
            "127.0.1",
            "127.0.0.0x1",
            "0000127.0.0.1",
            "017700000001",
            "1.2.3",
            "127.0.0.1.",
            "0",
            "00",
            "0x",
            "169.254.43518",
            "2852039166",
            "4294967297",
            "127.0.0.1.1",
            "256.256.256.256",
            "example.org.0x7f",
        ],
    )
    def test_odd_spellings_of_numbers(self, host: str) -> None:
        with pytest.raises(UnsafeAddress):
            request("POST", f"http://{host}/", resolver=answers(PUBLIC))

    @pytest.mark.parametrize(
        "url",
        [
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://example.org/",
            "//example.org/",
            "example.org",
            "",
            "https:///path",
            "https://",
            "https://user:secret@example.org/",
            "https://example.org@127.0.0.1/",
            "https://example.org:22/",
            "https://example.org:6379/",
            "https://example.org:99999/",
            "https://exa mple.org/",
            "https://example.org/\r\nX: y",
            "https://example.org\\@127.0.0.1/",
            "https://例子.org/",
            "https://127.0.0.1%2f@example.org/",
            "https://-bad.example.org/",
            "https://[::1%25lo]/",
            "https://[::1/",
            "https://[::1]x/",
            "https://[v1.fe80::a]/",
            "https://[::ffff:127.0.0.1%251]/",
            "https://example.org:0/",
            "https://example.org:-443/",
            "https://example.org:4_43/",
            "https://example.org:443x/",
            "https://example.org:443@127.0.0.1/",
            "https://@127.0.0.1/",
            "https://:@example.org/",
            "https://example.org%00.evil.org/",
            "https://example.org%2f.evil.org/",
            "https://example.org,127.0.0.1/",
            "https://127。0。0。1/",
            "https://①②⑦.0.0.1/",
            "https://127.0.0.1\u200b/",
            "https://a..b/",
            "https://.example.org/",
            "https://*.example.org/",
            "https://exam$ple.org/",
            "https://" + "a" * 64 + ".org/",
            "HTTPS://127.0.0.1/",
            "http:/127.0.0.1/",
            "http:\\\\127.0.0.1/",
            "\thttps://example.org/",
            "https://example.org/\x00",
            "https://example.org/\x7f",
            "dict://example.org:11211/",
            "unix:///var/run/docker.sock",
            "data:text/plain,x",
        ],
    )
    def test_addresses_that_are_none(self, url: str) -> None:
        with pytest.raises(UnsafeAddress):
            request("POST", url, resolver=answers(PUBLIC))

    @pytest.mark.parametrize("value", ["a\r\nHost: b", "a\n", "a\n b", "a\x00", "é"])
    def test_a_header_cannot_smuggle_lines(self, value: str) -> None:
        for headers in ({"X": value}, {value: "x"}):
            with pytest.raises(UnsafeAddress):
                request("POST", "https://example.org/", headers=headers, resolver=answers(PUBLIC))

    @pytest.mark.parametrize("address", ["fe80::1%eth0", "::1%1", "127.0.0.1 ", "nonsense", "", "127.1"])
    def test_what_a_resolver_should_not_say(self, address: str) -> None:
        with pytest.raises(UnsafeAddress):
            request("POST", "https://hooks.example.org/", resolver=answers(address))

    def test_a_name_without_addresses(self) -> None:
        with pytest.raises(NoAnswer):
            request("POST", "https://hooks.example.org/", resolver=answers())

    def test_localhost_is_a_name_like_any_other(self) -> None:
        for host in ("localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost"):
            with pytest.raises((UnsafeAddress, NoAnswer)):
                request("POST", f"http://{host}/")

    def test_what_follows_the_host_is_never_taken_for_it(self) -> None:
        for url in (
            "https://example.org#@127.0.0.1/",
            "https://example.org?@127.0.0.1/",
            "https://example.org/@127.0.0.1/",
            "https://example.org//127.0.0.1/",
            "https://example.org/;127.0.0.1",
        ):
            target = target_of(url, resolver=answers(PUBLIC))
            assert (target.host, target.address, target.port) == ("example.org", PUBLIC, 443)

    def test_an_unknown_name_is_no_answer_and_may_be_tried_again(self) -> None:
        def unknown(_host: str, _port: int) -> list[str]:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        with pytest.raises(NoAnswer):
            request("POST", "https://nowhere.example.org/", resolver=unknown)


@pytest.mark.usefixtures("no_network")
class TestAllowed:
    def test_a_named_internal_host_may_be_private_but_never_loopback_or_metadata(self) -> None:
        rules = Rules(hosts=frozenset({"hooks.corp"}))
        assert target_of("https://hooks.corp/", resolver=answers("10.1.2.3"), rules=rules).address == "10.1.2.3"
        assert target_of("https://HOOKS.corp./", resolver=answers("192.168.7.7"), rules=rules).address == "192.168.7.7"
        never = ("127.0.0.1", "169.254.169.254", "::1", "0.0.0.0", "224.0.0.1", "192.0.0.192", "100.100.100.200")
        for address in (*never, "168.63.129.16", "::ffff:127.0.0.1", "fe80::1", "64:ff9b:1::a00:1"):
            with pytest.raises(UnsafeAddress):
                target_of("https://hooks.corp/", resolver=answers(address), rules=rules)
        with pytest.raises(UnsafeAddress):
            target_of("https://other.corp/", resolver=answers("10.1.2.3"), rules=rules)

    @pytest.mark.parametrize("address", OUTSIDE)
    def test_the_world_is_let_through(self, address: str) -> None:
        host = f"[{address}]" if ":" in address else address
        assert target_of(f"https://{host}/").address == address
        assert target_of("https://hooks.example.org/", resolver=answers(address)).address == address

    def test_a_range_is_allowed_as_it_is(self) -> None:
        rules = Rules(networks=(ipaddress.ip_network("10.20.0.0/16"),))
        assert target_of("http://10.20.3.4/", rules=rules).address == "10.20.3.4"
        with pytest.raises(UnsafeAddress):
            target_of("http://10.21.3.4/", rules=rules)

    def test_the_settings_are_the_rules(self, settings: Any) -> None:
        settings.OUTBOUND_ALLOW = ["Hooks.corp", "10.20.0.0/16", "fd12::/16"]
        settings.OUTBOUND_PORTS = [443, 8443]
        rules = safe_http.default_rules()
        assert rules.hosts == {"hooks.corp"} and rules.ports == {443, 8443}
        assert [str(network) for network in rules.networks] == ["10.20.0.0/16", "fd12::/16"]
        with pytest.raises(UnsafeAddress):
            check_url("http://example.org/")


class TestPinned:
    def test_the_name_is_resolved_once_and_the_judged_address_is_contacted(self, server: tuple[int, Seen]) -> None:
        """A name that answers something public when it is judged and loopback when it is contacted gains nothing."""
        port, seen = server
        asked: list[str] = []

        def turncoat(host: str, _port: int) -> list[str]:
            asked.append(host)
            return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

        target = target_of("http://rebound.example.org/", resolver=turncoat)
        assert (target.address, asked) == (PUBLIC, ["rebound.example.org"])
        contacted: list[Any] = []
        original = socket.create_connection

        def watch(address: Any, *args: Any, **kwargs: Any) -> Any:
            contacted.append(address)
            return original(("127.0.0.1", port), *args, **kwargs)

        asked.clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(socket, "create_connection", watch)
            request("POST", "http://rebound.example.org/", resolver=turncoat)
        assert (contacted, asked) == ([(PUBLIC, 80)], ["rebound.example.org"])
        assert seen.requests[0]["headers"]["Host"] == "rebound.example.org"

    def test_host_and_path_are_those_of_the_name(self, server: tuple[int, Seen]) -> None:
        port, seen = server
        url = f"http://hooks.example.org:{port}/a/b?c=d"
        answer = request("POST", url, body=b"{}", resolver=answers("127.0.0.1"), rules=loopback_allowed(port))
        assert (answer.status, answer.body, answer.ok) == (200, b"ok", True)
        (got,) = seen.requests
        assert (got["method"], got["path"], got["body"]) == ("POST", "/a/b?c=d", b"{}")
        assert got["headers"]["Host"] == f"hooks.example.org:{port}"

    def test_the_certificate_is_asked_for_by_the_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import ssl

        asked: dict[str, Any] = {}

        def wrap(self: Any, sock: Any, server_hostname: str = "", **_kwargs: Any) -> Any:
            asked["name"], asked["verify"], asked["check"] = server_hostname, self.verify_mode, self.check_hostname
            raise OSError("enough")

        def connect(address: Any, *_rest: Any) -> socket.socket:
            asked["address"] = address
            return socket.socket()

        monkeypatch.setattr(socket, "create_connection", connect)
        monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap)
        with pytest.raises(NoAnswer):
            request("POST", "https://hooks.example.org/", resolver=answers(PUBLIC))
        assert asked == {
            "address": (PUBLIC, 443),
            "name": "hooks.example.org",
            "verify": ssl.CERT_REQUIRED,
            "check": True,
        }

    def test_proxies_of_the_environment_are_not_used(
        self, server: tuple[int, Seen], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        port, seen = server
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1/")
        assert request("GET", f"http://127.0.0.1:{port}/", rules=loopback_allowed(port)).ok
        assert len(seen.requests) == 1


class TestBounds:
    def test_a_redirect_to_loopback_is_an_answer_and_not_followed(self, server: tuple[int, Seen]) -> None:
        port, seen = server
        seen.answer = lambda: (302, {"Location": f"http://127.0.0.1:{port}/inside"}, b"")
        answer = request("POST", f"http://127.0.0.1:{port}/", rules=loopback_allowed(port))
        assert (answer.status, answer.ok, answer.headers["location"][-7:]) == (302, False, "/inside")
        assert [one["path"] for one in seen.requests] == ["/"]

    def test_the_answer_is_cut(self, server: tuple[int, Seen]) -> None:
        port, seen = server
        seen.answer = lambda: (200, {}, b"x" * 500_000)
        answer = request("GET", f"http://127.0.0.1:{port}/", rules=loopback_allowed(port), most_bytes=1000)
        assert len(answer.body) == 1000

    def test_slow_answers_are_given_up_as_a_whole(self, server: tuple[int, Seen]) -> None:
        port, seen = server
        seen.wait = 60
        started = time.monotonic()
        with pytest.raises(NoAnswer):
            request("GET", f"http://127.0.0.1:{port}/", rules=loopback_allowed(port), timeout=0.3)
        assert time.monotonic() - started < 20

    def test_answers_that_drip_are_given_up_too(self) -> None:
        """Each byte comes in time, the whole never does."""
        import threading

        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]

        def drip() -> None:
            peer, _address = listener.accept()
            peer.recv(1000)
            try:
                for _byte in range(600):
                    peer.send(b"H")
                    time.sleep(0.1)
            except OSError:
                peer.close()

        threading.Thread(target=drip, daemon=True).start()
        started = time.monotonic()
        with pytest.raises(NoAnswer, match="in time"):
            request("GET", f"http://127.0.0.1:{port}/", rules=loopback_allowed(port), timeout=0.5)
        assert time.monotonic() - started < 20, "the whole answer would take a minute"
        listener.close()

    def test_nobody_listens(self, server: tuple[int, Seen]) -> None:
        with silent_port() as port, pytest.raises(NoAnswer):
            request("GET", f"http://127.0.0.1:{port}/", rules=loopback_allowed(port))
