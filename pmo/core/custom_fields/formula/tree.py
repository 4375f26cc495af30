"""What a formula can be made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

MOST_LETTERS, MOST_NODES, MOST_DEPTH, MOST_DIGITS, MOST_TEXT = 1000, 120, 20, 15, 200
MOST_POWER, MOST_DEGREE = 6, 12


class FormulaError(ValueError):
    """What is wrong with a formula and where: `place` counts letters from 1."""

    def __init__(self, text: str, place: int) -> None:
        super().__init__(text, place)
        self.text, self.place = text, place

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True)
class Number:
    """A figure written into the formula."""

    value: Decimal
    place: int


@dataclass(frozen=True)
class Text:
    """A text written into the formula."""

    value: str
    place: int


@dataclass(frozen=True)
class Field:
    """A field of the row."""

    name: str
    place: int


@dataclass(frozen=True)
class Operation:
    """An operator between two parts: + - * / ^ = <> < <= > >=, or - before one."""

    sign: str
    parts: tuple[Node, ...]
    place: int


@dataclass(frozen=True)
class Call:
    """A function with what stands in its brackets."""

    name: str
    parts: tuple[Node, ...]
    place: int


Node = Number | Text | Field | Operation | Call


def fields_of(node: Node) -> set[str]:
    """Names of the fields that a formula reads."""
    if isinstance(node, Field):
        return {node.name}
    if isinstance(node, Operation | Call):
        return set().union(*(fields_of(part) for part in node.parts))
    return set()
