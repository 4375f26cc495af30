"""The child process: isolated, limited, and its death is an answer."""

import os
import subprocess
import textwrap
import time

import pytest

from pmo.core.imports import sandbox
from pmo.core.imports.sandbox import SandboxError, run_isolated

SCRIPT = """
import os, time
class RefusedError(Exception):
    def __init__(self, code, **params):
        self.code, self.params = code, params
def count(upto):
    yield from range(upto)
def environment():
    yield sorted(os.environ)
def modules():
    import sys
    yield [name for name in sys.modules if name.split(".")[0] in ("django", "pmo", "celery")]
def hoard():
    yield len(bytearray(1 << 30))
def spin():
    while True:
        pass
    yield 0
def sleep():
    time.sleep(60)
    yield 0
def refuse():
    yield 1
    raise RefusedError("is_empty", size=3)
def fail():
    yield 1
    raise ValueError("inside")
def flood():
    while True:
        yield "x" * 1_000_000
def killed():
    os.kill(os.getpid(), 9)
    yield 0
"""


@pytest.fixture
def run(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(SCRIPT))

    def _run(function, wall=20.0, cpu=10, memory=512 << 20, output=8 << 20, **arguments):
        limits = {"wall_seconds": wall, "cpu_seconds": cpu, "memory_bytes": memory, "output_bytes": output}
        with run_isolated(script, function, arguments, **limits) as values:
            return list(values)

    return _run


def code_of(run, function, **options):
    with pytest.raises(SandboxError) as caught:
        run(function, **options)
    return caught.value


def test_values_come_back_one_by_one(run):
    assert run("count", upto=4) == [0, 1, 2, 3]


def test_no_secret_of_ours_is_in_the_childs_environment(run, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "very secret")
    assert set(run("environment")[0]) <= {*sandbox.KEPT_ENVIRONMENT, "OPENBLAS_NUM_THREADS", "LC_CTYPE"}


def test_nothing_of_the_product_is_loaded(run):
    assert run("modules") == [[]]


def test_memory(run):
    assert code_of(run, "hoard").code == "memory"


def test_processor_time(run):
    assert code_of(run, "spin", cpu=1).code == "time"


def test_waiting(run):
    started = time.monotonic()
    assert code_of(run, "sleep", wall=0.5).code == "time"
    assert time.monotonic() - started < 30, "half a second is allowed, the child would take a minute"


def test_refusal_carries_its_parameters(run):
    error = code_of(run, "refuse")
    assert (error.code, error.params) == ("refused", {"code": "is_empty", "size": 3})


def test_failure_keeps_its_trace_for_the_log(run):
    error = code_of(run, "fail")
    assert error.code == "crashed"
    assert "ValueError: inside" in error.detail


def test_output_is_limited(run):
    assert code_of(run, "flood").code == "crashed"


def test_killed_from_outside(run):
    assert code_of(run, "killed").code == "time"


def test_no_child_is_left_behind(run):
    code_of(run, "sleep", wall=0.3)
    children = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True)
    assert "sandbox.py" not in children.stdout
