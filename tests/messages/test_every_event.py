"""Every kind of event that people can choose is really sent somewhere, and everything that is sent is in their list."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.jobs import kinds
from pmo.core.jobs.api import JobContext, JobFailed, enqueue, job_kind
from pmo.core.jobs.models import Job
from pmo.core.jobs.services import run_job_now
from pmo.core.messages.events import all_events
from pmo.core.messages.models import Mode, Notification
from pmo.core.messages.queries import shown_rows
from tests import factories
from tests.conftest import UserClient
from tests.messages.conftest import reader

ROOT = Path(settings.BASE_DIR)
ROOMS = ("pmo", "projects", "risks", "resources", "knowledge", "portfolio", "office")
# The guard's own plumbing passes the caller's event on.
PASSES_ON = {"pmo/core/messages/services/notifying.py"}


@functools.cache
def calls() -> list[tuple[str, int, str, bool]]:
    """(file, line, event, whether programs and groups outside hear of it) of each call of `notify` and `announce` in the product, whatever name or constant it is given by."""
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name and name not in PASSES_ON:
                found += [(name, *call) for call in _events_in(ast.parse(path.read_text(encoding="utf-8")))]
    return found


def _events_in(tree: ast.Module) -> Iterator[tuple[int, str, bool]]:
    constants = _constants(tree)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        names = [
            argument.arg for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        ]
        for call in _own_calls(function):
            value = next((word.value for word in call.keywords if word.arg == "event"), None)
            if value is None:
                continue
            outside = not any(word.arg == "broadcast" for word in call.keywords)
            if isinstance(value, ast.Name) and value.id in names:
                given = list(_given(tree, function.name, names.index(value.id), value.id, constants))
            else:
                given = [(call.lineno, event) for event in _texts(value, constants)]
            yield from ((line, event, outside) for line, event in given)


def _own_calls(function: ast.FunctionDef) -> list[ast.Call]:
    nodes = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return [node for node in nodes if isinstance(node.func, ast.Name) and node.func.id in {"notify", "announce"}]


def _given(tree: ast.Module, name: str, place: int, word: str, constants: dict[str, str]) -> Iterator[tuple[int, str]]:
    """What the callers of a helper in the same module hand to it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            given = next((one.value for one in node.keywords if one.arg == word), None)
            given = given if given is not None else node.args[place]
            for event in _texts(given, constants):
                yield node.lineno, event


