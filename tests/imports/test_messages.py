"""Every message exists, has its parameters, and survives being stored."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from pmo.core.imports import messages
from pmo.core.imports.message_texts import CELL, FILE, GUESS, MAPPING, ROW, TABLE, TEMPLATES
from pmo.core.imports.messages import Message, shorten

ENGINE = [
    Path(messages.__file__).with_name(f"{name}.py")
    for name in [
        "amounts",
        "apply",
        "archive",
        "cells",
        "checks",
        "currencies",
        "dates",
        "decoding",
        "delimited",
        "guess",
        "headers",
        "kinds",
        "mapping_json",
        "messages",
        "reading",
        "sources",
        "values",
        "words",
        "workbook_child",
    ]
]
CALLS = {"Message": 0, "CellProblem": 0, "ReadError": 0, "RefusedError": 0, "problem": 0, "fail": 1}


def codes_in_source():
    """The code of every message that the engine makes."""
    for path in ENGINE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name not in CALLS or len(node.args) <= CALLS[name]:
                continue
            for value in ast.walk(node.args[CALLS[name]]):
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and "_" in value.value:
                    yield value.value


def test_every_code_used_has_a_text():
    used = {code for code in codes_in_source() if code != "header_"}
    assert len(used) > 60
    assert used - set(TEMPLATES) == set()


def test_every_text_is_used():
    source = "".join(path.read_text(encoding="utf-8") for path in ENGINE)
    texts = {**FILE, **TABLE, **CELL, **ROW, **MAPPING, **GUESS}
    unused = {code for code in texts if f'"{code}"' not in source} - {"header_same", "header_inside", "header_similar"}
    assert unused == set()


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_texts_use_named_parameters_only(code):
    with translation.override("en"):
        text = str(TEMPLATES[code])
    names = re.findall(r"%\((\w+)\)s", text)
    assert re.sub(r"%\(\w+\)s|%%", "", text).count("%") == 0
    with translation.override("en"):
        shown = str(Message(code, {name: f"<{name}>" for name in names}))
    assert all(f"<{name}>" in shown for name in names)


def test_messages_survive_storage():
    message = Message("cell_too_long", {"row": 3, "column": 2, "limit": 10})
    assert Message.from_json(message.to_json()) == message
    with pytest.raises(KeyError):
        Message.from_json({"code": "no_such_code"})


def test_shortening():
    assert shorten("a  b\nc") == "a b c"
    assert shorten("x" * 100, 10) == "x" * 9 + "…"
