"""The catalogue check finds each kind of fault."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_catalogue.py"


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_catalogue", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def catalogue(**entries: str) -> Catalog:
    found = Catalog(locale="zh_Hans")
    for text, translation in entries.items():
        found.add(text.replace("_", " "), translation)
    return found


def test_a_whole_catalogue_has_no_findings(check: ModuleType) -> None:
    wanted = catalogue(Jobs="", Done="")
    wanted.add(("%(n)s job", "%(n)s jobs"))
    given = catalogue(Jobs="任务", Done="完成")
    given.add(("%(n)s job", "%(n)s jobs"), ("%(n)s 个任务",))
    assert check.findings(wanted, given) == []


@pytest.mark.parametrize(
    ("given", "finding"),
    [
        ({}, "missing: 'Jobs'"),
        ({"Jobs": ""}, "untranslated: 'Jobs'"),
        ({"Jobs": "任务", "Old": "旧"}, "not used: 'Old'"),
        ({"Jobs": "任务 %(n)s"}, "unknown placeholder: 'Jobs'"),
    ],
)
def test_a_fault_is_found(check: ModuleType, given: dict[str, str], finding: str) -> None:
    assert check.findings(catalogue(Jobs=""), catalogue(**given)) == [finding]


def test_a_fuzzy_entry_is_found(check: ModuleType) -> None:
    given = Catalog(locale="zh_Hans")
    given.add("Jobs", "任务", flags=["fuzzy"])
    assert check.findings(catalogue(Jobs=""), given) == ["fuzzy: 'Jobs'"]


def test_the_same_text_in_another_context_is_another_message(check: ModuleType) -> None:
    wanted = catalogue(Jobs="")
    wanted.add("Jobs", context="rag")
    assert check.findings(wanted, catalogue(Jobs="任务")) == ["missing: 'Jobs'"]
