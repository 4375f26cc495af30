"""Versions of the health model: published, previewed, never changed."""

import dataclasses
import datetime
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from pmo.core.audit.actor import SYSTEM
from pmo.core.people.models import Person, User
from portfolio.calc.health import default_model
from portfolio.models import HealthModel, HealthSnapshot, RollupSnapshot
from portfolio.queries.health_models import NoHealthModelError, model_in_force, spec_of
from portfolio.services.health.models import ensure_default_model, publish_model, withdraw_model
from portfolio.services.health.preview import preview
from portfolio.services.health.recompute import recompute
from tests.health import build
from tests.health.build import DAY, TODAY

pytestmark = pytest.mark.django_db
DEFAULT = default_model()


def publish(spec=DEFAULT, valid_from=TODAY, note="Schedule counts more", today=TODAY):
    return publish_model(actor=SYSTEM, spec=spec, valid_from=valid_from, note=note, today=today)


def weighted(**weights):
    return dataclasses.replace(DEFAULT, dimension_weights={**DEFAULT.dimension_weights, **weights})


@pytest.fixture(autouse=True)
def organisation():
    return build.organisation()


def test_the_default_model_is_made_once_and_holds_for_every_past_day():
    with pytest.raises(NoHealthModelError):
        model_in_force(DAY)
    first = ensure_default_model()
    assert ensure_default_model().pk == first.pk
    assert model_in_force(datetime.date(2001, 1, 1)).number == 1
    assert spec_of(first) == DEFAULT


def test_a_new_version_holds_from_its_day_on():
    model = publish(weighted(schedule=50.0))
    assert (model.number, spec_of(model).version, spec_of(model).dimension_weights["schedule"]) == (2, 2, 50.0)
    assert model_in_force(TODAY).number == 2
    assert model_in_force(TODAY - datetime.timedelta(days=1)).number == 1
    assert publish(weighted(schedule=40.0)).number == 3
    assert model_in_force(TODAY).number == 3


@pytest.mark.parametrize(
    ("spec", "valid_from", "note", "field"),
    [
        (DEFAULT, DAY, "Late", "valid_from"),
        (DEFAULT, TODAY, "  ", "note"),
        (weighted(schedule=-1.0), TODAY, "Typo", "dimension_weights.schedule"),
        (dataclasses.replace(DEFAULT, cap_one_red=80.0), TODAY, "Typo", "cap_one_red"),
    ],
)
def test_a_wrong_model_is_refused_by_field(spec, valid_from, note, field):
    with pytest.raises(ValidationError) as refused:
        publish(spec, valid_from, note)
    assert list(refused.value.message_dict) == [field]
    assert HealthModel.objects.count() <= 1


def test_the_message_says_what_was_received_and_what_is_expected():
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        publish(dataclasses.replace(DEFAULT, amber_from=90.0))
    assert "Received 90, expected > 0, < 75." in refused.value.message_dict["amber_from"]


def test_versions_are_published_in_the_order_of_their_days_and_may_be_withdrawn_before_they_hold():
    week = datetime.timedelta(days=7)
    planned = publish(valid_from=TODAY + week)
    with pytest.raises(ValidationError):
        publish(valid_from=TODAY)
    withdraw_model(actor=SYSTEM, model=planned, today=TODAY)
    assert publish(valid_from=TODAY).number == 3
    assert model_in_force(TODAY + week).number == 3
    with pytest.raises(ValidationError):
        withdraw_model(actor=SYSTEM, model=HealthModel.objects.get(number=3), today=TODAY)


def test_snapshots_keep_the_version_they_were_computed_with():
    row = build.project("Line", planned_finish=build.date("2026-11-01"))
    build.report(row, "2026-11-19")
    recompute(actor=SYSTEM, day=DAY, today=TODAY)
    before = build.snapshots(DAY)
    publish(weighted(schedule=1.0, governance=0.0))
    recompute(actor=SYSTEM, day=DAY, today=TODAY)
    recompute(actor=SYSTEM, day=TODAY, today=TODAY)
    assert build.snapshots(DAY) == before
    assert [row.model.number for row in HealthSnapshot.objects.order_by("date")] == [1, 2]


