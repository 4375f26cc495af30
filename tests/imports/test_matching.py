"""Names and codes: what is the same, what is only similar, and what must never be taken for the other."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.imports.matching import Exact, Index, Near, New, similarity
from pmo.core.imports.names import normalise_name, telling_parts

SAME = [
    ("Home Office Biometrics (HOB) Programme", "Home Office Biometrics Programme"),
    ("Digital Services at the Border (DSAB)", "Digital Services at the Border"),
    ("GOV UK Verify", "Gov UK Verify"),
    ("Tax Free Childcare", "Tax-Free Childcare"),
    ("30 Hrs Free Childcare Programme", "30 Hrs Free Childcare Project"),
    ("Contracting; Purchasing and Finance", "Contracting, Purchasing & Finance"),
    ("CUSTOMS DECLARATION SERVICES (CDS) Programme", "Customs Declaration Services"),
    ("Automatic Enrolment Programme (originally called Enabling Savings)", "Automatic Enrolment Programme"),
    ("Driver’s Licence", "Drivers Licence"),
    ("智能座舱升级项目", "智能座舱升级"),
    ("智能座舱升级 （原座舱改造项目）", "智能座舱升级"),
    ("ＣＲＭ升级", "CRM升级"),
    ("新 能源 平台", "新能源平台"),
]
DIFFERENT = [
    ("Prison Estate", "Prison Technology Transformation"),
    ("Sales platform (UK)", "Sales platform (US)"),
    ("Rollout (North)", "Rollout (South)"),
    ("Platform Phase 1", "Platform Phase 2"),
    ("Commonwealth Games (2022)", "Commonwealth Games (2026)"),
    ("Release 9.1", "Release 9.2"),
    ("地铁一期工程", "地铁二期工程"),
    ("Programme", "Project"),
    ("北京项目", "北京工程管理"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name(one, other):
    assert normalise_name(one) == normalise_name(other)
    index = Index([(7, "", [one])])
    assert index.match("", other) == Exact(7, "name")


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_are_neither_same_nor_near(one, other):
    assert normalise_name(one) != normalise_name(other)
    assert Index([(7, "", [one])]).match("", other) == New()


@pytest.mark.parametrize("name", ["Project", "项目", "(ABC)", "---", "!", "Programme"])
def test_a_name_never_becomes_nothing(name):
    assert normalise_name(name)


@given(st.text(min_size=1, max_size=40))
def test_normalising_twice_changes_nothing_more_about_equality(name):
    assert isinstance(normalise_name(name), str)
    assert normalise_name(f"  {name} ") == normalise_name(name) or not name.strip()


def test_code_comes_before_name():
    index = Index([(1, "P-1", ["Alpha"]), (2, "P-2", ["Beta"])])
    assert index.match("p-1 ", "Beta") == Exact(1, "code")
    assert index.match("P-1", "Beta", by=("name",)) == New((2,))
    assert index.match("", "Beta", by=("code",)) == New()


def test_a_row_with_a_code_finds_an_object_without_one_by_name():
    assert Index([(1, "", ["Alpha Programme"])]).match("X-9", "Alpha") == Exact(1, "name")


def test_the_same_name_under_another_code_is_another_object_and_is_pointed_out():
    assert Index([(1, "X-1", ["Maintenance"])]).match("X-2", "Maintenance") == New((1,))


def test_a_code_that_we_made_up_does_not_speak_against_the_name():
    index = Index()
    index.add(1, "P-0001", ["Maintenance"], own_code=True)
    assert index.match("X-2", "Maintenance") == Exact(1, "name")
    assert index.match("P-0001", "Anything") == Exact(1, "code")


def test_two_objects_of_one_name_are_the_users_decision():
    index = Index([(1, "", ["Alpha"]), (2, "", ["ALPHA Project"])])
    assert index.match("", "alpha") == Near(((1, 1.0), (2, 1.0)), "several")


def test_every_name_of_an_object_finds_it():
    index = Index([(1, "", ["新能源平台", "New energy platform"])])
    assert index.match("", "new energy platform") == Exact(1, "name")
    assert index.match("", "新能源平台项目") == Exact(1, "name")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Transforming Compliance Enforcement Programme", "Transforming Compliance Enforcment Programme"),
        ("A303 Stonehenge Amesbury to Berwick Down", "A303 Amesbury to Berwick Down"),
        ("新能源汽车平台研发", "新能源汽车平台开发"),
    ],
)
def test_near_names_are_offered_never_taken(old, new):
    match = Index([(1, "", [old]), (2, "", ["Something else entirely"])]).match("", new)
    assert isinstance(match, Near)
    assert [id_ for id_, _ in match.candidates] == [1]
    assert 0.8 <= match.candidates[0][1] < 1


def test_near_matches_respect_the_threshold_and_other_codes():
    index = Index([(1, "X-1", ["Transforming Compliance Enforcement"])])
    assert index.match("", "Transforming Compliance Enforcment", near=0.99) == New()
    assert index.match("X-2", "Transforming Compliance Enforcment") == New()


def test_an_object_added_later_is_found():
    index = Index()
    assert index.match("", "Alpha") == New()
    index.add(5, "", ["Alpha"])
    index.add(5, "X-1", ["Alpha Programme"])
    assert index.match("", "Alpha") == Exact(5, "name")
    assert index.match("X-1", "") == Exact(5, "code")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("phase 2 of 10", {"2", "10"}),
        ("地铁二期", {"二"}),
        ("第三标段", {"三"}),
        ("phase ii", {"ii"}),
        ("sales platform uk", {"uk"}),
        ("video mix in the north", set()),
    ],
)
def test_what_tells_names_apart(name, parts):
    assert telling_parts(name) == parts


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_is_a_symmetric_share(one, other):
    first, second = normalise_name(one), normalise_name(other)
    assert 0 <= similarity(first, second) <= 1
    assert similarity(first, first) in (0.0, 1.0)


def test_cost_does_not_grow_with_the_square():
    """Four times as many names may take about four times as long, not sixteen times."""
    words = [
        f"{first}{second}"
        for first in ("al", "be", "ga", "de", "om", "ru")
        for second in ("ton", "mar", "vex", "lin", "pol")
    ]
    draw = random.Random(5)

    def seconds(count):
        names = [" ".join(draw.sample(words, 3)) + f" {number}" for number in range(count)]
        started = time.process_time()
        index = Index((number, "", [name]) for number, name in enumerate(names))
        for name in names:
            index.match("", name.replace("a", "e", 1))
        return time.process_time() - started

    seconds(200)
    # A neighbour on the processor can double one of the two figures, hardly three times.
    assert any(seconds(4_000) < 10 * seconds(1_000) for _attempt in range(3))
