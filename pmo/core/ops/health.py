"""Whether the parts answer: for load balancers and monitors."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from pmo.core.jobs import ticks

_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class Check:
    """One part. `detail` says what is wrong in words that hold no secret."""

    name: str
    ok: bool
    detail: str = ""
    age_seconds: float | None = None


def checks(now: datetime.datetime) -> list[Check]:
    """Database, broker, and how long ago beat and workers gave a sign of life."""
    database = _database()
    if not database.ok:
        return [database, _broker()]
    ages = ticks.ages(now)
    return [database, _broker(), _alive("beat", ages["beat"]), _alive("worker", ages["worker"])]


def worker_check(name: str, host: str, now: datetime.datetime) -> Check:
    """Whether the worker of one host gave a sign of life lately."""
    return _alive(name, ticks.age_of_worker(host, now))


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseFault as fault:
        return Check("database", False, f"no answer ({type(fault).__name__})")
    return Check("database", True)


def _broker() -> Check:
    if urlsplit(settings.REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
        return Check("broker", False, "REDIS_URL is not a Redis address")
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        client.ping()
    except (OSError, redis.RedisError) as error:
        return Check("broker", False, f"no answer ({type(error).__name__})")
    finally:
        client.close()
    return Check("broker", True)


def _alive(name: str, age: float | None) -> Check:
    if age is None:
        return Check(name, False, "has not started yet")
    if age > settings.BEAT_LATE_SECONDS:
        return Check(name, False, f"silent for {age:.0f} s, more than {settings.BEAT_LATE_SECONDS} s", round(age, 1))
    return Check(name, True, "", round(age, 1))