@pytest.fixture
def reader():
    """Sees the projects that are shown organisation-wide."""
    user = User.objects.create_user("reader", password="x")
    Person.objects.create(code="E7", name_en="Reader", user=user)
    return user


def project(name, slip_to, **values):
    row = build.project(name, planned_finish=build.date("2026-12-31"), forecast_finish=build.date(slip_to), **values)
    build.report(row, "2026-11-19")
    return row


def test_preview_names_who_changes_colour_and_writes_nothing(django_user_model):
    admin = django_user_model.objects.create_superuser("root", password="x")
    project("On time", "2026-12-31")
    late = project("Late", "2027-01-29")
    ensure_default_model()
    spec = dataclasses.replace(
        DEFAULT, dimension_weights={**DEFAULT.dimension_weights, "governance": 40.0}, min_weight_share=0.4
    )
    found = preview(spec=spec, day=DAY, user=admin)
    assert found.projects == 2
    assert found.before == {"green": 1, "amber": 1, "red": 0, "grey": 0}
    assert found.after == {"green": 1, "amber": 1, "red": 0, "grey": 0}
    stricter = dataclasses.replace(DEFAULT, green_from=99.0, amber_from=98.0, cap_one_red=98.5, cap_two_red=97.0)
    found = preview(spec=stricter, day=DAY, user=admin)
    (change,) = found.changes
    # schedule 55 - 55 * 1/40 (21 days over 20), governance 100: (25 * 53.625 + 5 * 100) / 30, capped at 74.9 by a red schedule
    assert change.project == late
    assert (change.before_band, change.after_band, change.worse) == ("amber", "red", True)
    assert (change.before, change.after) == (61.4, 61.4)
    assert not HealthSnapshot.objects.exists()
    assert not RollupSnapshot.objects.exists()
    assert HealthModel.objects.count() == 1


def test_preview_shows_only_projects_the_user_may_see(reader):
    project("Shown", "2027-01-29", visibility="organisation")
    project("Private", "2027-01-29", visibility="private")
    ensure_default_model()
    stricter = dataclasses.replace(DEFAULT, green_from=99.0, amber_from=98.0, cap_one_red=98.5, cap_two_red=97.0)
    found = preview(spec=stricter, day=DAY, user=reader)
    assert (found.projects, [change.project.name_en for change in found.changes]) == (1, ["Shown"])


def queries_of(work) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_projects(django_user_model):
    admin = django_user_model.objects.create_superuser("root", password="x")
    portfolio = build.portfolio("Grid")
    ensure_default_model()
    stricter = dataclasses.replace(DEFAULT, green_from=99.0, amber_from=98.0, cap_one_red=98.5, cap_two_red=97.0)
    counts = []
    for number in (3, 27):
        for index in range(number):
            row = project(f"P{number}-{index}", "2027-03-01", portfolio=portfolio)
            build.budget(row, 1000)
            build.cost(row, 10, "2026-03-03")
            build.milestone(row, "One", "2026-11-01")
        HealthSnapshot.objects.all().delete()
        RollupSnapshot.objects.all().delete()
        first = queries_of(lambda: recompute(actor=SYSTEM, day=DAY, today=TODAY))
        again = queries_of(lambda: recompute(actor=SYSTEM, day=DAY, today=TODAY))
        user = User.objects.get(pk=admin.pk)
        shown = queries_of(partial(preview, spec=stricter, day=DAY, user=user))
        counts.append((first, again, shown))
    assert HealthSnapshot.objects.count() == 30
    assert counts[0] == counts[1]
    assert max(counts[1]) < 60
