"""A person's export contains, and their erasure removes, every personal field: the declaration is walked from the models."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connection, models
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry, AuditErasure
from pmo.core.audit.services import Act, record, seal
from pmo.core.audit.verifying import verify
from pmo.core.jobs.api import Job, run_job_now
from pmo.core.models import Person, User
from pmo.core.privacy import services
from pmo.core.privacy.declaration import Kind, all_models, declared, declared_labels, kinds_of, links_of
from pmo.core.privacy.models import PersonErasure
from pmo.core.privacy.subjects import ERASED, Names, Pseudonym, subject_of_person
from pmo.core.records.services import create_record, update_record
from tests.core import build

pytestmark = pytest.mark.django_db

ZH, EN, LOGIN, MAIL, CODE = "甄别名", "Zedna Quillon", "zquillon", "zq@x.test", "ZQ-77"
MARKS = (ZH, EN, LOGIN, MAIL, CODE)


@pytest.fixture
def person() -> Person:
    user = User.objects.create_user(
        LOGIN, email=MAIL, password="a long password", first_name="Zedna", last_name="Quillon"
    )
    return Person.objects.create(code=CODE, name_zh=ZH, name_en=EN, email=MAIL, title="Quillmaster", user=user)


def test_every_field_of_every_model_is_classified():
    for model in all_models():
        assert set(kinds_of(model)) == {one.name for one in model._meta.concrete_fields}


def test_what_is_declared_exists():
    known = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    for label in declared_labels():
        said = declared(known[label])
        names = {one.name for one in known[label]._meta.concrete_fields}
        assert set(said.fields) <= names
        assert set(said.gone.split()) <= names
        assert {link for link in said.beside.values() if link} <= names


# Links that a check constraint of the table asks for.
NEEDED = {("knowledge.SearchEntry", "article")}


class Maker:
    """Makes a row of any model, every text of which says `mark`, every link of which leads to the person."""

    def __init__(self, person: Person) -> None:
        self.person, self.made, self.number = person, {}, 0

    def row(self, model: type[models.Model]) -> Any:
        if model is Person:
            return self.person
        if model is User:
            return self.person.user
        if model in self.made:
            return self.made[model]
        self.made[model] = None
        values = {}
        for one in model._meta.concrete_fields:
            if not isinstance(one, models.AutoField):
                values[one.attname] = self.value(model, one)
        row = model(**values)
        model._base_manager.bulk_create([row])
        if row.pk is None:
            row = model._base_manager.order_by("-pk").first()
        self.made[model] = row
        return row

    def value(self, model: type[models.Model], one: Any) -> Any:
        self.number += 1
        if one.is_relation:
            return self.related(one)
        if one.name == "row_id" or one.attname in links_of(model, "core.person"):
            return self.person.pk
        kind = kinds_of(model)[one.name]
        if kind in {Kind.TEXT, Kind.IDENTITY, Kind.NAME, Kind.CONTENT, Kind.INDEX}:
            return self.mark(one)
        if one.choices:
            return one.choices[0][0]
        return self.other(one)

    def related(self, one: Any) -> Any:
        target = one.related_model
        if one.null and target not in (Person, User) and (one.model._meta.label, one.name) not in NEEDED:
            return None
        row = self.row(target)
        return None if row is None else row.pk

    def mark(self, one: Any) -> Any:
        if isinstance(one, models.JSONField):
            return {"said": [f"{ZH} 与 {EN}", f"@{LOGIN}", f"{EN} ({CODE})", {"by": MAIL}]}
        if isinstance(one, models.GenericIPAddressField):
            return "127.0.0.1"
        longest = one.max_length or 1000
        text = MAIL if isinstance(one, models.EmailField) else f"{ZH} {EN} {MAIL}"
        return text if len(text) <= longest else ZH[:longest]

    def other(self, one: Any) -> Any:
        if isinstance(one, models.UUIDField):
            return uuid.uuid4()
        if isinstance(one, models.JSONField):
            return {}
        if isinstance(one, models.CharField | models.TextField):
            return f"x{self.number}"[: one.max_length or 50]
        if one.has_default():
            return one.get_default()
        if one.null:
            return None
        if isinstance(one, models.DateTimeField):
            return timezone.now()
        if isinstance(one, models.DateField):
            return timezone.now().date()
        if isinstance(one, models.TimeField):
            return timezone.now().time()
        return 1


def marked_tables() -> dict[str, set[str]]:
    """Every column of the whole database that names the person, asked of the tables themselves."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
            quoted = connection.ops.quote_name
            cursor.execute(f"SELECT {', '.join(quoted(name) for name in columns)} FROM {quoted(table)}")
            for row in cursor.fetchall():
                for name, value in zip(columns, row, strict=True):
                    text = value if isinstance(value, str) else json.dumps(value, default=str)
                    if any(mark in text or json.dumps(mark)[1:-1] in text for mark in MARKS):
                        found.setdefault(table, set()).add(name)
    return found


