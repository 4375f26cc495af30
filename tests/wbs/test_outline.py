"""The outline as plain values: random operations keep it valid, positions rise, branches stay whole."""

from __future__ import annotations

import random

import pytest

from projects.calc.plan.outline import GAP, Outline, OutlineError, outline_numbers, positions


def grown(rng: random.Random, size: int) -> Outline:
    """Any outline a person could have built."""
    levels: list[int] = []
    for _row in range(size):
        levels.append(rng.randint(1, min(levels[-1] + 1, 5)) if levels else 1)
    return Outline(tuple(range(1, size + 1)), tuple(levels))


def assert_valid(outline: Outline) -> None:
    assert len(set(outline.ids)) == len(outline)
    assert all(level >= 1 for level in outline.levels)
    level_of = dict(zip(outline.ids, outline.levels, strict=True))
    for index, parent in enumerate(outline.parents):
        assert (parent is None) == (not any(level < outline.levels[index] for level in outline.levels[:index]))
        if parent is not None:
            assert level_of[parent] < outline.levels[index]
            assert outline.places[parent] < index < outline.end(outline.places[parent])
    assert set(outline.parents) - {None} == {
        key for key, one in zip(outline.ids, outline.summaries, strict=True) if one
    }
    assert len(set(outline.numbers)) == len(outline)


def step(outline: Outline, rng: random.Random, fresh: int) -> Outline:
    index = rng.randrange(len(outline))
    kind = rng.choice(("insert", "indent", "outdent", "up", "down", "remove"))
    if kind == "insert":
        return outline.insert(index, [(fresh, outline.levels[index])])
    if kind == "remove":
        return outline.remove(index) if len(outline) > 8 else outline
    if kind in {"up", "down"}:
        return outline.move(index, kind == "down")
    return outline.indent(index) if kind == "indent" else outline.outdent(index)


@pytest.mark.parametrize("seed", range(20))
def test_random_operations_keep_the_outline_valid(seed: int) -> None:
    rng = random.Random(seed)
    outline = grown(rng, 30)
    done = 0
    for fresh in range(1000, 1080):
        try:
            outline = step(outline, rng, fresh)
            done += 1
        except OutlineError as error:
            assert error.code in {"first", "top", "edge"}
        assert_valid(outline)
    assert done > 20


@pytest.mark.parametrize("seed", range(10))
def test_what_can_be_turned_round_comes_back(seed: int) -> None:
    rng = random.Random(seed)
    outline = grown(rng, 25)
    for index in range(len(outline)):
        key = outline.ids[index]
        if outline.before(index) is not None:
            deeper = outline.indent(index)
            assert deeper.outdent(deeper.place(key)) == outline
            up = outline.move(index, down=False)
            assert up.move(up.place(key), down=True) == outline


@pytest.mark.parametrize("seed", range(10))
def test_positions_rise_and_only_few_rows_move(seed: int) -> None:
    rng = random.Random(seed)
    order = list(range(1, 60))
    known = {key: key * rng.choice((1, 2, 1024)) for key in order}
    known = dict(zip(order, sorted(known.values()), strict=True))
    known = {key: place + index for index, (key, place) in enumerate(known.items())}
    for fresh in range(100, 160):
        order.insert(rng.randrange(len(order) + 1), fresh)
        new = positions(order, known, [fresh])
        known |= new
        assert [known[key] for key in order] == sorted({known[key] for key in order})
        assert fresh in new


def test_a_used_up_gap_moves_neighbours_but_not_everybody() -> None:
    order = list(range(5000))
    known = {key: key * GAP for key in order}
    known[2500] = known[2499] + 1
    new = positions([*order[:2500], 9999, *order[2500:]], known, [9999])
    assert 9999 in new
    assert len(new) < 60


def test_skipped_levels_of_a_file_count_as_one_step() -> None:
    assert outline_numbers([1, 3, 3, 2, 1]) == ("1", "1.1", "1.2", "1.3", "2")


def test_outdent_takes_later_siblings_below_the_row() -> None:
    outline = Outline((1, 2, 3, 4), (1, 2, 2, 1))
    after = outline.outdent(1)
    assert after.levels == (1, 1, 2, 1)
    assert after.parents == (None, None, 2, None)


@pytest.mark.parametrize(("code", "run"), [
    ("first", lambda one: one.indent(0)),
    ("top", lambda one: one.outdent(0)),
    ("edge", lambda one: one.move(0, down=False)),
    ("edge", lambda one: one.move(3, down=True)),
    ("gone", lambda one: one.place(77)),
])  # fmt: skip
def test_what_is_not_possible_says_why(code: str, run: object) -> None:
    with pytest.raises(OutlineError) as caught:
        run(Outline((1, 2, 3, 4), (1, 2, 2, 1)))  # type: ignore[operator]
    assert caught.value.code == code
