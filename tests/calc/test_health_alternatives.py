"""Other products' published models, on their published or hand-computed examples."""

import numpy as np
import pytest

from portfolio.calc.health import AMBER, GREEN, GREY, RED
from portfolio.calc.health.alternatives import fema, fema_composite, fema_index_band, opentext_ppm, sciforma


def test_opentext_published_example():
    # OpenText PPM help, "Project Health policy": schedule red (weight 4), cost red (5), issues green (6): 56.7 %
    result = opentext_ppm([[RED, RED, GREEN]], [4, 5, 6])
    assert result.value[0] == pytest.approx((4 * 5 / 6 + 5 * 5 / 6 + 6 * 1 / 6) / 15)
    assert round(100 * result.value[0], 1) == 56.7
    assert result.band[0] == AMBER


@pytest.mark.parametrize(
    ("bands", "value", "band"),
    [
        ((GREEN, GREEN, GREEN), 1 / 6, GREEN),
        ((RED, RED, RED), 5 / 6, RED),
        ((AMBER, AMBER, AMBER), 1 / 2, AMBER),
        ((GREEN, AMBER, GREY), 1 / 3, AMBER),  # a third is no longer green
        ((RED, AMBER, GREY), 2 / 3, RED),  # two thirds are red
        ((GREEN, GREEN, RED), 7 / 18, AMBER),
    ],
)
def test_opentext_borders(bands, value, band):
    result = opentext_ppm([bands], [1, 1, 1])
    assert result.value[0] == pytest.approx(value)
    assert result.band[0] == band


def test_opentext_without_any_indicator_is_grey():
    result = opentext_ppm([[GREY, GREY, GREY]], [1, 1, 1])
    assert np.isnan(result.value[0])
    assert result.band[0] == GREY


def test_sciforma_weights_three_two_one():
    assert sciforma([80], [60], [40])[0] == round((3 * 80 + 2 * 60 + 40) / 6)
    assert sciforma([81], [60], [40], weights=(1, 1, 1))[0] == 60
    assert sciforma([50], [50], [53])[0] == 51  # 50.5 rounds up
    assert sciforma([100], [100], [100])[0] == 100


def test_sciforma_leaves_out_what_is_missing():
    assert sciforma([np.nan], [60], [30])[0] == 50
    assert np.isnan(sciforma([np.nan], [np.nan], [np.nan])[0])


@pytest.mark.parametrize(
    ("index", "band"),
    [
        (0.95, GREEN),
        (1.05, GREEN),
        (1.0, GREEN),
        (0.9499, AMBER),
        (0.90, AMBER),
        (1.0501, AMBER),
        (1.10, AMBER),
        (0.8999, RED),
        (1.1001, RED),
        (np.nan, GREY),
    ],
)
def test_fema_tolerances(index, band):
    assert fema_index_band(index) == band


def test_fema_health_is_the_worse_of_both():
    # the nine rows of FEMA's table
    index = {GREEN: 1.0, AMBER: 0.92, RED: 0.8}
    table = {
        (GREEN, GREEN): GREEN, (GREEN, AMBER): AMBER, (AMBER, GREEN): AMBER, (AMBER, AMBER): AMBER, (GREEN, RED): RED,
        (RED, GREEN): RED, (RED, RED): RED, (AMBER, RED): RED, (RED, AMBER): RED,
    }  # fmt: skip
    for (spi, cpi), health in table.items():
        assert fema(index[spi], index[cpi]) == health
    assert fema(np.nan, 1.0) == GREY


def test_fema_composite_sums_before_dividing():
    spi, cpi, health = fema_composite(
        pv=[100, 900, 10], ev=[50, 900, 0], ac=[200, 750, 0], group=np.array([0, 0, 1]), groups=3
    )
    assert spi.tolist()[:2] == [0.95, 0.0]
    assert cpi[0] == 1.0
    assert np.isnan([cpi[1], spi[2], cpi[2]]).all()
    assert health.tolist() == [GREEN, GREY, GREY]
