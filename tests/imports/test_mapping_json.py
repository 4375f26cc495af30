"""Mappings as JSON: nothing is lost on the way, and every mistake is named by its path."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.imports.checks import check_mapping
from pmo.core.imports.mapping import DateColumn, Mapping, MappingError, MatchPolicy, ReadingOptions, Source
from pmo.core.imports.mapping_json import dump_mapping, load_mapping, load_mapping_text, load_preset, preset_names
from tests.imports.helpers import TARGET, read

NAMES = st.text(min_size=1, max_size=12).filter(str.strip)
OPTIONS = {
    "scale": st.sampled_from([Decimal(1), Decimal(1_000_000), Decimal("0.01")]),
    "currency": st.sampled_from(["", "GBP", "CNY"]),
    "date_order": st.sampled_from(["auto", "dmy", "mdy", "ymd"]),
    "decimal": st.sampled_from(["auto", "point", "comma"]),
    "partial": st.sampled_from(["", "first", "last"]),
    "value_map": st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3),
    "create_parent": st.booleans(),
}
SEVERAL = st.lists(NAMES, min_size=2, max_size=4, unique=True).map(tuple)
SOURCES = st.one_of(
    st.builds(Source, columns=st.tuples(NAMES), **OPTIONS),
    st.builds(Source, columns=SEVERAL, combine=st.just("join"), separator=st.text(max_size=3), **OPTIONS),
    st.builds(Source, columns=SEVERAL, combine=st.just("first"), **OPTIONS),
    st.builds(Source, combine=st.just("constant"), constant=NAMES, **OPTIONS),
)
MAPPINGS = st.builds(
    Mapping,
    fields=st.dictionaries(st.sampled_from(sorted(TARGET.fields)), SOURCES, min_size=1, max_size=5),
    name=st.text(max_size=10),
    description=st.text(max_size=10),
    date=st.none() | st.builds(DateColumn, column=NAMES, year_end=st.sampled_from(["12-31", "03-31", "02-29"])),
    match=st.builds(
        MatchPolicy,
        by=st.sampled_from([("code", "name"), ("name",), ("code",)]),
        near=st.floats(min_value=0.5, max_value=1),
    ),
    formulas=st.sampled_from(["value", "refuse"]),
    reading=st.builds(
        ReadingOptions,
        sheet=st.none() | NAMES,
        delimiter=st.none() | st.just(";"),
        encoding=st.none() | st.just("gbk"),
        header_row=st.none() | st.integers(min_value=0, max_value=50),
    ),
)


@given(MAPPINGS)
def test_every_mapping_survives_json(mapping):
    assert load_mapping(json.loads(json.dumps(dump_mapping(mapping)))) == mapping


def test_a_bare_text_is_a_column():
    mapping = load_mapping({"fields": {"name": "project"}, "date": "year"})
    assert mapping.fields["name"] == Source(("project",))
    assert mapping.date == DateColumn("year")


@pytest.mark.parametrize(
    ("data", "path", "code"),
    [
        ([], "", "expected_object"),
        ({}, "fields", "expected_object"),
        ({"fields": {}}, "fields", "expected_fields"),
        ({"fields": {"name": "x"}, "extra": 1}, "extra", "unknown_key"),
        ({"fields": {"name": "x"}, "version": 2}, "version", "expected_value"),
        ({"fields": {"name": 5}}, "fields.name", "expected_object"),
        ({"fields": {"name": {}}}, "fields.name", "expected_one_source"),
        ({"fields": {"name": {"column": "a", "constant": "b"}}}, "fields.name", "expected_one_source"),
        ({"fields": {"name": {"column": ""}}}, "fields.name.column", "expected_text"),
        ({"fields": {"name": {"column": "a", "colour": 1}}}, "fields.name.colour", "unknown_key"),
        ({"fields": {"code": {"columns": ["a"]}}}, "fields.code.columns", "expected_columns"),
        ({"fields": {"code": {"columns": ["a", "a"]}}}, "fields.code.columns", "expected_columns"),
        ({"fields": {"code": {"columns": ["a", 1]}}}, "fields.code.columns", "expected_columns"),
        ({"fields": {"code": {"first_of": "ab"}}}, "fields.code.first_of", "expected_columns"),
        ({"fields": {"code": {"constant": ""}}}, "fields.code.constant", "expected_text"),
        ({"fields": {"budget": {"column": "a", "scale": 0}}}, "fields.budget.scale", "expected_scale"),
        ({"fields": {"budget": {"column": "a", "scale": "x"}}}, "fields.budget.scale", "expected_scale"),
        ({"fields": {"budget": {"column": "a", "scale": True}}}, "fields.budget.scale", "expected_scale"),
        ({"fields": {"budget": {"column": "a", "scale": "1e999999"}}}, "fields.budget.scale", "expected_scale"),
        ({"fields": {"budget": {"column": "a", "currency": "gold"}}}, "fields.budget.currency", "expected_currency"),
        ({"fields": {"start": {"column": "a", "date_order": "ydm"}}}, "fields.start.date_order", "expected_one_of"),
        ({"fields": {"start": {"column": "a", "partial": 1}}}, "fields.start.partial", "expected_one_of"),
        ({"fields": {"unit": {"column": "a", "create_parent": "yes"}}}, "fields.unit.create_parent", "expected_flag"),
        (
            {"fields": {"status": {"column": "a", "value_map": {"x": 1}}}},
            "fields.status.value_map",
            "expected_value_map",
        ),
        (
            {"fields": {"name": "x"}, "date": {"column": "y", "year_end": "31-12"}},
            "date.year_end",
            "expected_month_day",
        ),
        (
            {"fields": {"name": "x"}, "date": {"column": "y", "year_end": "02-30"}},
            "date.year_end",
            "expected_month_day",
        ),
        ({"fields": {"name": "x"}, "date": {}}, "date.column", "expected_text"),
        ({"fields": {"name": "x"}, "match": {"by": ["id"]}}, "match.by", "expected_match_by"),
        ({"fields": {"name": "x"}, "match": {"near": 2}}, "match.near", "expected_share"),
        ({"fields": {"name": "x"}, "formulas": "run"}, "formulas", "expected_one_of"),
        ({"fields": {"name": "x"}, "reading": {"header_row": -1}}, "reading.header_row", "expected_row_number"),
        ({"fields": {"name": "x"}, "reading": {"sheet": 1}}, "reading.sheet", "expected_text"),
    ],
)
def test_mistakes_are_named_by_path(data, path, code):
    with pytest.raises(MappingError) as caught:
        load_mapping(data)
    assert (path, code) in [(issue.path, issue.message.code) for issue in caught.value.issues]
    assert path in str(caught.value)


def test_all_mistakes_at_once():
    data = {"fields": {"name": {}, "budget": {"column": "a", "scale": -1}}, "formulas": "run"}
    with pytest.raises(MappingError) as caught:
        load_mapping(data)
    assert [issue.path for issue in caught.value.issues] == ["fields.name", "fields.budget.scale", "formulas"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["fields", "name", "column", "columns", "scale", "date", "match", "by", "near", "reading", "x"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_mapping_or_a_mapping_error(data):
    try:
        mapping = load_mapping(data)
    except MappingError as error:
        assert error.issues
    else:
        assert load_mapping(dump_mapping(mapping)) == mapping


@pytest.mark.parametrize("text", ["", "{", b"\xff\xfe", "[" * 100_000])
def test_text_that_is_no_json(text):
    with pytest.raises(MappingError) as caught:
        load_mapping_text(text)
    assert caught.value.issues[0].message.code == "not_json"


def test_presets_are_valid_and_fill_known_fields():
    assert preset_names() == ["jira", "ones", "uk_gmpp", "us_it_dashboard", "zentao"]
    for name in preset_names():
        mapping = load_preset(name)
        assert mapping.name == name
        assert set(mapping.fields) <= set(TARGET.fields)
        assert dump_mapping(mapping)["fields"]
    with pytest.raises(KeyError):
        load_preset("../uk_gmpp")


@pytest.fixture
def table(tmp_path):
    return read(tmp_path, "project,cost,rating,status\nAlpha,5,Red,open\n")


def issues(fields, table, **options):
    mapping = load_mapping({"fields": fields, **options})
    return [(issue.path, issue.message.code) for issue in check_mapping(mapping, table, TARGET)]


def test_a_fitting_mapping_has_no_issues(table):
    assert issues({"name": "project", "budget": "cost", "reviewed_rating": "rating"}, table) == []
    assert issues({"name": " PROJECT "}, table) == []


def test_missing_columns_and_unknown_fields_are_named(table):
    found = issues({"name": "title", "wingspan": "cost"}, table, date="year")
    assert found == [
        ("fields.name", "missing_column"),
        ("fields.wingspan", "unknown_field"),
        ("date.column", "missing_column"),
    ]


def test_a_mapping_needs_an_identity(table):
    assert issues({"budget": "cost"}, table) == [("fields", "no_identity")]


def test_meanings_must_exist(table):
    fields = {
        "name": "project",
        "reviewed_rating": {"column": "rating", "value_map": {"Red": "purple"}},
        "status": {"column": "status", "value_map": {"open": "in_progress", "shut": "gone"}},
    }
    assert issues(fields, table) == [
        ("fields.reviewed_rating.value_map", "unknown_meaning"),
        ("fields.status.value_map", "unknown_meaning"),
    ]


def test_constants_must_fit_their_field(table):
    fields = {"name": "project", "planned_start": {"constant": "soon"}, "currency": {"constant": "GBP"}}
    assert issues(fields, table) == [("fields.planned_start.constant", "bad_constant")]
