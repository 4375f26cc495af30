"""The first sentence of a text, for a place that has room for one."""

from __future__ import annotations

import re

LONGEST = 160
# A full stop ends a sentence where a capital follows, and no initial or abbreviation stands before it.
_END = re.compile(
    r"[。！？]|[.!?](?=\s+[^\W\d_a-z])(?<![A-Z]\.)(?<!Dept\.)(?<!Inc\.)(?<!No\.)(?<!Dr\.)(?<!Mr\.)(?<!Ms\.)|\n"
)
_ELLIPSIS = "…"


def gist(text: str, longest: int = LONGEST) -> str:
    """The first sentence in at most `longest` characters; one that is longer is cut between words and ends in "…".

    A text that is short enough comes back whole, on one line.
    """
    whole = " ".join(text.split())
    if len(whole) <= longest:
        return whole
    stripped = text.strip()
    found = _END.search(stripped)
    first = " ".join((stripped[: found.end()] if found else stripped).split())
    if len(first) <= longest:
        return first
    cut = first[: longest - len(_ELLIPSIS)]
    before, _space, rest = cut.rpartition(" ")
    # Chinese has no spaces between words: a cut far back would lose most of the text.
    return (before if before and len(rest) < longest // 4 else cut).rstrip(" ,;:，；：、") + _ELLIPSIS
