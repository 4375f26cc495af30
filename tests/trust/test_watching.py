"""What an operator watches: metrics behind a token, log lines with ids, error reports without personal data."""

from __future__ import annotations

import gzip
import ipaddress
import json
import logging
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.services import Act, record
from pmo.core.jobs.api import enqueue, job_kind, run_job_now
from pmo.core.ops import error_reports
from pmo.core.web.request_id import JsonFormatter, RequestIdFilter, working_as
from pmo.env import networks
from scripts.lint import PRODUCTION

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-for-monitors"


@pytest.fixture
def metrics_on(settings, db):
    settings.METRICS_TOKEN = TOKEN
    return Client(headers={"Authorization": f"Bearer {TOKEN}"})


def test_metrics_are_off_where_nothing_is_set(db):
    assert Client().get("/metrics").status_code == 404


def test_metrics_need_the_token(metrics_on):
    assert Client().get("/metrics").status_code == 404
    assert Client(headers={"Authorization": "Bearer wrong"}).get("/metrics").status_code == 404
    answer = metrics_on.get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")


def test_an_allowed_network_holds_for_direct_connections_only(settings, db):
    settings.METRICS_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    assert Client().get("/metrics").status_code == 200
    assert Client().get("/metrics", REMOTE_ADDR="10.0.0.9").status_code == 404
    assert Client(headers={"X-Forwarded-For": "203.0.113.9"}).get("/metrics").status_code == 404


def test_requests_are_counted_by_route_and_jobs_by_state(metrics_on, pmo_admin):
    enqueue(kind="core.retention", params={}, actor=SYSTEM)
    record(actor=SYSTEM, act=Act("update", "projects.project", 1))
    pmo_admin.get(reverse("keyboard"))
    pmo_admin.get("/no/such/address/kingfisher")
    text = metrics_on.get("/metrics").content.decode()
    assert 'bellwether_http_requests_total{method="GET",route="keyboard",status="200"}' in text
    assert 'bellwether_http_request_seconds_bucket{le="0.5",method="GET",route="keyboard"}' in text
    assert "kingfisher" not in text and "no/such" not in text
    assert 'bellwether_jobs{kind="core.retention",state="queued"} 1.0' in text
    assert 'bellwether_job_oldest_age_seconds{kind="core.retention",state="queued"}' in text
    assert "bellwether_job_queue_length 1.0" in text
    assert "bellwether_audit_unsealed_entries 1.0" in text
    assert "bellwether_database_up 1.0" in text
    assert "bellwether_health_snapshot_age_days" in text


def test_networks_are_read_strictly():
    assert [str(one) for one in networks("METRICS_NETWORKS", ["10.0.0.0/8", "::1"])] == ["10.0.0.0/8", "::1/128"]
    with pytest.raises(ImproperlyConfigured, match="10.0.0.1/8"):
        networks("METRICS_NETWORKS", ["10.0.0.1/8"])


class Lines(logging.Handler):
    """Keeps what production would write."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(JsonFormatter())
        self.addFilter(RequestIdFilter())
        self.lines: list[dict] = []

    def emit(self, record):
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def lines():
    handler, names = Lines(), ("bellwether.request", "tests.trust")
    for name in names:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.INFO)
    yield handler.lines
    for name in names:
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_a_request_leaves_one_line_with_its_id_and_the_answer_carries_the_id(lines, pmo_admin):
    answer = pmo_admin.get(reverse("keyboard"), headers={"X-Request-ID": "given-by-the-proxy"})
    assert answer["X-Request-ID"] == "given-by-the-proxy"
    (line,) = lines
    assert line["request_id"] == "given-by-the-proxy"
    assert (line["route"], line["method"], line["status"]) == ("keyboard", "GET", 200)
    assert line["user_id"] == pmo_admin.user.pk
    assert line["duration_ms"] > 0
    assert pmo_admin.user.username not in json.dumps(line)


def test_health_checks_leave_no_line_and_a_bad_id_is_replaced(lines, db):
    answer = Client().get("/healthz", headers={"X-Request-ID": "a b\nforged"})
    assert lines == []
    assert answer["X-Request-ID"] not in ("", "a b\nforged")


@job_kind("test.trust_log", label="Logs")
def _logs(ctx):
    logging.getLogger("tests.trust").info("at work")


def test_lines_of_a_job_carry_the_id_that_its_audit_entries_carry(lines, db):
    job = enqueue(kind="test.trust_log", params={}, actor=SYSTEM)
    run_job_now(job.pk)
    assert [(line["message"], line["request_id"]) for line in lines] == [("at work", str(job.uid))]


class Collector(BaseHTTPRequestHandler):
    """Takes the envelope of an event."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def collector():
    server = HTTPServer(("127.0.0.1", 0), Collector)
    server.bodies = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_error_report_says_what_and_where_but_nothing_of_people(collector):
    import sentry_sdk

    dsn = f"http://key@127.0.0.1:{collector.server_port}/1"
    with sentry_sdk.isolation_scope():
        error_reports.start(dsn, "test", default_integrations=False, auto_enabling_integrations=False)
        try:
            with working_as("the-request-id"):
                sentry_sdk.set_user({"email": "zq@x.test"})
                sentry_sdk.set_extra("note", "zq@x.test")
                try:
                    secret_of = "zq@x.test"
                    raise ValueError(f"{secret_of} is not a number")
                except ValueError as error:
                    sentry_sdk.capture_exception(error)
            sentry_sdk.flush(timeout=10)
        finally:
            sentry_sdk.get_client().close()
            sentry_sdk.get_global_scope().set_client(None)
    text = b"".join(collector.bodies).decode()
    assert "ValueError" in text
    assert "test_watching.py" in text
    assert "the-request-id" in text
    assert "zq@x.test" not in text
    assert "secret_of" not in text


@pytest.mark.long
def test_the_production_profile_passes_the_deployment_check_and_loads_no_watcher_that_is_off():
    code = (
        "import sys, django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='WARNING')\n"
        "assert not {'sentry_sdk', 'prometheus_client'} & set(sys.modules), 'loaded although off'\n"
    )
    off = {"METRICS_TOKEN", "METRICS_NETWORKS", "SENTRY_DSN", "DJANGO_SETTINGS_MODULE"}
    env = {name: value for name, value in os.environ.items() if name not in off}
    env |= PRODUCTION | {"DJANGO_SETTINGS_MODULE": "pmo.settings"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr[-800:]) == (0, "")
    assert "no issues" in done.stdout
