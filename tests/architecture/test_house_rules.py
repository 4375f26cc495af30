"""The rules hold in the product; each is shown a sample it must accept and samples it must refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.sources import APPS, product_files, python_files, read, templates

Rule = Callable[[str], rules.Found]


def violations(rule: Rule, paths: list[Path]) -> list[str]:
    assert paths, "no files found: the rule would hold for nothing"
    return [f"{path}:{line}: {what}" for path in paths for line, what in rule(read(path))]


def outside(*allowed: str) -> list[Path]:
    return [path for path in product_files() if not str(path).startswith(allowed)]


def test_modules_are_short() -> None:
    assert violations(rules.long_module, python_files()) == []


def test_functions_are_short() -> None:
    assert violations(rules.long_functions, python_files(*APPS, "bench", "scripts")) == []


def test_messages_are_literals() -> None:
    assert violations(rules.computed_messages, product_files()) == []


def test_handlers_name_what_they_expect() -> None:
    assert violations(rules.broad_excepts, python_files(*APPS, "bench", "scripts")) == []


def test_rows_are_not_saved_whole() -> None:
    assert violations(rules.whole_row_saves, outside("pmo/core/records/")) == []


def test_no_signals_as_domain_logic() -> None:
    assert violations(rules.model_signals, product_files()) == []


def test_services_queries_and_calculations_say_what_they_do() -> None:
    told = [path for path in product_files() if {"services", "queries", "calc", "access"} & {*path.parts, path.stem}]
    assert violations(rules.unsaid_functions, told) == []


def test_templates_hold_no_code_and_ask_no_third_party() -> None:
    assert violations(rules.inline_code, templates()) == []


GOOD = {
    rules.long_module: "x = 1\n" * 500,
    rules.long_functions: "def f():\n" + "    x = 1\n" * 59,
    rules.computed_messages: '_("%(n)s rows, 100%% of %(all)s") % {"n": 1}\nngettext("%(n)s row", "%(n)s rows", n)\nother(f"{x}")',
    rules.broad_excepts: "try:\n    f()\nexcept (ValueError, KeyError):\n    raise\nwith suppress(OSError):\n    f()",
    rules.whole_row_saves: 'row.save(update_fields=["a"])\nrow.save(force_insert=True)\nbook.save(path)\nsuper().save()',
    rules.model_signals: "from django.core.signals import request_finished",
    rules.unsaid_functions: 'def f():\n    """Says."""\ndef _g(): ...\nclass C(TextChoices): ...',
    rules.inline_code: (
        '<script src="/a.js" defer></script>{# <style> #}<p data-style="x">{% comment %}<b onclick="x">{% endcomment %}'
        '<script type="application/json">{}</script><a href="/jobs/">'
    ),
}
BAD: list[tuple[Rule, str]] = [
    (rules.long_module, "x = 1\n" * 501),
    (rules.long_functions, "class C:\n    def f(self):\n" + "        x = 1\n" * 60),
    (rules.computed_messages, '_(f"{n} rows")'),
    (rules.computed_messages, '_("a" + name)'),
    (rules.computed_messages, '_("%s rows") % n'),
    (rules.computed_messages, '_("{n} rows").format(n=n)'),
    (rules.computed_messages, '_("rows" % n)'),
    (rules.computed_messages, 'ngettext("one row", f"{n} rows", n)'),
    (rules.computed_messages, 'pgettext("rag", f"{x}")'),
    (rules.broad_excepts, "try:\n    f()\nexcept Exception:\n    pass"),
    (rules.broad_excepts, "try:\n    f()\nexcept:\n    pass"),
    (rules.broad_excepts, "try:\n    f()\nexcept (KeyError, BaseException) as e:\n    pass"),
    (rules.broad_excepts, "with contextlib.suppress(Exception):\n    f()"),
    (rules.whole_row_saves, "row.save()"),
    (rules.whole_row_saves, 'row.save(using="default")'),
    (rules.model_signals, "from django.db.models.signals import post_save"),
    (rules.unsaid_functions, "def f():\n    return 1"),
    (rules.unsaid_functions, "class C:\n    x = 1"),
    (rules.inline_code, "<script>alert(1)</script>"),
    (rules.inline_code, "<style>p {}</style>"),
    (rules.inline_code, '<p\n  style="color: red">'),
    (rules.inline_code, '<button type="button" onclick="go()">'),
    (rules.inline_code, '<a href="javascript:go()">'),
    (rules.inline_code, '<div hx-on:click="go()">'),
    (rules.inline_code, '<link href="https://fonts.example/x.css">'),
]


@pytest.mark.parametrize("rule", list(GOOD), ids=lambda rule: rule.__name__)
def test_the_good_sample_passes(rule: Rule) -> None:
    assert list(rule(GOOD[rule])) == []


@pytest.mark.parametrize(
    ("rule", "sample"), BAD, ids=[f"{rule.__name__}-{number}" for number, (rule, _) in enumerate(BAD)]
)
def test_the_bad_sample_is_refused(rule: Rule, sample: str) -> None:
    assert list(rule(sample)) != []


def test_every_rule_has_both_samples() -> None:
    assert set(GOOD) == {rule for rule, _sample in BAD}
