"""Earned value against published examples, in Decimal and as arrays."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.calc.earned_value import EAC_METHODS, EarnedValue, earned_value_arrays

FENCE = EarnedValue(bac=Decimal(4000), pv=Decimal(3000), ev=Decimal(2500), ac=Decimal(2800))


def test_the_four_sides_of_a_fence():
    # R. Mulcahy, PMP Exam Prep: the book rounds CPI to 0.893 first, so its money figures are 1 off
    assert (FENCE.cv, FENCE.sv) == (-300, -500)
    assert float(FENCE.cpi) == pytest.approx(0.893, abs=0.0005)
    assert float(FENCE.spi) == pytest.approx(0.833, abs=0.0005)
    assert float(FENCE.eac()) == pytest.approx(4479, abs=1)
    assert float(FENCE.etc()) == pytest.approx(1679, abs=1)
    assert float(FENCE.vac()) == pytest.approx(-479, abs=1)


def test_project_risk_analysis_example():
    # test-evm.R of the R package PRA (P. Govan), after Damnjanovic and Reinschmidt 2020: 40 % planned, 35 % done
    value = EarnedValue(bac=Decimal(100000), pv=Decimal(40000), ev=Decimal(35000), ac=Decimal(36000))
    assert (value.sv, value.cv, value.spi) == (-5000, -1000, Decimal("0.875"))
    assert float(value.cpi) == pytest.approx(0.9722222, abs=1e-6)


def test_every_formula_of_the_gold_card():
    # DAU Earned Value Management Gold Card, each written out with fractions
    bac, pv, ev, ac = (Fraction(number) for number in (4000, 3000, 2500, 2800))
    cpi, spi = ev / ac, ev / pv
    expected = {
        "sv_pct": 100 * (ev - pv) / pv,
        "cv_pct": 100 * (ev - ac) / ev,
        "pct_scheduled": 100 * pv / bac,
        "pct_complete": 100 * ev / bac,
        "pct_spent": 100 * ac / bac,
        "tcpi_bac": (bac - ev) / (bac - ac),
    }
    for name, number in expected.items():
        assert float(getattr(FENCE, name)) == pytest.approx(float(number)), name
    eacs = {"cpi": ac + (bac - ev) / cpi, "budget": ac + bac - ev, "cpi_spi": ac + (bac - ev) / (cpi * spi)}
    for method, eac in eacs.items():
        assert float(FENCE.eac(method)) == pytest.approx(float(eac)), method
        assert float(FENCE.etc(method)) == pytest.approx(float(eac - ac))
        assert float(FENCE.vac(method)) == pytest.approx(float(bac - eac))
        assert float(FENCE.tcpi_eac(method)) == pytest.approx(float((bac - ev) / (eac - ac)))


def test_bottom_up_estimate():
    value = EarnedValue(Decimal(4000), Decimal(3000), Decimal(2500), Decimal(2800), bottom_up_etc=Decimal(2000))
    assert (value.eac("bottom_up"), value.etc("bottom_up"), value.vac("bottom_up")) == (4800, 2000, -800)
    assert value.tcpi_eac("bottom_up") == Decimal("0.75")
    assert FENCE.eac("bottom_up") is None


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="expected one of cpi, budget, cpi_spi, bottom_up"):
        FENCE.eac("guess")


def test_nothing_started_is_not_available_rather_than_zero():
    value = EarnedValue(bac=Decimal(100), pv=Decimal(0), ev=Decimal(0), ac=Decimal(0))
    assert (value.spi, value.cpi, value.eac(), value.etc(), value.vac(), value.cv_pct) == (None,) * 6
    assert (value.sv, value.cv, value.pct_complete, value.eac("budget")) == (0, 0, 0, 100)
    assert value.tcpi_bac == 1


def test_money_spent_on_nothing_has_no_forecast():
    value = EarnedValue(bac=Decimal(100), pv=Decimal(10), ev=Decimal(0), ac=Decimal(5))
    assert (value.cpi, value.spi) == (0, 0)
    assert (value.eac(), value.eac("cpi_spi")) == (None, None)


def test_a_spent_budget_cannot_be_met():
    value = EarnedValue(bac=Decimal(100), pv=Decimal(80), ev=Decimal(70), ac=Decimal(100))
    assert value.tcpi_bac is None
    assert EarnedValue(bac=Decimal(100), ev=Decimal(70), ac=Decimal(130)).tcpi_bac is None
    # going on as before meets the forecast that assumes so
    assert float(value.tcpi_eac()) == pytest.approx(float(value.cpi))


def test_unknown_inputs_leave_unknown_results():
    value = EarnedValue(bac=Decimal(100), pv=Decimal(50))
    for name in (
        "sv",
        "cv",
        "spi",
        "cpi",
        "sv_pct",
        "cv_pct",
        "pct_complete",
        "pct_spent",
        "work_remaining",
        "tcpi_bac",
    ):
        assert getattr(value, name) is None, name
    assert all(value.eac(method) is None for method in EAC_METHODS)
    assert value.pct_scheduled == 50


amount = st.one_of(st.none(), st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100))


@given(st.lists(st.tuples(amount, amount, amount, amount, amount), min_size=1, max_size=8))
def test_arrays_agree_with_decimals(rows):
    columns = [np.array([np.nan if x is None else float(x) for x in column]) for column in zip(*rows, strict=True)]
    result = earned_value_arrays(*columns)
    for index, (bac, pv, ev, ac, rest) in enumerate(rows):
        value = EarnedValue(bac, pv, ev, ac, rest)
        expected = {
            "sv": value.sv, "cv": value.cv, "spi": value.spi, "cpi": value.cpi, "eac_cpi": value.eac(),
            "etc": value.etc(), "eac_budget": value.eac("budget"), "eac_cpi_spi": value.eac("cpi_spi"),
            "vac": value.vac(), "eac_bottom_up": value.eac("bottom_up"),
        }  # fmt: skip
        for name, number in expected.items():
            actual = getattr(result, name)[index]
            if number is None:
                assert math.isnan(actual), name
            else:
                assert actual == pytest.approx(float(number), rel=1e-9, abs=1e-3), name


def test_arrays_to_complete():
    result = earned_value_arrays(
        [4000.0, 100.0, 100.0], [3000.0, 80.0, 80.0], [2500.0, 70.0, 70.0], [2800.0, 100.0, 140.0]
    )
    assert result.tcpi_bac[0] == pytest.approx(1.25)
    assert np.isnan(result.tcpi_bac[1:]).all()
    assert result.tcpi_eac == pytest.approx([2500 / 2800, 0.7, 0.5])
    assert np.isnan(result.eac_bottom_up).all()
