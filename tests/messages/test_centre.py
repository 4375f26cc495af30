"""The notification centre, its panel, its settings and its API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from pmo.core.access.roles import Role
from pmo.core.audit.models import AuditEntry
from pmo.core.messages.events import all_events
from pmo.core.messages.models import MessageChoice, MessageHours, Mode, Notification
from pmo.core.messages.queries import unread
from pmo.core.messages.services import notify
from pmo.core.registers.tokens import create_token
from projects.models import Project
from tests import factories
from tests.conftest import UserClient, client_of
from tests.messages.conftest import reader, tell

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(db: None) -> UserClient:
    return client_of(reader())


class TestCentre:
    def test_what_happened_newest_first_and_how_many_are_unread(self, browser: UserClient) -> None:
        tell(browser.user, project=factories.project(name_en="Metro"))
        tell(browser.user, project=factories.project(name_en="Bridge"))
        page = browser.get("/notifications").text
        assert page.index("of “Bridge”") < page.index("of “Metro”")
        assert "<b>2 notifications</b> are unread" in page and "Notifications, 2 unread" in page

    def test_filters_by_kind_and_unread(self, browser: UserClient) -> None:
        tell(browser.user, project=factories.project(name_en="Metro"))
        notify(event="mention", recipients=[browser.user], params={"person": "Ann", "subject": "Bridge"}, text="Look!")
        assert "of “Metro”" not in browser.get("/notifications?event=mention").text
        assert "Look!" in browser.get("/notifications?event=mention").text
        browser.post("/notifications/seen", {"event": "mention"})
        shown = browser.get("/notifications?unread=1").text
        assert "of “Metro”" in shown and "mentioned you" not in shown
        assert browser.get("/notifications?event=%00&page=x&unread=9").status_code == 200

    def test_nothing_of_others(self, browser: UserClient) -> None:
        (row,) = tell(reader(), project=factories.project(name_en="Metro"))
        assert "Metro" not in browser.get("/notifications").text
        for path in ("open", "read"):
            url = f"/notifications/{row.uid}/{path}"
            assert (browser.get(url) if path == "open" else browser.post(url)).status_code == 404
        browser.post("/notifications/seen")
        row.refresh_from_db()
        assert row.read_at is None

    def test_a_row_that_may_no_longer_be_seen_shows_no_content(self, browser: UserClient) -> None:
        project = factories.project(name_en="Secret")
        (row,) = tell(browser.user, project=project, text="Secret words", url=f"/r/projects/{project.pk}/")
        Project.objects.filter(pk=project.pk).update(visibility="private")
        for page in (browser.get("/notifications").text, browser.get("/notifications/panel", headers=HTMX).text):
            assert "Secret" not in page and "may no longer see" in page and str(row.uid) + "/open" not in page
        answer = browser.get(f"/notifications/{row.uid}/open")
        assert answer.headers["Location"] == "/notifications"
        api = browser.get("/api/v1/notifications/").json()["results"][0]
        assert (api["text"], api["url"], api["visible"]) == ("", "", False)

    def test_opening_leads_there_and_counts_as_read(self, browser: UserClient) -> None:
        (row,) = tell(browser.user, url="/r/projects/?q=x")
        assert browser.get(f"/notifications/{row.uid}/open").headers["Location"] == "/r/projects/?q=x"
        assert not unread(browser.user).exists()

    def test_read_unread_and_back_to_the_same_filter(self, browser: UserClient) -> None:
        (row,) = tell(browser.user)
        answer = browser.post(f"/notifications/{row.uid}/read", {"query": "unread=1"})
        assert answer.headers["Location"] == "/notifications?unread=1"
        assert not unread(browser.user).exists()
        browser.post(f"/notifications/{row.uid}/read", {"unread": "1"})
        assert unread(browser.user).count() == 1
        assert browser.get(f"/notifications/{row.uid}/read").status_code == 405

    def test_what_is_switched_off_in_the_centre_is_not_there(self, browser: UserClient) -> None:
        MessageChoice.objects.create(user=browser.user, event="report.due", channel="centre", mode="off")
        tell(browser.user)
        assert "is due on" not in browser.get("/notifications").text and not unread(browser.user).exists()

    def test_an_old_row_without_a_parameter_still_shows(self, browser: UserClient) -> None:
        tell(browser.user)
        Notification.objects.update(params={})
        assert "A report of mine is due" in browser.get("/notifications").text
        Notification.objects.update(event="gone.kind")
        assert browser.get("/notifications").status_code == 200

    def test_the_panel_is_a_part(self, browser: UserClient) -> None:
        for _number in range(12):
            tell(browser.user)
        part = browser.get("/notifications/panel", headers=HTMX)
        assert "<html" not in part.text and part.text.count("/open") == 8
        assert "no-store" in part.headers["Cache-Control"]

    def test_an_empty_centre_says_what_to_do(self, browser: UserClient) -> None:
        page = browser.get("/notifications").text
        assert "No notifications" in page and "/account/messages" in page

    def test_the_same_statements_for_three_and_for_forty(
        self, browser: UserClient, django_assert_max_num_queries: Any
    ) -> None:
        def add(number: int) -> None:
            for _turn in range(number):
                tell(browser.user, project=factories.project())

        add(3)
        browser.get("/notifications")
        with django_assert_max_num_queries(12) as few:
            browser.get("/notifications")
        add(37)
        with django_assert_max_num_queries(len(few.captured_queries)):
            browser.get("/notifications")


class TestSettings:
    def form(self, **changes: str) -> dict[str, str]:
        given = {f"email-{kind.key}": kind.email.value for kind in all_events()}
        given |= {f"centre-{kind.key}": "on" for kind in all_events()}
        given |= {name.replace("__", "-").replace("_", "."): value for name, value in changes.items()}
        return {name: value for name, value in given.items() if value}

    def test_only_what_differs_is_kept_with_an_audit_entry(self, browser: UserClient) -> None:
        browser.post("/account/messages", self.form())
        assert not MessageChoice.objects.exists() and not AuditEntry.objects.exists()
        browser.post("/account/messages", self.form(email__report_due="off", centre__mention=""))
        rows = set(MessageChoice.objects.values_list("event", "channel", "mode"))
        assert rows == {("report.due", "email", "off"), ("mention", "centre", "off")}
        assert AuditEntry.objects.get().payload.changes == {
            "report.due email": ["", "off"],
            "mention centre": ["", "off"],
        }
        browser.post("/account/messages", self.form())
        assert not MessageChoice.objects.exists()

    def test_a_mode_that_does_not_exist_changes_nothing(self, browser: UserClient) -> None:
        browser.post("/account/messages", self.form(email__report_due="loud"))
        assert not MessageChoice.objects.exists()

    @pytest.mark.parametrize(
        ("preset", "due", "mention"),
        [("digest", "digest", "digest"), ("none", "off", "off"), ("calm", "digest", ""), ("all", "", "")],
    )
    def test_presets(self, browser: UserClient, preset: str, due: str, mention: str) -> None:
        browser.post("/account/messages/preset", {"preset": preset})
        kept = dict(MessageChoice.objects.filter(channel="email").values_list("event", "mode"))
        assert (kept.get("report.due", ""), kept.get("mention", "")) == (due, mention)
        browser.post("/account/messages/preset", {"preset": "default"})
        assert not MessageChoice.objects.exists()

    def test_an_unknown_preset_is_told(self, browser: UserClient) -> None:
        page = browser.post("/account/messages/preset", {"preset": "x"}, follow=True)
        assert "There is no such preset." in page.text

    def test_hours(self, browser: UserClient) -> None:
        browser.post("/account/messages/hours", {"digest_hour": "18", "quiet_from": "22:00", "quiet_to": "07:00"})
        row = MessageHours.objects.get()
        assert (row.digest_hour, f"{row.quiet_from}", f"{row.quiet_to}") == (18, "22:00:00", "07:00:00")
        page = browser.post("/account/messages/hours", {"digest_hour": "18", "quiet_from": "22:00"})
        assert page.status_code == 422 and "a beginning and an end" in page.text
        assert browser.post("/account/messages/hours", {"digest_hour": "24"}).status_code == 422

    def test_the_table_shows_what_holds(self) -> None:
        browser = client_of(reader(role=Role.EXECUTIVE))
        page = browser.get("/account/messages").text
        line = page[page.index("A decision was taken") :]
        assert f'<option value="{Mode.DIGEST.value}" selected>' in line[: line.index("</tr>")]
        assert browser.user.email in page


class TestApi:
    def test_list_filter_page_and_read(self, browser: UserClient) -> None:
        for _number in range(3):
            tell(browser.user)
        first = browser.get("/api/v1/notifications/?page_size=2").json()
        assert len(first["results"]) == 2 and first["next"]
        second = browser.get(f"/api/v1/notifications/?page_size=2&before={first['next']}").json()
        assert len(second["results"]) == 1 and second["next"] is None
        uid = first["results"][0]["uid"]
        assert browser.post(f"/api/v1/notifications/{uid}/read/").status_code == 204
        assert len(browser.get("/api/v1/notifications/?unread=1").json()["results"]) == 2
        assert browser.post("/api/v1/notifications/read-all/").json() == {"read": 2}
        assert browser.get("/api/v1/notifications/?event=mention").json()["results"] == []

    @pytest.mark.parametrize("query", ["before=x", "page_size=-1", "before=99999999999999999999999", "page_size=²"])
    def test_what_cannot_be_used_is_named(self, browser: UserClient, query: str) -> None:
        answer = browser.get(f"/api/v1/notifications/?{query}")
        assert answer.status_code == 400 and answer.headers["Content-Type"].startswith("application/problem+json")

    def test_others_and_strangers(self, browser: UserClient) -> None:
        (row,) = tell(reader())
        assert browser.post(f"/api/v1/notifications/{row.uid}/read/").status_code == 404
        assert Client().get("/api/v1/notifications/").status_code in {401, 403}

    def test_a_token_reads_and_a_reading_token_does_not_write(self, browser: UserClient) -> None:
        from pmo.core.audit.actor import actor_of

        tell(browser.user)
        _row, token = create_token(actor=actor_of(browser.user), name="t", scope="read", days=1)
        headers = {"Authorization": f"Bearer {token}"}
        assert len(Client().get("/api/v1/notifications/", headers=headers).json()["results"]) == 1
        assert Client().post("/api/v1/notifications/read-all/", headers=headers).status_code == 403
        assert unread(browser.user).count() == 1
