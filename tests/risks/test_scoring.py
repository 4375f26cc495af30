"""Score, exposure, zones and the published scales."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from risks.calc import scales, scoring
from risks.calc.taxonomies import PMI, SEI, TAXONOMIES
from risks.models import Kind, Risk, RiskMatrix, Strategy
from risks.models.risk import STRATEGIES

STEPS = st.integers(1, 5)
DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "risk_scales"


@given(STEPS, st.lists(STEPS | st.none(), min_size=4, max_size=4))
def test_the_score_is_the_probability_times_the_worst_impact(chance: int, impacts: list[int | None]) -> None:
    overall = scoring.overall_impact(impacts)
    known = [step for step in impacts if step is not None]
    if not known:
        assert overall is None
        assert scoring.score(chance, overall) is None
    else:
        assert overall == max(known)
        assert scoring.score(chance, overall) == chance * max(known)


@given(
    st.decimals(0, 100, places=2),
    st.decimals(0, Decimal("999999999.99"), places=2),
    st.decimals(0, Decimal("999999999.99"), places=2),
)
def test_exposure_grows_with_the_cost_and_never_exceeds_it(percent: Decimal, first: Decimal, second: Decimal) -> None:
    low, high = sorted([first, second])
    less, more = scoring.exposure(percent, low), scoring.exposure(percent, high)
    assert less is not None
    assert more is not None
    assert 0 <= less <= more <= high
    assert abs(more - percent * high / 100) <= Decimal("0.005")


def test_exposure_is_rounded_half_up_to_the_cent_and_needs_both() -> None:
    assert scoring.exposure(Decimal(50), Decimal("0.01")) == Decimal("0.01")
    assert scoring.exposure(None, Decimal(5)) is None
    assert scoring.exposure(Decimal(5), None) is None


@given(st.text("GAR", min_size=25, max_size=25))
def test_every_cell_has_exactly_one_zone(cells: str) -> None:
    found: dict[tuple[int, int], list[str]] = {}
    for colour in ("green", "amber", "red"):
        for chance, impacts in scoring.cells_of(cells, colour).items():
            for impact in impacts:
                found.setdefault((chance, impact), []).append(colour)
                assert scoring.zone(cells, chance, impact) == colour
    assert len(found) == 25
    assert all(len(colours) == 1 for colours in found.values())


def test_the_common_matrix_follows_the_product() -> None:
    for chance in range(1, 6):
        for impact in range(1, 6):
            product = chance * impact
            expected = "red" if product >= 15 else "amber" if product >= 8 else "green"
            assert scoring.zone(scales.COMMON.cells, chance, impact) == expected


# Printed in the PMBOK Guide: rows from probability 0.9 to 0.1, columns from impact 0.05 to 0.8.
PMBOK = (
    (0.05, 0.09, 0.18, 0.36, 0.72),
    (0.04, 0.07, 0.14, 0.28, 0.56),
    (0.03, 0.05, 0.10, 0.20, 0.40),
    (0.02, 0.03, 0.06, 0.12, 0.24),
    (0.01, 0.01, 0.02, 0.04, 0.08),
)
# MIL-STD-882E, table III.
MIL = {"A": "HHSM", "B": "HHSM", "C": "HSML", "D": "SMML", "E": "MMML"}
PMI_CHILDREN = {"T": 5, "E": 5, "O": 4, "M": 4}
SEI_SIZE = {"SEI-A": 5, "SEI-B": 5, "SEI-C": 3}


def test_the_pmbok_matrix_is_the_published_one() -> None:
    for row, chance in zip(PMBOK, range(5, 0, -1), strict=True):
        for printed, impact in zip(row, range(1, 6), strict=True):
            assert float(scales.pmbok_product(chance, impact)) == printed
            expected = "red" if printed >= 0.18 else "amber" if printed >= 0.06 else "green"
            assert scoring.zone(scales.PMBOK.cells, chance, impact) == expected


def test_the_mil_std_matrix_maps_the_published_one() -> None:
    colours = {"H": "red", "S": "red", "M": "amber", "L": "green"}
    for chance, letter in scales.MIL_PROBABILITY.items():
        for impact, severity in scales.MIL_SEVERITY.items():
            assert scoring.zone(scales.MIL_STD.cells, chance, impact) == colours[MIL[letter][severity - 1]]


@pytest.mark.parametrize("scale", scales.SCALES.values(), ids=lambda scale: scale.key)
def test_every_scale_makes_a_valid_matrix_that_never_gets_milder(scale: scales.Scale) -> None:
    RiskMatrix(code="X", **scale.values()).full_clean(validate_unique=False, validate_constraints=False)
    order = {"green": 0, "amber": 1, "red": 2}
    rank = {(p, i): order[scoring.zone(scale.cells, p, i)] for p in range(1, 6) for i in range(1, 6)}
    for (chance, impact), value in rank.items():
        assert rank.get((chance + 1, impact), 2) >= value
        assert rank.get((chance, impact + 1), 2) >= value


def test_the_taxonomies_have_the_published_branches() -> None:
    for nodes, sizes in ((PMI, PMI_CHILDREN), (SEI, SEI_SIZE)):
        assert {node.code for node in nodes if not node.parent} == set(sizes)
        for code, size in sizes.items():
            assert sum(node.parent == code for node in nodes) == size
    for nodes in TAXONOMIES.values():
        codes = [node.code for node in nodes]
        assert len(set(codes)) == len(codes)
        assert all(node.zh and node.en for node in nodes)
        assert all(not node.parent or codes.index(node.parent) < codes.index(node.code) for node in nodes)


def english(nodes: tuple, parent: str) -> list[str]:
    return [node.en for node in nodes if node.parent == parent]


if DATA.is_dir():  # the reference files lie beside the repository only where it is developed

    def test_the_copies_agree_with_the_reference_files() -> None:
        pmbok = json.loads((DATA / "pmbok_probability_impact.json").read_text())
        assert [list(row) for row in PMBOK] == pmbok["threat_matrix"]
        mil = json.loads((DATA / "mil_std_882e.json").read_text())["matrix"]
        assert {key: tuple(mil[key]) for key in "ABCDE"} == scales.MIL_MATRIX
        rbs = json.loads((DATA / "pmi_rbs.json").read_text())
        tops = {node.en: node.code for node in PMI if not node.parent}
        assert list(tops) == rbs["level1"]
        assert {name: english(PMI, code) for name, code in tops.items()} == rbs["level2"]
        sei = json.loads((DATA / "sei_risk_taxonomy.json").read_text())["classes"]
        classes = {node.en: node.code for node in SEI if not node.parent}
        ours = {
            name: {node.en: english(SEI, node.code) for node in SEI if node.parent == code}
            for name, code in classes.items()
        }
        assert ours == sei


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("strategy", Strategy.values)
def test_a_strategy_must_fit_the_kind(kind: str, strategy: str) -> None:
    row = Risk(title="X", kind=kind, strategy=strategy)
    if strategy in STRATEGIES[Kind(kind)]:
        row.clean()
    else:
        with pytest.raises(ValidationError) as refused:
            row.clean()
        assert set(refused.value.message_dict) == {"strategy"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cells", "G" * 24),
        ("cells", "B" * 25),
        ("impact_steps", [{"zh": "一"}] * 4),
        ("impact_steps", [{"zh": ""}] * 5),
        ("probability_steps", [{"zh": "一", "percent": 5}] * 5),
        ("probability_steps", [{"zh": "一", "percent": n * 30} for n in range(1, 6)]),
        ("probability_steps", [{"zh": "一"}] * 5),
        ("probability_steps", "text"),
    ],
)
def test_a_matrix_refuses_what_it_cannot_draw(field: str, value: object) -> None:
    row = RiskMatrix(code="X", **(scales.COMMON.values() | {field: value}))
    with pytest.raises(ValidationError) as refused:
        row.full_clean(validate_unique=False, validate_constraints=False)
    assert set(refused.value.message_dict) == {field}
