"""Strict readers of environment variables: a wrong value stops the start with a sentence that says what is wrong."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "on"}
FALSE_WORDS = {"0", "false", "off", ""}


def env_text(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file that NAME_FILE points to (for container secrets)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        if name in os.environ:
            raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path!r} cannot be read: {error.strerror}.") from error
    return os.environ.get(name, default)


def with_password(url: str, password: str) -> str:
    """The address with the password put in, so that it can come from a file of its own; unchanged without one."""
    if not password:
        return url
    parts = urlsplit(url)
    if parts.password:
        raise ImproperlyConfigured(
            "REDIS_URL has a password already; leave REDIS_PASSWORD out, or take it out of the address."
        )
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username or ''}:{quote(password, safe='')}@{place}").geturl()


def public_url(given: str, hosts: list[str], *, https: bool, port: str) -> str:
    """The address people reach the site at, without a slash at its end; by default the first host that is allowed."""
    if given:
        parts = urlsplit(given)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ImproperlyConfigured(f"PUBLIC_URL={given!r} is not an address such as https://pmo.example.org.")
        return given.rstrip("/")
    host = next((name.lstrip(".") for name in hosts if name != "*"), "localhost")
    return f"https://{host}" if https else f"http://{host}:{port}"


def env_bool(name: str, *, default: bool) -> bool:
    """A switch: 1, true, on or 0, false, off. Anything else ("yes", "ja") is refused."""
    raw = env_text(name, "1" if default else "0").strip().lower()
    if raw in TRUE_WORDS:
        return True
    if raw in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is not a switch; use 1, true, on or 0, false, off.")


def env_int(name: str, *, default: int, minimum: int, maximum: int) -> int:
    """A whole number between minimum and maximum, both included."""
    raw = env_text(name, str(default)).strip()
    try:
        value = int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from error
    if not minimum <= value <= maximum:
        raise ImproperlyConfigured(f"{name}={value} is outside {minimum} to {maximum}.")
    return value


def env_list(name: str, default: str = "") -> list[str]:
    """Comma-separated words, blanks dropped."""
    return [word.strip() for word in env_text(name, default).split(",") if word.strip()]


def env_hosts(name: str) -> list[str]:
    """Host names, and ranges of addresses such as 10.20.0.0/16."""
    entries = env_list(name)
    for entry in entries:
        if "/" in entry or entry.replace(".", "").isdigit() or ":" in entry:
            try:
                ipaddress.ip_network(entry)
            except ValueError as error:
                raise ImproperlyConfigured(f"{name}: {entry!r} is not a range such as 10.20.0.0/16.") from error
    return entries


def env_ports(name: str, default: str) -> list[int]:
    """Port numbers."""
    entries = env_list(name, default)
    if not all(entry.isdigit() and 0 < int(entry) < 65536 for entry in entries):
        raise ImproperlyConfigured(f"{name}={','.join(entries)!r} is not a list of ports such as 80,443.")
    return [int(entry) for entry in entries]


def env_choice(name: str, choices: tuple[str, ...], *, default: str) -> str:
    """One of the choices, exactly as spelt."""
    value = env_text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} is not one of {', '.join(choices)}.")
    return value


def networks(name: str, words: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks such as 10.0.0.0/8, or single addresses, from the words of a variable."""
    found = []
    for given in words:
        try:
            found.append(ipaddress.ip_network(given))
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {given!r} is not a network such as 10.20.0.0/16.") from error
    return found


def database_from_url(url: str) -> dict[str, object]:
    """Django's database entry from sqlite:///path or postgresql://user:password@host:port/name?option=value."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path))
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    raise ImproperlyConfigured(
        f"DATABASE_URL starts with {parts.scheme or '(nothing)'!r}; use sqlite:/// or postgresql://."
    )


def _sqlite(path: str) -> dict[str, object]:
    if not path or path == "/":
        raise ImproperlyConfigured("DATABASE_URL=sqlite:///... names no file.")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # The three together are what keeps eight writers from "database is locked".
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;",
        },
        "TEST": {"NAME": None},
    }


def _postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database after the host.")
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL has a port that is not a number.") from error
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or env_text("DATABASE_PASSWORD"),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": env_int("DATABASE_CONN_MAX_AGE", default=60, minimum=0, maximum=86400),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
