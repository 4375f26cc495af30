"""From text to tree: tokens by one pattern, then operator precedence; bounded in length, depth and number of parts."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from pmo.core.custom_fields.formula.tree import (
    MOST_DEPTH,
    MOST_DIGITS,
    MOST_LETTERS,
    MOST_NODES,
    MOST_TEXT,
    Call,
    Field,
    FormulaError,
    Node,
    Number,
    Operation,
    Text,
)

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<text>\"[^\"]*\"|'[^']*')|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign><=|>=|<>|!=|==|\*\*|[-+*/^=<>(),])"
)
# What Chinese keyboards write for the signs of a formula.
_WIDE = str.maketrans("（），＋－＊／＝＜＞“”‘’＾×÷", "(),+-*/=<>\"\"''^*/")
_SAME = {"==": "=", "!=": "<>", "**": "^"}
_COMPARES = frozenset(["=", "<>", "<", "<=", ">", ">="])
_BINDING = {**dict.fromkeys(_COMPARES, 1), "+": 2, "-": 2, "*": 3, "/": 3, "^": 5}
_MINUS = 4


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.nodes = 0
        self.end = len(text) + 1

    @property
    def sign(self) -> str:
        """The sign that comes next; "" for anything else."""
        kind, text, _place = self.tokens[self.at] if self.at < len(self.tokens) else ("", "", 0)
        return text if kind == "sign" else ""

    @property
    def place(self) -> int:
        return self.tokens[self.at][2] if self.at < len(self.tokens) else self.end

    def count(self, place: int) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise FormulaError(_("The formula has more than %(most)s parts.") % {"most": MOST_NODES}, place)

    def expression(self, binding: int, depth: int) -> Node:
        if depth > MOST_DEPTH:
            raise FormulaError(_("The formula is nested more than %(most)s deep.") % {"most": MOST_DEPTH}, self.place)
        left = self.first(depth)
        while _BINDING.get(self.sign, 0) > binding:
            sign, place = self.sign, self.place
            self.at += 1
            self.count(place)
            if sign in _COMPARES and isinstance(left, Operation) and left.sign in _COMPARES:
                raise FormulaError(_("Put brackets around one of two comparisons."), place)
            # A power binds to the right: 2^3^2 is 2^(3^2).
            right = self.expression(_BINDING[sign] - (1 if sign == "^" else 0), depth + 1)
            left = Operation(sign, (left, right), place)
        return left

    def first(self, depth: int) -> Node:
        place = self.place
        self.count(place)
        if self.at >= len(self.tokens):
            raise FormulaError(_("Something is missing at the end."), place)
        kind, text, _place = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return _number(text, place)
        if kind == "text":
            return _text(text, place)
        if kind == "name":
            return self.call(text, place, depth) if self.sign == "(" else Field(text, place)
        if text == "-":
            return Operation("-", (self.expression(_MINUS, depth + 1),), place)
        if text == "(":
            inside = self.expression(0, depth + 1)
            self.close(place)
            return inside
        raise FormulaError(_("“%(sign)s” is not expected here.") % {"sign": text}, place)

    def call(self, name: str, place: int, depth: int) -> Node:
        self.at += 1
        parts: list[Node] = []
        while self.sign != ")":
            parts.append(self.expression(0, depth + 1))
            if self.sign != ",":
                break
            self.at += 1
        self.close(place)
        return Call(name.lower(), tuple(parts), place)

    def close(self, opened: int) -> None:
        if self.sign != ")":
            raise FormulaError(_("The bracket is not closed."), opened)
        self.at += 1


def read_formula(text: str) -> Node:
    """The tree of a formula. Raises FormulaError in the reader's language; takes time in proportion to the text."""
    if len(text) > MOST_LETTERS:
        raise FormulaError(_("A formula has at most %(most)s letters.") % {"most": MOST_LETTERS}, MOST_LETTERS)
    reader = _Reader(text.translate(_WIDE).removeprefix("="))
    if not reader.tokens:
        raise FormulaError(_("Write a formula, such as forecast_cost / 12."), 1)
    tree = reader.expression(0, 0)
    if reader.at < len(reader.tokens):
        _kind, rest, place = reader.tokens[reader.at]
        raise FormulaError(_("“%(sign)s” is not expected here.") % {"sign": rest}, place)
    return tree


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(_("“%(sign)s” is not expected here.") % {"sign": text[at]}, at + 1)
        kind = str(match.lastgroup)
        if kind != "space":
            found.append((kind, _SAME.get(match.group(), match.group()), at + 1))
        at = match.end()
    return found


def _number(text: str, place: int) -> Number:
    if len(text) > MOST_DIGITS:
        raise FormulaError(_("A number has at most %(most)s digits.") % {"most": MOST_DIGITS}, place)
    return Number(Decimal(text), place)


def _text(text: str, place: int) -> Text:
    if len(text) > MOST_TEXT:
        raise FormulaError(_("A text has at most %(most)s letters.") % {"most": MOST_TEXT}, place)
    return Text(text[1:-1], place)
