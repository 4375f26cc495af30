"""The history of the demo is what the services would have written, had the same edits been made on the same days."""

from __future__ import annotations

import pytest

from pmo.core.audit.actor import SYSTEM
from pmo.core.history.models import versioned_fields, versioned_models
from pmo.core.records.services import create_record, update_record
from portfolio.demo.simulator import simulate
from portfolio.demo.stories import STORIES
from portfolio.demo.track import Book
from portfolio.demo.world import build_world
from projects.models import Action, BudgetLine, Decision, Issue, Milestone, Project, StatusReport
from tests.demo.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def simulated():
    """The records of one project, simulated against the seeded organisation."""
    book = Book(lambda model: 10**6)
    world = build_world(book, today=TODAY, weeks=104, seed=1, passwords=False)
    assert book.tracks == {}, "nothing of the world is created twice"
    simulate(next(spec for spec in STORIES if spec.code == "SAP-08"), world, book)
    return book


def replay(model, track, project):
    """Create the record and repeat its edits through the services; returns the saved row."""
    (day, first), *edits = track.states
    own = {"project_id": project.pk} if project is not None else {"code": "REPLAY-1"}
    row = create_record(actor=SYSTEM, row=model(**{**first, **own}), day=day)
    for day, values in edits:
        changed = {
            name: value
            for name, value in values.items()
            if name not in own and name != "code" and getattr(row, name) != value
        }
        related = {}
        for name, value in changed.items():
            field = model._meta.get_field(name.removesuffix("_id"))
            related[field.name] = field.related_model.objects.get(pk=value) if field.is_relation and value else value
        update_record(actor=SYSTEM, row=row, values=related, day=day)
    return row


def assert_same_history(model, track, row):
    names = [name for name in versioned_fields(model) if name not in {"code", "project_id"}]
    written = versioned_models()[model].objects.filter(row_id=row.pk).order_by("valid_from")
    expected = [(start, end, [values[name] for name in names]) for start, end, values in track.versions()]
    assert [(v.valid_from, v.valid_to, [getattr(v, name) for name in names]) for v in written] == expected
    assert len(expected) == len(track.states)


def test_a_project_and_its_records_replay_to_the_same_versions(simulated):
    [project_track] = simulated.tracks[Project]
    project = replay(Project, project_track, None)
    assert len(project_track.states) > 20
    assert_same_history(Project, project_track, project)
    assert project.version == len(project_track.states) <= project_track.writes
    for model in (Milestone, Issue, Decision, Action, BudgetLine, StatusReport):
        edited = sorted(simulated.tracks[model], key=lambda track: -len(track.states))[:3]
        assert len(edited[0].states) > 1, model.__name__
        for track in edited:
            row = replay(model, track, project)
            assert_same_history(model, track, row)


def test_a_change_that_changes_nothing_is_no_write(simulated):
    track = simulated.tracks[Milestone][0]
    before = (track.writes, list(track.states))
    assert not track.change(track.changed, name=track.now["name"])
    assert (track.writes, track.states) == before


def test_days_cannot_go_backwards(simulated):
    track = simulated.tracks[Milestone][0]
    with pytest.raises(ValueError, match="before the last write"):
        track.change(track.created.replace(year=2020), name="x")
