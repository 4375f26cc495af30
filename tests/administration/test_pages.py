"""The pages of the administration: real state, what needs attention, and what a change does."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from html import unescape

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from pmo.core.access.roles import Role
from pmo.core.administration import mail, official, why
from pmo.core.administration.organisation import weekdays_in_words
from pmo.core.administration.rights import ACTIONS, SUBJECTS
from pmo.core.administration.roles import matrix
from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.models import CalendarException, Organisation
from pmo.core.calendars.queries import org_today, organisation_as_of
from pmo.core.features.declaration import all_features
from pmo.core.imports.mapping_json import preset_names
from pmo.core.imports.models import ImportMapping
from pmo.core.imports.preset_words import preset_title
from pmo.core.jobs.models import Job
from pmo.core.messages.models import MessageDelivery
from pmo.core.messages.services.delivering import deliver_lane
from pmo.core.money.models import Currency, ExchangeRate
from pmo.core.people.models import Person
from pmo.core.records.services import create_record
from pmo.core.retention.api import kept_days
from pmo.core.sign_in.models import SignInLimit
from projects.models import Project
from tests import factories
from tests.conftest import UserClient, client_of

pytestmark = pytest.mark.django_db
PAGES = (
    "administration", "organisation-settings", "role-matrix", "access-why", "working-calendar", "lookups",
    "import-mappings", "import-mapping-upload", "mail-settings", "retention", "features",
)  # fmt: skip


@pytest.fixture
def house() -> Organisation:
    return create_record(
        actor=SYSTEM, row=Organisation(name_zh="甲集团", name_en="Alpha"), day=datetime.date(2026, 1, 1)
    )


@pytest.fixture
def admin() -> UserClient:
    client = client_of(factories.user(Role.PMO_ADMIN, username="admin", email="admin@example.org"))
    client.cookies["bw_language"] = "en"
    return client


@pytest.fixture
def auditor() -> UserClient:
    client = client_of(factories.user(Role.AUDITOR, username="auditor"))
    client.cookies["bw_language"] = "en"
    return client


def main_of(response: object) -> str:
    html: str = response.content.decode()  # type: ignore[attr-defined]
    return html[html.index("<main") :]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_stays_within_the_statements_of_a_page(admin: UserClient, house: Organisation, name: str) -> None:
    for number in range(3):
        ImportMapping.objects.create(name=f"M{number}", target="projects", spec={"fields": {"name": {"column": "N"}}})
    admin.get(reverse(name))
    with CaptureQueriesContext(connection) as captured:
        assert admin.get(reverse(name)).status_code == 200
    assert len(captured) <= 20, [query["sql"][:120] for query in captured]


def test_the_overview_counts_what_is_there_and_names_what_is_missing(admin: UserClient, house: Organisation) -> None:
    for number in range(3):
        factories.person(code=f"N{number}")
    factories.user(username="sleeper", is_active=False)
    page = main_of(admin.get(reverse("administration")))
    people = Person.objects.count()
    assert f"{people} people, {Person.objects.filter(user__isnull=False).count()} with a login, 1 of them" in page
    assert "Only 1 person can administer" in page
    year = org_today().year
    assert f"The calendar of {year} has no holidays" in page
    CalendarException.objects.create(day=datetime.date(year, 5, 1), name_en="Labour Day")
    factories.user(Role.PMO_ADMIN)
    page = main_of(admin.get(reverse("administration")))
    assert f"The calendar of {year} has no holidays" not in page
    assert "1 exceptions in" in page
    assert "can administer" not in page


def test_the_figures_of_mail_and_background_work_lead_to_their_rows(admin: UserClient, house: Organisation) -> None:
    now = timezone.now()
    MessageDelivery.objects.create(
        channel="email", once="a", event="account.invite", state="waiting", next_at=now, created_at=now
    )
    Job.objects.create(kind="test", state="failed", owner=admin.user)
    page = main_of(admin.get(reverse("administration")))
    for card, told in (("mail", ["0 mails delivered", "1 mail waiting"]), ("jobs", ["0 jobs waiting", "1 job failed"])):
        part = page[page.index(f'id="card-{card}"') :]
        found = re.findall(r'<p[^>]*><a href="([^"]+)">([^<]+)</a></p>', part[: part.index("</section>")])
        assert [words[: len(start)] for (_url, words), start in zip(found, told, strict=True)] == told
        for url, _words in found:
            assert admin.get(unescape(url)).status_code == 200, url
    waiting = main_of(admin.get(reverse("mail-settings"), {"state": "waiting"}))
    assert waiting.count("Invitation") == 1 and "Send again" not in waiting
    assert admin.get(reverse("mail-settings"), {"state": "lost"}).status_code == 404


def test_the_overview_names_locked_accounts(admin: UserClient, house: Organisation) -> None:
    assert "locked after failed" not in main_of(admin.get(reverse("administration")))
    soon = timezone.now() + datetime.timedelta(minutes=5)
    SignInLimit.objects.create(
        kind="account", key="k", user=factories.user(username="tired"), since=timezone.now(), locked_until=soon
    )
    page = main_of(admin.get(reverse("administration")))
    assert "1 account is locked after failed sign-ins" in page
    assert "1 open sessions" in page


def test_the_auditor_reads_and_is_offered_no_change(auditor: UserClient, house: Organisation) -> None:
    for name in ("administration", "organisation-settings", "features", "retention", "mail-settings", "role-matrix"):
        page = main_of(auditor.get(reverse(name)))
        assert 'method="post"' not in page.replace('<form method="post" class="stack settings-form"', ""), name
    assert auditor.post(reverse("feature-switch", args=["webhooks"]), {"on": "0"}).status_code == 403


def test_an_administrator_of_a_unit_alone_does_not_see_the_house() -> None:
    client = client_of(factories.user(Role.PMO_ADMIN, within=factories.unit()))
    assert client.get(reverse("administration")).status_code == 403
    assert f'href="{reverse("administration")}"' not in client.get(reverse("directory")).content.decode()


# -- the organisation -----------------------------------------------------------------------------


def form(**changes: object) -> dict[str, object]:
    base: dict[str, object] = {
        "name_zh": "甲集团", "name_en": "Alpha", "time_zone": "Asia/Shanghai", "base_currency": "CNY",
        "fiscal_start_month": "1", "working_weekdays": list("12345"), "nightly_time": "02:00", "version": "1", "reason": "",
    }  # fmt: skip
    return base | changes


def test_a_change_of_the_organisation_is_told_first_and_made_second(admin: UserClient, house: Organisation) -> None:
    Currency.objects.create(code="EUR", name_zh="欧元", name_en="Euro")
    ExchangeRate.objects.create(currency="EUR", valid_from_date=datetime.date(2026, 1, 1), rate=Decimal("7.8"))
    sent = form(base_currency="EUR", working_weekdays=list("123456"), time_zone="Europe/Berlin")
    page = main_of(admin.post(reverse("organisation-settings"), sent))
    assert "1 exchange rate is stated in CNY" in page
    assert "working days in place of 261" in page
    assert "Europe/Berlin" in page
    house.refresh_from_db()
    assert house.base_currency == "CNY"
    assert admin.post(reverse("organisation-settings"), sent | {"confirm": "1", "reason": "Moved"}).status_code == 302
    house.refresh_from_db()
    assert (house.base_currency, house.working_weekdays, house.time_zone) == ("EUR", "123456", "Europe/Berlin")
    entry = AuditEntry.objects.filter(model="core.organisation", action="update").get()
    assert entry.reason == "Moved"
    assert organisation_as_of(datetime.date(2026, 2, 1)).base_currency == "CNY"


def test_a_stale_or_impossible_change_of_the_organisation_writes_nothing(
    admin: UserClient, house: Organisation
) -> None:
    stale = admin.post(reverse("organisation-settings"), form(name_en="Beta", version="7", confirm="1"))
    assert stale.status_code == 409
    for wrong in ({"time_zone": "Mars/Base"}, {"working_weekdays": []}, {"nightly_time": "25:00"}, {"name_en": ""}):
        assert admin.post(reverse("organisation-settings"), form(confirm="1", **wrong)).status_code == 422
    house.refresh_from_db()
    assert (house.name_en, house.version) == ("Alpha", 1)


# -- roles ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("12345", "Monday to Friday"),
        ("123467", "Monday to Thursday, Saturday, Sunday"),
        ("71", "Monday, Sunday"),
        ("", ""),
    ],
)
def test_weekdays_are_named(digits: str, words: str) -> None:
    with translation.override("en"):
        assert weekdays_in_words(digits) == words


def test_the_history_of_the_settings_names_months_and_weekdays(admin: UserClient, house: Organisation) -> None:
    page = main_of(admin.get(reverse("organisation-settings")))
    lines = page[page.index('id="versions-title"') :]
    assert ">January</td>" in lines and ">Monday to Friday</td>" in lines and ">12345</td>" not in lines


def test_the_matrix_says_what_the_code_decides(admin: UserClient) -> None:
    lines = {line.key: line for section in matrix() for line in section.lines}
    cells = dict(lines["calendar-exceptions"].cells)
    assert [str(word) for word in cells["pmo_analyst"]] == ["all"]
    assert [str(word) for word in cells["executive"]] == ["see"]
    assert dict(lines["core.savedview.publish"].cells)["executive"] == ()
    page = main_of(admin.get(reverse("role-matrix"), {"q": "calendar exceptions"}))
    assert "/r/calendar-exceptions/" in page
    assert "/r/currencies/" not in page
    only = [line.key for section in matrix(role="team_member") for line in section.lines]
    assert "role-grants" not in only
    csv = b"".join(admin.get(reverse("role-matrix-csv"), {"q": "calendar exceptions"})).decode()  # type: ignore[call-overload]
    assert "PMO analyst" in csv
    assert csv.count("\r\n") == 5


def test_every_right_has_words_and_its_key_beside_them(admin: UserClient) -> None:
    rights = [line for section in matrix() for line in section.lines if not line.scope]
    assert len(rights) > 20
    parts = [line.key.rpartition(".") for line in rights]
    assert [action for _subject, _dot, action in parts if action not in ACTIONS] == []
    models = {model._meta.label_lower for model in apps.get_models()}
    assert [subject for subject, _dot, _action in parts if subject not in models | set(SUBJECTS)] == []
    page = main_of(admin.get(reverse("role-matrix"), {"q": "savedview publish"}))
    assert "Saved views: publish" in page and "<code>core.savedview.publish</code>" in page


def test_why_gives_the_ground_of_the_answer(admin: UserClient) -> None:
    unit = factories.unit()
    manager = factories.user(username="manager")
    outsider = factories.user(username="outsider", is_active=False)
    analyst = factories.user(Role.PMO_ANALYST, username="analyst")
    project = factories.project(unit=unit, code="P-77")
    factories.member(project, manager, Role.PROJECT_MANAGER)
    by_project = why.answer(manager, "change", project)
    assert by_project.decision.allowed
    assert any("Project manager here" in text for text in map(str, by_project.grounds)) or by_project.grounds
    assert why.answer(analyst, "change", project).grounds
    no = why.answer(outsider, "change", project)
    assert (bool(no.decision), no.grounds) == (False, [])
    other = factories.project(code="P-78")
    assert not why.answer(manager, "change", other).decision.allowed
    ask = {"who": "manager", "action": "change", "register": "projects", "row": "P-77"}
    page = main_of(admin.get(reverse("access-why"), ask))
    assert "Project manager here" in page
    assert "projects.project.change" in page
    page = main_of(admin.get(reverse("access-why"), ask | {"row": "P-78"}))
    assert "You need one of these roles here" in page
    assert "No login fits" in main_of(admin.get(reverse("access-why"), ask | {"who": "nobody at all"}))
    assert "There is no row" in main_of(admin.get(reverse("access-why"), ask | {"row": "P-000"}))


# -- the calendar ---------------------------------------------------------------------------------


def test_the_make_up_days_of_china_come_with_its_holidays() -> None:
    days = {one.day: one for one in official.official_days("CN", 2026)}
    assert days[datetime.date(2026, 2, 14)].factor == 1
    assert days[datetime.date(2026, 10, 1)].factor == 0
    assert days[datetime.date(2026, 10, 1)].name_zh == "国庆节"
    assert {one.day.year for one in days.values()} == {2026}
    assert official.official_days("DE", 2026)[0].name_en == "New Year's Day"
    assert datetime.date(2026, 1, 6) in {one.day for one in official.official_days("DE", 2026, "BY")}
    assert datetime.date(2026, 1, 6) not in {one.day for one in official.official_days("DE", 2026)}


def test_every_country_of_the_list_has_holidays() -> None:
    for country in official.COUNTRIES:
        found = official.official_days(country, 2026)
        assert len(found) >= 4, country
        assert all(one.name_en or one.name_zh for one in found), country


def test_taking_holidays_over_adds_what_was_ticked_and_replaces_only_that(
    admin: UserClient, house: Organisation
) -> None:
    kept = CalendarException.objects.create(day=datetime.date(2026, 10, 1), factor=Decimal("0.50"), name_en="Half")
    page = main_of(admin.get(reverse("working-calendar"), {"year": "2026", "country": "CN"}))
    assert 'value="2026-02-14"' in page
    assert CalendarException.objects.count() == 1
    sent = {"year": "2026", "country": "CN", "day": ["2026-02-14", "2026-05-01", "2026-05-02", "1999-01-01", "x"]}
    admin.post(reverse("working-calendar-take"), sent)
    days = dict(CalendarException.objects.values_list("day", "factor"))
    assert days == {
        datetime.date(2026, 2, 14): 1, datetime.date(2026, 5, 1): 0, datetime.date(2026, 5, 2): 0, kept.day: Decimal("0.50"),
    }  # fmt: skip
    admin.post(reverse("working-calendar-take"), sent | {"day": ["2026-10-01", "2026-05-01"]})
    kept.refresh_from_db()
    assert (kept.factor, kept.version) == (0, 2)
    assert CalendarException.objects.count() == 4
    admin.post(reverse("working-calendar-take"), sent | {"region": "Sichuan"})
    assert CalendarException.objects.filter(region="Sichuan").count() == 3


def test_the_year_shows_each_kind_of_day(admin: UserClient, house: Organisation) -> None:
    for day, factor, region in ((1, 0, ""), (3, 1, ""), (5, "0.7", ""), (6, 0, "Sichuan")):
        CalendarException.objects.create(day=datetime.date(2026, 1, day), factor=Decimal(factor), region=region)
    page = main_of(admin.get(reverse("working-calendar"), {"year": "2026"}))
    for kind in ("holiday", "makeup", "short"):
        assert page.count(f'<td class="day-{kind}') == 1
    assert "260.7 working days" in page
    page = main_of(admin.get(reverse("working-calendar"), {"year": "2026", "region": "Sichuan"}))
    assert page.count('<td class="day-holiday') == 2
    assert admin.get(reverse("working-calendar"), {"year": "99999999"}).status_code == 200
    assert "There is no such country" in main_of(admin.get(reverse("working-calendar"), {"country": "ZZ"}))


# -- mail, retention, switches --------------------------------------------------------------------


@override_settings(EMAIL_HOST="mail.example.org", EMAIL_HOST_USER="robot", EMAIL_HOST_PASSWORD="geheim-4711-wort")
def test_the_settings_of_mail_are_shown_without_their_secret(admin: UserClient) -> None:
    page = admin.get(reverse("mail-settings")).content.decode()
    assert "mail.example.org" in page
    assert "robot" in page
    assert "geheim-4711-wort" not in page
    assert "set, not shown" in page


def test_a_test_mail_goes_through_the_outbox_and_its_end_is_shown(admin: UserClient, mailoutbox: list[object]) -> None:
    admin.post(reverse("mail-test"))
    row = MessageDelivery.objects.get()
    assert (row.event, row.state) == (mail.TEST, "waiting")
    assert AuditEntry.objects.filter(action="test", model="core.messagedelivery").count() == 1
    assert deliver_lane("mail") == 1
    (letter,) = mailoutbox
    assert letter.to[0].endswith("<admin@example.org>")  # type: ignore[attr-defined]
    page = main_of(admin.get(reverse("mail-settings")))
    assert "badge-green" in page
    assert mail.TEST not in admin.get(reverse("message-settings")).content.decode()


def test_a_mail_that_was_given_up_is_sent_again_once(admin: UserClient) -> None:
    admin.post(reverse("mail-test"))
    row = MessageDelivery.objects.get()
    MessageDelivery.objects.update(state="dead", attempts=12, error="550 no such box")
    assert "550 no such box" in main_of(admin.get(reverse("mail-settings")))
    admin.post(reverse("mail-again", args=[row.pk]))
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)
    admin.post(reverse("mail-again", args=[row.pk]))
    assert AuditEntry.objects.filter(action="retry").count() == 1


def test_without_an_address_nobody_sends_a_test() -> None:
    client = client_of(factories.user(Role.PMO_ADMIN))
    client.post(reverse("mail-test"))
    assert not MessageDelivery.objects.exists()


def test_retention_is_decided_within_its_bounds_and_says_what_it_takes(admin: UserClient) -> None:
    now = datetime.datetime.now(datetime.UTC)
    for number, age in enumerate((10, 40, 200)):
        at = now - datetime.timedelta(days=age)
        MessageDelivery.objects.create(
            channel="email", once=str(number), event="mention", state="sent", next_at=at, created_at=at
        )

    def coming() -> str:
        page = main_of(admin.get(reverse("retention")))
        row = page[page.index('id="rule-deliveries"') :]
        return row[: row.index("</tr>")]

    assert '<td class="num" data-label="Next run">1</td>' in coming()
    admin.post(reverse("retention-change", args=["deliveries"]), {"days": "30", "reason": "Short"})
    assert kept_days("deliveries") == 30
    assert '<td class="num" data-label="Next run">2</td>' in coming()
    assert MessageDelivery.objects.count() == 3
    for typed in ("3", "-1", "soon", "99999999"):
        sent = {"days": typed, "reason": "Asked by the auditors"}
        refused = admin.post(reverse("retention-change", args=["deliveries"]), sent)
        assert refused.status_code == 422
        assert all(f'value="{one}"' in refused.content.decode() for one in sent.values())
    assert admin.post(reverse("retention-change", args=["sessions"]), {"days": ""}).status_code == 422
    assert kept_days("deliveries") == 30
    assert admin.post(reverse("retention-change", args=["nonsense"]), {"days": "30"}).status_code == 404


def test_a_switch_is_turned_on_its_page(admin: UserClient) -> None:
    admin.post(reverse("feature-switch", args=["webhooks"]), {"on": "0", "reason": "Closed network"})
    page = main_of(admin.get(reverse("features")))
    assert "<b>1 feature</b> is switched off" in page
    assert "Closed network" in page
    known = len(all_features())
    assert f"{known - 1} of {known} features are on" in main_of(admin.get(reverse("administration")))
    assert admin.post(reverse("feature-switch", args=["nonsense"]), {"on": "0"}).status_code == 404


# -- mappings -------------------------------------------------------------------------------------


def test_a_mapping_goes_out_as_a_file_and_comes_in_again(admin: UserClient) -> None:
    spec = {"version": 1, "name": "Ours", "fields": {"name": {"column": "N"}}, "match": {"by": ["name"], "near": 0.8}}
    row = ImportMapping.objects.create(name="Ours", target="projects", spec=spec)
    text = admin.get(reverse("import-mapping-json", args=[row.pk])).content
    row.delete()
    sent = {"file": SimpleUploadedFile("m.json", text), "target": "projects", "name": ""}
    assert admin.post(reverse("import-mapping-upload"), sent).status_code == 302
    again = ImportMapping.objects.get()
    assert (again.name, json.loads(text)) == ("Ours", again.spec)
    page = main_of(admin.get(reverse("import-mappings")))
    assert "Ours" in page
    assert "zentao" in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"{", "JSON"),
        (b'{"fields": {"nonsense": {"column": "N"}}}', "no such fields: nonsense"),
        (b"[]" * 150_000, "too large"),
    ],
)
def test_what_is_no_mapping_is_refused_with_the_reason(admin: UserClient, text: bytes, told: str) -> None:
    sent = {"file": SimpleUploadedFile("m.json", text), "target": "projects", "name": "X"}
    answer = admin.post(reverse("import-mapping-upload"), sent)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not ImportMapping.objects.exists()


def test_a_renamed_mapping_carries_its_name_inside(admin: UserClient) -> None:
    row = ImportMapping.objects.create(
        name="Old", target="projects", spec={"version": 1, "name": "Old", "fields": {"name": {"column": "N"}}}
    )
    url = reverse("register-edit", kwargs={"key": "import-mappings", "pk": row.pk})
    assert admin.post(url, {"name": "New", "version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.spec["name"]) == ("New", "New")


def test_ready_made_mappings_have_titles(admin: UserClient) -> None:
    page = main_of(admin.get(reverse("import-mappings")))
    for name, title in (("zentao", "ZenTao"), ("uk_gmpp", "UK Government Major Projects Portfolio")):
        assert f"<b>{title}</b>" in page and f'<code class="muted">{name}</code>' in page
    assert [name for name in preset_names() if preset_title(name) == name] == []


def test_lookups_gather_the_vocabularies(admin: UserClient) -> None:
    Currency.objects.create(code="EUR", name_zh="欧元", name_en="Euro")
    page = main_of(admin.get(reverse("lookups")))
    for key in ("currencies", "risk-categories", "skills", "tags"):
        assert f"/r/{key}/" in page
    assert Project.objects.count() == 0