@pytest.fixture
def everywhere(person, settings) -> Maker:
    """A row of every table, with the person in each field that can hold one."""
    maker = Maker(person)
    for model in all_models():
        maker.row(model)
    PersonErasure.objects.update(state=PersonErasure.State.DROPPED)
    return maker


def expected_fields(maker: Maker) -> dict[str, set[str]]:
    """{table: columns} that the declaration calls personal and that were filled."""
    wanted: dict[str, set[str]] = {}
    for model in all_models():
        if maker.made.get(model) is None:
            continue
        for name, kind in kinds_of(model).items():
            one = model._meta.get_field(name)
            if kind in {Kind.TEXT, Kind.IDENTITY, Kind.NAME, Kind.CONTENT} and not isinstance(
                one, models.GenericIPAddressField
            ):
                wanted.setdefault(model._meta.label, set()).add(name)
    return wanted


def read_export(person: Person) -> dict[str, list[dict[str, Any]]]:
    """The tables of the person's export, by label."""
    job = services.start_export(actor=SYSTEM, person=person)
    run_job_now(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    with default_storage.open(job.result["file"]) as stored:
        archive = zipfile.ZipFile(io.BytesIO(stored.read()))
    names = [name for name in archive.namelist() if name.startswith("data/")]
    assert {"index.html", "README.txt"} < set(archive.namelist())
    return {name.removeprefix("data/").removesuffix(".json"): json.loads(archive.read(name)) for name in names}


def test_the_export_contains_every_personal_field(everywhere, person):
    told = read_export(person)
    missing = {
        label: fields - {name for row in told.get(label, []) for name in row["values"]}
        for label, fields in expected_fields(everywhere).items()
    }
    assert {label: fields for label, fields in missing.items() if fields} == {}
    hidden = {model._meta.label: {n for n, k in kinds_of(model).items() if k == Kind.HIDDEN} for model in all_models()}
    for label, rows in told.items():
        assert not any(hidden[label] & set(row["values"]) for row in rows)


def test_the_erasure_removes_every_personal_field(everywhere, person):
    wanted = expected_fields(everywhere)
    filled = {apps.get_model(label)._meta.db_table for label, fields in wanted.items() if fields}
    assert filled <= set(marked_tables())
    erase(person)
    assert marked_tables() == {}


def erase(person: Person) -> PersonErasure:
    """Both steps, and the job."""
    row = services.ask_erasure(actor=SYSTEM, person=person, reason=f"{EN} asked for it")
    services.confirm_erasure(actor=SYSTEM, erasure=row, typed=person.code)
    row.refresh_from_db()
    if row.state != PersonErasure.State.DONE:
        run_job_now(Job.objects.get(params={"erasure": row.pk}).pk)
        row.refresh_from_db()
    assert row.state == PersonErasure.State.DONE
    return row


def test_decisions_stay_under_the_pseudonym_and_the_chain_stays_intact(person):
    unit = build.unit()
    create_record(actor=actor_of(person.user), row=build.OrgUnit(code="NEW", name_en="Made by somebody"))
    update_record(
        actor=SYSTEM, row=person, values={"name_en": "Zedna Quill", "email": "new@x.test"}, expected_version=1
    )
    update_record(actor=actor_of(person.user), row=unit, values={"name_en": f"Unit of {EN}"}, expected_version=1)
    seal(settle_seconds=-1)
    done = erase(Person.objects.get(pk=person.pk))
    person.refresh_from_db()
    pseudonym = Pseudonym(done.pk)
    assert (person.name_zh, person.name_en, person.code) == (pseudonym.zh, pseudonym.en, pseudonym.code)
    assert (person.email, person.title) == ("", "")
    user = User.objects.get(pk=person.user_id)
    assert (user.username, user.is_active, user.has_usable_password()) == (pseudonym.code, False, False)
    made = AuditEntry.objects.get(action="create", object_label="Made by somebody")
    assert (made.actor_id, made.actor_name) == (user.pk, pseudonym.en)
    changed = AuditEntry.objects.get(model="core.person", action="update")
    assert changed.payload.changes["email"] == [ERASED, ERASED]
    unit.refresh_from_db()
    assert unit.name_en == f"Unit of {pseudonym.en}"
    act = AuditEntry.objects.get(action="privacy.erase")
    assert act.reason == f"{pseudonym.en} asked for it"
    assert AuditErasure.objects.filter(act=act).count() == act.payload.changes["erasures"][1]["count"] > 2
    seal(settle_seconds=-1)
    assert verify(now=timezone.now()).intact
    assert marked_tables() == {}


def test_others_keep_what_is_theirs(person):
    other = build.user(first_name="Zed", last_name="Quillonson")
    record(
        actor=actor_of(other), act=Act("update", "core.orgunit", 1, "Zedna Quillonson", changes={"a": ["zquillons", 1]})
    )
    erase(person)
    entry = AuditEntry.objects.get(object_id=1, model="core.orgunit")
    assert (entry.object_label, entry.payload.changes) == ("Zedna Quillonson", {"a": ["zquillons", 1]})
    assert entry.actor_name == "Zed Quillonson"


def test_names_are_replaced_as_whole_words_in_the_language_they_were_written_in(person):
    names = Names(subject_of_person(person), Pseudonym(42))
    assert (
        names.replaced(f"{ZH}同意,{EN.upper()} agreed, {MAIL}")
        == "前成员0042同意,Former person 0042 agreed, former-0042"
    )
    assert names.replaced("Zedna Quillonson") == "Zedna Quillonson"
    assert names.replaced_within({"a": [EN, 1, None]}) == {"a": ["Former person 0042", 1, None]}


def test_an_erasure_takes_two_steps_and_a_reason(person, pmo_admin):
    admin = actor_of(pmo_admin.user)
    with pytest.raises(ValidationError):
        services.ask_erasure(actor=admin, person=person, reason=" ")
    row = services.ask_erasure(actor=admin, person=person, reason="asked by letter")
    with pytest.raises(ValidationError):
        services.ask_erasure(actor=admin, person=person, reason="again")
    with pytest.raises(ValidationError):
        services.confirm_erasure(actor=admin, erasure=row, typed="another number")
    assert Person.objects.get(pk=person.pk).name_en == EN
    assert services.drop_erasure(actor=admin, erasure=row)
    with pytest.raises(ValidationError):
        services.confirm_erasure(actor=admin, erasure=row, typed=person.code)
    with pytest.raises(ValidationError):
        services.ask_erasure(actor=actor_of(person.user), person=person, reason="myself")


def test_an_export_gives_nothing_away_that_describes_somebody_else(person):
    team = Person.objects.create(code="T-1", name_en="Team Mate", email="mate@x.test", line_manager=person)
    rows = {row["id"]: row["values"] for row in read_export(person)["core.Person"]}
    assert rows[person.pk]["email"] == MAIL
    assert rows[team.pk] == {"line_manager": person.pk, "user": None}
