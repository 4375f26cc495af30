"""House rules as functions from source text to violations: (line, what is wrong and what to do instead)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

Found = Iterator[tuple[int, str]]

MODULE_LINES = 500
FUNCTION_LINES = 60
_GETTEXT = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy", "pgettext",
    "pgettext_lazy",
}  # fmt: skip
_MESSAGE_PLACES = {"ngettext": (0, 1), "ngettext_lazy": (0, 1), "pgettext": (0, 1), "pgettext_lazy": (0, 1),
                   "npgettext": (0, 1, 2), "npgettext_lazy": (0, 1, 2)}  # fmt: skip
_UNNAMED = re.compile(r"(?<!%)(?:%%)*%[-+ 0#]*\d*(?:\.\d+)?[sdfirxg]")
_BRACES = re.compile(r"\{\w*\}")


def long_module(source: str) -> Found:
    """No module over 500 lines."""
    lines = source.count("\n")
    if lines > MODULE_LINES:
        yield lines, f"{lines} lines; split the module, {MODULE_LINES} are the limit"


def long_functions(source: str) -> Found:
    """No function over 60 lines, its decorators left out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {length} lines; split it, {FUNCTION_LINES} are the limit"


def computed_messages(source: str) -> Found:
    """A message for translation is one literal with named placeholders, filled in after translation."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _name(node.func) not in _GETTEXT:
            continue
        for place in _MESSAGE_PLACES.get(_name(node.func), (0,)):
            if place < len(node.args):
                yield from _message(node.args[place])


def _message(argument: ast.expr) -> Found:
    if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
        yield argument.lineno, "the message is computed; pass a literal and fill placeholders in after translation"
    elif _UNNAMED.search(argument.value):
        yield argument.lineno, "a placeholder without a name; write %(name)s"
    elif _BRACES.search(argument.value):
        yield argument.lineno, "a brace placeholder; write %(name)s and interpolate with %"


def broad_excepts(source: str) -> Found:
    """Handlers name what they expect."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(kind is None or _name(kind) in {"Exception", "BaseException"} for kind in kinds):
                yield node.lineno, "catches everything; name the exceptions you expect"
        elif (
            isinstance(node, ast.Call)
            and _name(node.func) == "suppress"
            and {"Exception", "BaseException"} & set(map(_name, node.args))
        ):
            yield node.lineno, "suppresses everything; name the exceptions you expect"


def whole_row_saves(source: str) -> Found:
    """`row.save()` writes every column and loses other people's changes: name the columns, or use records.services."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "save":
            continue
        of_super = isinstance(node.func.value, ast.Call) and _name(node.func.value.func) == "super"
        named = {keyword.arg for keyword in node.keywords} & {"update_fields", "force_insert", None}
        if not node.args and not named and not of_super:
            yield node.lineno, "writes the whole row; use records.services, update_fields or force_insert"


def model_signals(source: str) -> Found:
    """Signals hide domain logic; services call what follows from a change."""
    banned = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init"}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and banned & {alias.name for alias in node.names}:
            yield node.lineno, "uses a model signal; call it from the service instead"


def unsaid_functions(source: str) -> Found:
    """Public functions and classes say what they are for."""
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_") or _trivial(node):
            continue
        if ast.get_docstring(node) is None:
            yield node.lineno, f"{node.name} has no docstring"


def _trivial(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Enumerations and empty exceptions speak for themselves."""
    return isinstance(node, ast.ClassDef) and any(
        "Choices" in ast.unparse(base) or "Enum" in ast.unparse(base) for base in node.bases
    )


_INLINE = (
    (
        re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/json)[^>]*>", re.I),
        "an inline script; move it to a file",
    ),
    (re.compile(r"<style\b", re.I), "an inline style sheet; move it to a file"),
    (re.compile(r"<[^>]*\sstyle\s*=", re.I), "a style attribute; use a class"),
    (re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.I), "an inline event handler; listen in a script file"),
    (re.compile(r"<[^>]*\shx-on\b", re.I), "an inline htmx handler; listen in a script file"),
    (re.compile(r"javascript:", re.I), "a javascript: address"),
    (re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.I), "a third-party address"),
)
_NO_MARKUP = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.S)


def inline_code(template: str) -> Found:
    """The content security policy refuses inline script and style; a page asks nobody else."""
    text = _NO_MARKUP.sub(lambda match: "\n" * match.group().count("\n"), template)
    for pattern, what in _INLINE:
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, what


def _name(node: ast.expr | None) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
