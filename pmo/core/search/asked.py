"""What somebody typed, as a condition on tokens: readings of each word, joined as each database writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pmo.core.search.syllables import SYLLABLES, begun_with, readings
from pmo.core.search.tokens import folded, is_chinese, joined, parts, syllables, words_of

MOST_WORDS = 8
LONGEST = 120
_SHORTEST_PREFIX = 3


@dataclass(frozen=True)
class Tree:
    """ "and" or "or" of tokens and trees; a token that ends with a star stands for all that begin so."""

    op: str
    members: tuple[str | Tree, ...]


@dataclass(frozen=True)
class Asked:
    """A query: its folded text, the same as a code, and its words."""

    text: str
    code: str
    words: tuple[str, ...]


def read_query(query: str) -> Asked:
    """What was typed, at most eight words of it."""
    text = folded(query[:LONGEST])
    words = tuple(dict.fromkeys(words_of(text.replace("'", " "))))[:MOST_WORDS]
    return Asked(text, joined(text), words)


def both(members: Sequence[str | Tree]) -> str | Tree:
    """All of them."""
    return members[0] if len(members) == 1 else Tree("and", tuple(members))


def either(members: Sequence[str | Tree]) -> str | Tree:
    """At least one of them."""
    return members[0] if len(members) == 1 else Tree("or", tuple(members))


def in_titles(word: str) -> str | Tree:
    """The word in a title or code: as it stands, part of a word, as pinyin, as initials."""
    if is_chinese(word):
        return f"2{word}" if len(word) == 1 else both([f"1{pair}" for pair in parts(word, 2)])
    if len(word) == 1:
        return f"4{word}"
    found: list[str | Tree] = [f"4{word}*" if len(word) < _SHORTEST_PREFIX else both([f"5{p}" for p in parts(word, 3)])]
    return either([*found, *_as_pinyin(word)])


def _as_pinyin(word: str) -> list[str | Tree]:
    if not (word.isascii() and word.isalpha()):
        return []
    found = [_syllable_tokens(reading) for reading in readings(word)]
    found.append(both([f"7{part}" for part in parts(word, min(len(word), 3))]))
    return found


def _syllable_tokens(reading: list[str]) -> str | Tree:
    """Two and two. The last syllable of several may be cut short: each that begins so, or of a single letter the initials.

    Not a token with a star: what begins so in half of all names is gathered whole before anything else is looked at.
    """
    if len(reading) == 1:
        return f"6{reading[0]}" if reading[0] in SYLLABLES else f"6{reading[0]}*"
    *whole, last = reading
    pairs: list[str | Tree] = [f"6{one}{two}" for one, two in zip(whole, whole[1:], strict=False)]
    if last in SYLLABLES or len(last) > 1:
        return both([*pairs, either([f"6{whole[-1]}{ending}" for ending in begun_with(last)])])
    first = "".join(syllable[0] for syllable in reading)
    return both([*(pairs or [f"6{whole[0]}"]), f"7{first[-3:]}"])


def anywhere(word: str) -> str | Tree:
    """The word in a title or in the text below it."""
    if is_chinese(word):
        if len(word) == 1:
            return either([f"2{word}", f"0{word}*"])
        return both([f"0{pair}" for pair in parts(word, 2)])
    begun = f"3{word}*" if len(word) >= _SHORTEST_PREFIX else f"3{word}"
    return either([begun, in_titles(word)])


def pairs_of(word: str) -> list[str]:
    """The pairs of a Chinese word; of an odd number of characters the last one overlaps the one before."""
    starts = [*range(0, len(word) - 1, 2), *([len(word) - 2] if len(word) % 2 else [])]
    return [word[start : start + 2] for start in starts]


def nearly(word: str, spelt: Sequence[str]) -> str | Tree:
    """What may have been meant: words a slip away; Chinese that sounds the same, or whose pairs all stand somewhere."""
    if not is_chinese(word):
        return either([anywhere(word), *(f"3{other}" for other in spelt)])
    if len(word) == 1:
        return anywhere(word)
    ways: list[str | Tree] = [both([f"0{pair}" for pair in pairs_of(word)])]
    sound = syllables(word)
    if len(sound) == len(word):
        ways.append(both([f"6{one}{two}" for one, two in zip(sound, sound[1:], strict=False)]))
    return either(ways)


def condition(asked: Asked, way: Callable[[str], str | Tree]) -> str | Tree:
    """Every word of the query in one of its readings."""
    return both([way(word) for word in asked.words])


def near_condition(asked: Asked, spelt: Mapping[str, Sequence[str]]) -> str | Tree:
    """Every word, or what may have been meant by it."""
    return both([nearly(word, spelt.get(word, ())) for word in asked.words])


def each_word(tree: str | Tree) -> tuple[str | Tree, ...]:
    """The condition as several that all must hold, one for each word.

    PostgreSQL goes through them side by side and skips by the rarest; in one piece it follows every reading of the commonest.
    """
    if isinstance(tree, Tree) and tree.op == "and" and any(isinstance(one, Tree) for one in tree.members):
        return tree.members
    return (tree,)


def as_tsquery(tree: str | Tree) -> str:
    """The condition as PostgreSQL's tsquery. Tokens hold letters and digits only, so quoting them is enough."""
    if isinstance(tree, str):
        return f"'{tree[:-1]}':*" if tree.endswith("*") else f"'{tree}'"
    sign = " & " if tree.op == "and" else " | "
    return f"({sign.join(map(as_tsquery, tree.members))})"


def as_fts5(tree: str | Tree) -> str:
    """The condition as FTS5's MATCH."""
    if isinstance(tree, str):
        return f'"{tree[:-1]}" *' if tree.endswith("*") else f'"{tree}"'
    return f"({f' {tree.op.upper()} '.join(map(as_fts5, tree.members))})"
