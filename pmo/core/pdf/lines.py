"""Breaking text into lines: Latin between words, Chinese between any two characters but where its rules forbid it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pmo.core.pdf.fonts import BOLD, HAN, LATIN, advance, clean, faces

# No line begins with these, and none ends with those.
_CLOSING = frozenset("，。、；：！？）》」』】〉”’…,.;:!?)]}%％°·")
_OPENING = frozenset("（《「『【〈“‘([{￥$")
# Between Chinese and Latin letters, in shares of the size.
_APART = 0.13
# Columns are made as wide as their texts: sums of the same widths may differ in the last digit.
_ROUNDING = 0.005


@dataclass(frozen=True)
class Span:
    """A piece of text in one look. `mark` is a band whose shape stands before the text."""

    text: str
    bold: bool = False
    colour: str = ""
    mark: str = ""
    small: bool = False


class Piece(NamedTuple):
    """Characters of one line in one font; `width` with the gap before them, in points."""

    text: str
    font: str
    span: Span
    size: float
    width: float
    gap: float = 0.0


Line = list[Piece]
MARK_ROOM = 1.05


def broken(spans: Sequence[Span], width: float, size: float, bold: bool = False) -> list[Line]:
    """The lines of the text at that width and size. A word wider than the line is broken within."""
    lines: list[Line] = [[]]
    used = 0.0
    width += _ROUNDING
    for cluster in _clusters(spans, size, bold):
        if not cluster:
            lines.append([])
            used = 0.0
            continue
        wide = sum(piece.width for piece in cluster)
        if used + _trimmed(cluster) > width and lines[-1]:
            lines.append([])
            used = 0.0
            cluster = _without_gap(cluster)
            wide = sum(piece.width for piece in cluster)
        if used == 0.0 and _trimmed(cluster) > width:
            *full, cluster = _chopped(cluster, width)
            lines[-1] = full[0] if full else []
            lines += full[1:]
            lines += [[]] if full else []
            wide = sum(piece.width for piece in cluster)
        lines[-1] += cluster
        used += wide
    return [_joined(line) for line in lines]


def natural_width(spans: Sequence[Span], size: float, bold: bool = False) -> tuple[float, float]:
    """The widest piece that cannot be broken, and the widest line of the text if nothing were broken."""
    least = line = most = 0.0
    for cluster in _clusters(spans, size, bold):
        if not cluster:
            line = 0.0
            continue
        line += sum(piece.width for piece in cluster)
        least, most = max(least, _trimmed(cluster)), max(most, line)
    return least, most


def _clusters(spans: Sequence[Span], size: float, bold: bool) -> Iterator[Line]:
    """What stays together: a Latin word with its space, a Chinese character with its punctuation. Empty for a line end."""
    held: Line = []
    for piece in _letters(spans, size, bold):
        if piece.text == "\n":
            if held:
                yield held
            held = []
            yield []
            continue
        if held and _may_break(held[-1], piece):
            yield held
            held = []
        held.append(piece)
    if held:
        yield held


def _letters(spans: Sequence[Span], size: float, bold: bool) -> Iterator[Piece]:
    before: Piece | None = None
    for span in spans:
        shown = size * 0.88 if span.small else size
        text = clean(span.text)
        latin = BOLD if bold or span.bold else LATIN
        unmarked = replace(span, mark="") if span.mark else span
        if span.mark:
            before = Piece("", latin, span, shown, shown * MARK_ROOM)
            yield before
        for letter, is_latin in zip(text, faces(text), strict=True):
            font = latin if is_latin else HAN
            gap = shown * _APART if before is not None and _stand_apart(before, letter, font) else 0.0
            before = Piece(letter, font, unmarked, shown, advance(letter, font) * shown + gap, gap)
            yield before


def _stand_apart(before: Piece, letter: str, font: str) -> bool:
    if not before.text or (before.font == HAN) == (font == HAN):
        return False
    other = before.text[-1]
    latin, han = (letter, other) if font != HAN else (other, letter)
    return latin.isalnum() and han.isalpha()


def _may_break(before: Piece, after: Piece) -> bool:
    if not before.text or after.text == " " or after.text in _CLOSING:
        return False
    if before.text == " ":
        return True
    return (before.font == HAN or after.font == HAN) and before.text not in _OPENING


def _trimmed(cluster: Line) -> float:
    """The width without the spaces at the end, which may hang over the edge."""
    wide = sum(piece.width for piece in cluster)
    for piece in reversed(cluster):
        if piece.text != " ":
            break
        wide -= piece.width
    return wide


def _without_gap(cluster: Line) -> Line:
    first = cluster[0]
    return [first._replace(width=first.width - first.gap, gap=0.0), *cluster[1:]]


def _chopped(cluster: Line, width: float) -> list[Line]:
    rows: list[Line] = [[]]
    used = 0.0
    for piece in cluster:
        if rows[-1] and used + piece.width > width:
            rows.append([])
            used = 0.0
        rows[-1].append(piece)
        used += piece.width
    return rows


def _joined(line: Line) -> Line:
    """The line with neighbours of one look put together and without spaces at its end."""
    while line and line[-1].text == " ":
        line = line[:-1]
    found: Line = []
    for piece in line:
        last = found[-1] if found else None
        alike = last is not None and last.text and piece.text and not piece.gap
        if alike and last is not None and (last.font, last.span, last.size) == (piece.font, piece.span, piece.size):
            found[-1] = last._replace(text=last.text + piece.text, width=last.width + piece.width)
        else:
            found.append(piece)
    return found
