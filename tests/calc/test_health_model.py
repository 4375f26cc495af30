"""The health model: thresholds, validation by name, JSON round trip."""

import json
import math
from dataclasses import replace

import pytest

from portfolio.calc.health import DIMENSIONS, MEASURES, HealthModelSpec, ModelFormatError, default_model

MODEL = default_model()


def fields(model):
    return [(error.field, error.code) for error in model.validate()]


def with_measure(code, /, **changes):
    return replace(
        MODEL, measures=tuple(replace(spec, **changes) if spec.code == code else spec for spec in MODEL.measures)
    )


def test_the_default_model_is_valid_and_complete():
    assert MODEL.validate() == []
    assert set(MODEL.dimension_weights) == set(DIMENSIONS)
    assert sum(MODEL.dimension_weights.values()) == 100
    assert {spec.code for spec in MODEL.measures} == set(MEASURES) - {"spi"}
    for spec in MODEL.measures:
        info = MEASURES[spec.code]
        assert (spec.dimension, spec.direction, spec.unit) == (info.dimension, info.direction, info.unit)


def test_json_round_trip_keeps_everything():
    assert HealthModelSpec.from_dict(json.loads(json.dumps(MODEL.to_dict()))) == MODEL


def test_every_wrong_type_is_named_at_once():
    data = MODEL.to_dict()
    data["version"] = "1"
    data["green_from"] = True
    data["green_form"] = 75
    data["dimension_weights"]["cost"] = None
    data["measures"][0]["points"][1] = [5]
    data["measures"][1]["direction"] = 3
    data["driver_shifts"]["date"] = 2
    with pytest.raises(ModelFormatError) as caught:
        HealthModelSpec.from_dict(data)
    assert {error.field for error in caught.value.errors} == {
        "version",
        "green_from",
        "green_form",
        "dimension_weights.cost",
        "measures.0.points.1",
        "measures.1.direction",
        "driver_shifts.date",
    }


def test_a_missing_part_is_named():
    data = MODEL.to_dict()
    del data["measures"], data["version"]
    with pytest.raises(ModelFormatError, match="measures"):
        HealthModelSpec.from_dict(data)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"version": 0}, ("version", "out_of_range")),
        ({"stale_after_cycles": 0}, ("stale_after_cycles", "out_of_range")),
        ({"stale_penalty": 101}, ("stale_penalty", "out_of_range")),
        ({"min_weight_share": 0}, ("min_weight_share", "out_of_range")),
        ({"min_weight_share": 0.05}, ("min_weight_share", "governance_alone")),
        ({"green_from": 50.0}, ("amber_from", "out_of_range")),
        ({"green_from": 74.95}, ("green_from", "too_fine")),
        ({"cap_one_red": 75.0}, ("cap_one_red", "out_of_range")),
        ({"cap_two_red": 55.0}, ("cap_two_red", "out_of_range")),
        ({"cap_one_red": 40.0}, ("cap_two_red", "out_of_range")),
        ({"cap_one_red": math.nan}, ("cap_one_red", "out_of_range")),
        ({"dimension_weights": {"cost": 1, "fun": 1}}, ("dimension_weights.fun", "unknown_dimension")),
        ({"dimension_weights": {"cost": -1, "risk": 1}}, ("dimension_weights.cost", "out_of_range")),
        ({"dimension_weights": {"cost": 0}}, ("dimension_weights", "all_zero")),
        ({"driver_shifts": {"date": {"fun": 2}}}, ("driver_shifts.date.fun", "unknown_dimension")),
        ({"driver_shifts": {"date": {"cost": math.inf}}}, ("driver_shifts.date.cost", "out_of_range")),
        ({"driver_shifts": {"date": dict.fromkeys(DIMENSIONS, 0)}}, ("driver_shifts.date", "all_zero")),
        ({"driver_shifts": {"date": {"governance": 9.0}}}, ("min_weight_share", "governance_alone")),
        ({"measures": MODEL.measures[1:] + MODEL.measures[1:2]}, ("measures.finish_slip_wd.code", "duplicate")),
        (
            {"measures": tuple(spec for spec in MODEL.measures if spec.dimension != "risk")},
            ("dimension_weights.risk", "no_measure"),
        ),
    ],
)
def test_each_mistake_is_named(changes, expected):
    assert expected in fields(replace(MODEL, **changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"points": ((1.0, 100.0),)}, ("measures.cpi.points", "too_few")),
        ({"points": ((1.0, 0.0), (1.0, 100.0))}, ("measures.cpi.points.1.value", "not_increasing")),
        ({"points": ((0.5, 100.0), (1.0, 0.0))}, ("measures.cpi.points.1.score", "wrong_direction")),
        ({"points": ((0.5, 0.0), (1.0, 101.0))}, ("measures.cpi.points.1.score", "out_of_range")),
        ({"points": ((0.5, 0.0), (math.inf, 100.0))}, ("measures.cpi.points.1.value", "not_finite")),
        ({"points": ((0.5, 0.0), (1.0, 60.0))}, ("measures.cpi.points", "never_green")),
        ({"direction": "up"}, ("measures.cpi.direction", "unknown_direction")),
        ({"dimension": "fun"}, ("measures.cpi.dimension", "unknown_dimension")),
        ({"weight": -1.0}, ("measures.cpi.weight", "out_of_range")),
        ({"code": ""}, ("measures..code", "required")),
    ],
)
def test_each_mistake_in_a_measure_is_named(changes, expected):
    assert expected in fields(with_measure("cpi", **changes))


def test_errors_say_value_and_what_is_expected():
    (error,) = replace(MODEL, stale_penalty=-1.0).validate()
    assert (error.field, error.value, error.expected) == ("stale_penalty", -1.0, "0..100")


def test_thresholds_are_read_back_from_the_points():
    slip = MODEL.measure("key_milestone_slip_wd")
    assert (slip.value_at(75), slip.value_at(55)) == (5, 15)
    assert slip.value_at(65) == pytest.approx(10)
    cpi = MODEL.measure("cpi")
    assert (cpi.value_at(75), cpi.value_at(55), cpi.value_at(100)) == (0.95, 0.85, 1.0)
    never_red = replace(slip, points=((0.0, 100.0), (5.0, 60.0)))
    assert never_red.value_at(55) is None
    assert replace(slip, points=((0.0, 60.0), (5.0, 0.0))).value_at(75) is None


def test_a_flat_stretch_ends_where_the_score_falls():
    spec = replace(MODEL.measure("overdue_actions"), points=((0.0, 100.0), (2.0, 75.0), (6.0, 75.0), (9.0, 0.0)))
    assert spec.value_at(75) == 6


def test_an_unknown_measure_is_a_key_error():
    with pytest.raises(KeyError, match="nothing"):
        MODEL.measure("nothing")
