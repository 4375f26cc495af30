"""Words that differ by a slip: one letter left out, added, changed or two exchanged; two such slips in long words.

A word is kept under each form that lacks a letter (long ones under those that lack two of the first eight as well). Two words that are a
slip apart share a form, so a misspelt word is looked up by its own forms: no comparison with every word there is.
"""

from __future__ import annotations

from itertools import combinations

LONG = 8
_HEAD = 8


def forms(word: str) -> set[str]:
    """The word, and what is left of it without a letter; of a long word, also its head without two."""
    found = {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
    if len(word) >= LONG:
        head = word[:_HEAD]
        for one, two in combinations(range(len(head)), 2):
            found.add("*" + head[:one] + head[one + 1 : two] + head[two + 1 :])
        found |= {f"*{head}"} | {"*" + head[:place] + head[place + 1 :] for place in range(len(head))}
    return found


def distance(one: str, two: str) -> int:
    """Slips between two words: letters left out, added, changed, or neighbours exchanged (Damerau, restricted)."""
    before: list[int] = []
    last = list(range(len(two) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, other in enumerate(two, 1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == two[column - 2] and one[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]


def allowed(word: str) -> int:
    """How many slips a word of this length may have."""
    return 2 if len(word) >= LONG else 1
