"""The text of /metrics. Imported only where metrics are on: prometheus_client looks at its environment once, at import."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from pmo.core.ops.metrics.sources import all_gauges, database_up

__all__ = ["CONTENT_TYPE_LATEST", "observe", "text"]

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_own = CollectorRegistry()
_requests = Counter("bellwether_http_requests", "Requests by route", ("route", "method", "status"), registry=_own)
_seconds = Histogram(
    "bellwether_http_request_seconds", "Time to answer by route", ("route", "method"), buckets=_BUCKETS, registry=_own
)


def observe(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count one request."""
    _requests.labels(route, method, str(status)).inc()
    _seconds.labels(route, method).observe(seconds)


class _Database:
    """Gauges read when asked, so that no process keeps a stale one."""

    def collect(self) -> Iterator[Any]:
        up = database_up()
        yield GaugeMetricFamily("bellwether_database_up", "Whether the database answers", value=1.0 if up else 0.0)
        for gauge in all_gauges() if up else []:
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
            for sample in gauge.read():
                family.add_metric([sample.labels[name] for name in gauge.labels], sample.value)
            yield family


def text() -> bytes:
    """Everything in Prometheus' format; requests of all web processes together where they share a folder."""
    gauges = CollectorRegistry()
    gauges.register(_Database())
    counted = _own
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    return bytes(generate_latest(counted)) + bytes(generate_latest(gauges))