def _texts(value: ast.expr, constants: dict[str, str]) -> list[str]:
    """The texts an expression can be; fails where it is neither a text, a constant, nor a choice between such."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, ast.Name) and value.id in constants:
        return [constants[value.id]]
    if isinstance(value, ast.IfExp):
        return [*_texts(value.body, constants), *_texts(value.orelse, constants)]
    raise AssertionError(f"line {value.lineno}: which event is {ast.unparse(value)}? Use a text or a constant.")


def _constants(tree: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            pairs = (
                zip(target.elts, node.value.elts, strict=True)
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                else [(target, node.value)]
            )
            for left, right in pairs:
                if isinstance(left, ast.Name) and isinstance(right, ast.Constant) and isinstance(right.value, str):
                    found[left.id] = right.value
    return found


class TestBothWays:
    def test_every_event_in_the_list_is_sent_by_the_product(self) -> None:
        sent = {event for file, _line, event, _outside in calls() if not file.startswith("portfolio/demo/")}
        assert {kind.key for kind in all_events()} - sent == set()

    def test_every_event_that_is_sent_is_in_the_list(self) -> None:
        known = {kind.key for kind in all_events()}
        assert [(file, line, event) for file, line, event, _outside in calls() if event not in known] == []
        assert len(calls()) > 20

    def test_a_call_the_search_does_not_understand_fails_it(self) -> None:
        tree = ast.parse("def f(x):\n    notify(event=x.name, recipients=[])\n")
        with pytest.raises(AssertionError, match=r"which event is x\.name"):
            list(_events_in(tree))
        tree = ast.parse(
            "A, B = 'a', 'b'\ndef f(e):\n    notify(event=e)\ndef g():\n    f(A if 1 else B)\n    f('c')\n"
        )
        assert [event for _line, event, _outside in _events_in(tree)] == ["a", "b", "c"]

    def test_what_webhooks_and_groups_can_choose_reaches_them(self) -> None:
        outside = {event for _file, _line, event, outside in calls() if outside}
        assert {kind.key for kind in all_events() if not kind.internal} - outside == set()

    @pytest.mark.django_db
    def test_the_settings_page_lets_everybody_choose_for_each(self, outsider: UserClient) -> None:
        page = outsider.get("/account/messages").text
        for kind in all_events():
            assert f'name="centre-{kind.key}"' in page and f'name="email-{kind.key}"' in page, kind.key


@pytest.mark.django_db
class TestJobs:
    def test_done_failed_and_given_up_are_events_of_their_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

        @job_kind("test.fails_kindly", label="Import of costs")
        def fails(ctx: JobContext) -> None:
            raise JobFailed("Row 7 has no project.")

        @job_kind("test.works", label="Export")
        def works(ctx: JobContext) -> None:
            return None

        owner, keeper = reader(), factories.user(Role.PMO_ADMIN)
        for kind in ("test.works", "test.fails_kindly"):
            run_job_now(enqueue(kind=kind, params={}, actor=actor_of(owner)).pk)
        rows = list(Notification.objects.filter(user=owner).order_by("pk"))
        with translation.override("en"):
            told = [(one.row.event, one.text, one.note, one.tone) for one in shown_rows(owner, rows)]
        assert told == [
            ("job.finished", "Export: Done", "", "good"),
            ("job.failed", "Import of costs: Failed", "Row 7 has no project.", "bad"),
        ]
        assert [row.for_digest for row in rows] == [False, True]
        assert not Notification.objects.filter(user=keeper).exists()

    def test_each_is_chosen_by_itself(self) -> None:
        chosen = {kind.key: kind.email for kind in all_events() if kind.key.startswith("job.")}
        assert chosen == {"job.finished": Mode.OFF, "job.failed": Mode.DIGEST, "job.given_up": Mode.NOW}

    def test_notices_of_before_are_carried_over_in_words(self) -> None:
        """As migration 0005 does it: the names of jobs as people know them, the event by how the job ended."""
        import importlib

        migration = importlib.import_module("pmo.core.migrations.0005_carry_job_notices")
        owner, keeper = reader(), factories.user(Role.PMO_ADMIN)
        jobs = [
            Job.objects.create(kind="portfolio.recompute", state=state, owner=owner, params={})
            for state in ("done", "failed", "dead")
        ]
        notices = [
            SimpleNamespace(pk=number, user_id=user.pk, job=job, job_id=job.pk, created_at=job.created_at, seen_at=None)
            for number, (user, job) in enumerate([*((owner, job) for job in jobs), (keeper, jobs[2])])
        ]
        old = SimpleNamespace(
            objects=SimpleNamespace(
                select_related=lambda *_names: SimpleNamespace(
                    order_by=lambda *_names: SimpleNamespace(iterator=lambda: iter(notices))
                )
            )
        )
        models: dict[str, Any] = {"JobNotice": old, "Notification": Notification}
        migration.carry_job_notices(SimpleNamespace(get_model=lambda _app, name: models[name]), None)
        rows = list(Notification.objects.order_by("pk"))
        assert [row.event for row in rows] == ["job.finished", "job.failed", "job.failed", "job.given_up"]
        with translation.override("en"):
            assert [one.text for one in shown_rows(owner, rows[:3])] == [
                "Recompute health: Done",
                "Recompute health: Failed",
                "Recompute health: Given up",
            ]
        with translation.override("zh-hans"):
            (first,) = shown_rows(owner, rows[:1])
        assert "Recompute" not in first.text and "portfolio" not in first.text
