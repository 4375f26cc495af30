"""Warnings as the nightly run stores them: once, repeatable, from what was known on the day, and nothing of the future."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import update_record
from portfolio.models import EarlyWarning, HealthSnapshot, WarningTrial
from portfolio.queries.scope import snapshot_day
from portfolio.queries.warning_history import history, verdicts
from portfolio.queries.warnings import any_warnings_kept, trials, warning_rows, warnings
from portfolio.services.health.recompute import recompute
from portfolio.services.health.retention import thin
from portfolio.services.upkeep.daily import judge_warnings
from portfolio.warning_words import evidence
from projects.models import Project
from tests import factories
from tests.health import build
from tests.warnings.conftest import LAST, SUNDAYS, make_projects

pytestmark = pytest.mark.django_db


def stored(day: datetime.date) -> list[tuple[Any, ...]]:
    names = [field.attname for field in EarlyWarning._meta.concrete_fields if field.name != "id"]
    return list(EarlyWarning.objects.filter(date=day).order_by("project_id").values_list(*names))


def test_projects_that_spend_ahead_of_their_work_are_warned_of(company: list[Project]) -> None:
    found = {row.project_id: row for row in EarlyWarning.objects.filter(date=LAST)}
    bands = dict(HealthSnapshot.objects.filter(date=LAST).values_list("project_id", "band"))
    assert found
    for pk, row in found.items():
        assert row.band == bands[pk] in {"green", "amber"}
        assert row.expected == {"green": "amber", "amber": "red"}[row.band]
        assert row.weeks in {2, 4, 8, 12}
        assert row.chance_2 <= row.chance_4 <= row.chance_8 <= row.chance_12
        assert row.inputs["cpi_low"] <= row.inputs["cpi"]


def test_the_same_date_again_changes_nothing(company: list[Project]) -> None:
    before, ids = stored(LAST), list(EarlyWarning.objects.order_by("pk").values_list("pk", flat=True))
    assert recompute(actor=SYSTEM, day=LAST, today=LAST).changed == 0
    assert stored(LAST) == before
    assert list(EarlyWarning.objects.order_by("pk").values_list("pk", flat=True)) == ids


def test_what_comes_later_changes_no_past_warning(company: list[Project]) -> None:
    day = SUNDAYS[6]
    before = stored(day)
    for row in company:
        build.cost(row, 500, str(LAST), day=LAST)
        update_record(actor=SYSTEM, row=row, values={"forecast_finish": datetime.date(2028, 1, 1)}, day=LAST)
    EarlyWarning.objects.filter(date=day).delete()
    recompute(actor=SYSTEM, day=day, today=LAST)
    assert stored(day) == before


def test_a_warning_goes_with_its_reason(company: list[Project]) -> None:
    warned = EarlyWarning.objects.filter(date=LAST).values_list("project_id", flat=True)
    row = Project.objects.get(pk=warned[0])
    update_record(actor=SYSTEM, row=row, values={"status": "closed"}, day=SUNDAYS[-2])
    recompute(actor=SYSTEM, day=LAST, project_ids=[row.pk], today=LAST)
    assert not EarlyWarning.objects.filter(date=LAST, project=row).exists()
    recompute(actor=SYSTEM, day=LAST, today=LAST)
    assert not EarlyWarning.objects.filter(date=LAST, project=row).exists()


def test_thinning_takes_the_warnings_with_the_snapshots(company: list[Project]) -> None:
    wednesday = SUNDAYS[3] + datetime.timedelta(days=3)
    recompute(actor=SYSTEM, day=wednesday, today=LAST)
    assert EarlyWarning.objects.filter(date=wednesday).exists()
    thin(day=SUNDAYS[4] + datetime.timedelta(days=95))
    assert not HealthSnapshot.objects.filter(date=wednesday).exists()
    assert not EarlyWarning.objects.filter(date=wednesday).exists()
    assert EarlyWarning.objects.filter(date=SUNDAYS[4]).exists()


def test_rows_are_for_who_sees_the_project(company: list[Project]) -> None:
    insider, outsider = factories.user("pmo_admin"), factories.user()
    total = EarlyWarning.objects.filter(date=LAST).count()
    assert warning_rows(insider, LAST, 12).count() == total == warning_rows(outsider, LAST, 12).count()
    Project.objects.update(visibility="private")
    assert warning_rows(insider, LAST, 12).count() == total
    assert warning_rows(outsider, LAST, 12).count() == 0
    with pytest.raises(ValueError, match="not for 5"):
        warning_rows(insider, LAST, 5)


def test_a_shorter_horizon_warns_of_fewer(company: list[Project]) -> None:
    user = factories.user("pmo_admin")
    ids = [set(warning_rows(user, LAST, weeks).values_list("project_id", flat=True)) for weeks in (2, 4, 8, 12)]
    assert ids[0] <= ids[1] <= ids[2] <= ids[3] != set()


def test_evidence_names_what_moves_since_when_and_how_much(company: list[Project]) -> None:
    row = max(warnings(factories.user("pmo_admin"), LAST, 12), key=lambda one: len(one.moves))
    move = next(one for one in row.moves if one.code == "cpi")
    first, last = (
        HealthSnapshot.objects.get(project=row.project, date=date).inputs["cpi"] for date in (move.since, LAST)
    )
    assert (move.before, move.now) == (first, last)
    assert move.per_week == pytest.approx((last - first) / ((LAST - move.since).days / 7))
    with translation.override("en"):
        said = evidence(row, "en", LAST)
    assert any(text.startswith("CPI went from") and text.endswith("a week.") for text in said)
    assert len(said) == len(set(said)) <= 4


def test_queries_do_not_grow_with_the_projects(company: list[Project]) -> None:
    user = factories.user("pmo_admin")
    fresh = type(user).objects.get(pk=user.pk)
    with CaptureQueriesContext(connection) as few:
        warnings(fresh, LAST, 12)
    make_projects(26)
    for day in SUNDAYS[-3:]:
        recompute(actor=SYSTEM, day=day, today=LAST)
    user = type(user).objects.get(pk=user.pk)
    with CaptureQueriesContext(connection) as many:
        found = warnings(user, LAST, 12)
    assert len(found) > 4
    assert len(many) <= len(few) <= 8


def test_raising_takes_the_same_statements_for_any_number(company: list[Project]) -> None:
    recompute(actor=SYSTEM, day=LAST, today=LAST)
    with CaptureQueriesContext(connection) as few:
        recompute(actor=SYSTEM, day=LAST, today=LAST)
    make_projects(20)
    recompute(actor=SYSTEM, day=LAST, today=LAST)
    with CaptureQueriesContext(connection) as many:
        recompute(actor=SYSTEM, day=LAST, today=LAST)
    assert len(many) == len(few)


def test_the_back_test_judges_stored_warnings_against_what_came(company: list[Project]) -> None:
    past = history(LAST)
    first = EarlyWarning.objects.order_by("date").values_list("date", flat=True)[0]
    assert past.days == [day for day in SUNDAYS if day >= first]
    assert past.bands.shape == (4, len(past.days))
    found = verdicts(past, 2)
    assert found["same"].warnings == 0
    assert judge_warnings(day=LAST) is True
    assert judge_warnings(day=LAST + datetime.timedelta(days=3)) is False
    rows = trials(LAST)
    assert [row.horizon for row in rows] == [2, 4, 8, 12]
    assert (rows[0].cases, rows[0].worse, rows[0].warnings, rows[0].right) == (
        found["warner"].cases,
        found["warner"].worse,
        found["warner"].warnings,
        found["warner"].right,
    )
    assert rows[3].cases == 0 and rows[3].first is None
    assert judge_warnings(day=LAST, again=True) is True
    assert WarningTrial.objects.filter(date=LAST).count() == 4


def test_there_is_no_history_before_the_first_night(db: None) -> None:
    build.organisation()
    from portfolio.services.health.models import ensure_default_model

    ensure_default_model()
    past = history(LAST)
    assert past.days == [] and past.bands.shape == (0, 0)
    assert judge_warnings(day=LAST) is True
    assert [row.cases for row in trials(LAST)] == [0, 0, 0, 0]
    assert any_warnings_kept(LAST) is False and snapshot_day() is None


def test_nothing_the_simulator_hides_is_read(company: list[Project]) -> None:
    """The statements of a night name no table beside the product's, and nothing said after the day."""
    row = company[0]
    future = SUNDAYS[-1] + datetime.timedelta(weeks=4)
    before = stored(LAST)
    for stone in row.milestones.all():
        update_record(actor=SYSTEM, row=stone, values={"forecast_date": datetime.date(2027, 9, 1)}, day=future)
    build.cost(row, Decimal(900), str(future), day=future)
    with CaptureQueriesContext(connection) as captured:
        recompute(actor=SYSTEM, day=LAST, today=future)
    assert stored(LAST) == before
    assert not any("truth" in str(query["sql"]).lower() for query in captured)
    assert json.dumps([list(map(str, entry)) for entry in before])
