"""Webhooks: signed, repeated, switched off, and never into our own network."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import translation

from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor, actor_of
from pmo.core.audit.models import AuditEntry, AuditPayload
from pmo.core.messages.models import MOST_ATTEMPTS, ChatGroup, MessageDelivery, Notification, Webhook
from pmo.core.messages.queries import shown_rows
from pmo.core.messages.sealing import CannotOpen, open_sealed, seal
from pmo.core.messages.services import webhooks
from pmo.core.messages.services.delivering import deliver_lane
from pmo.core.messages.signing import is_genuine, signature
from tests import factories
from tests.conftest import UserClient
from tests.messages.conftest import now_due, reader, tell
from tests.messages.servers import Seen, http_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(db: None) -> Actor:
    return actor_of(factories.user(Role.PMO_ADMIN))


@pytest.fixture
def receiver(settings: Any) -> Iterator[tuple[str, Seen]]:
    """A server on loopback that the settings let through."""
    with http_server() as (port, seen):
        settings.OUTBOUND_ALLOW, settings.OUTBOUND_PORTS = ["127.0.0.0/8"], [port]
        yield f"http://127.0.0.1:{port}/hook", seen


def made(keeper: Actor, url: str, events: list[str] | None = None) -> tuple[Webhook, str]:
    return webhooks.create_webhook(actor=keeper, name="Receiver", url=url, events=events or [])


class TestContent:
    def test_signed_json_in_both_languages(self, keeper: Actor, receiver: tuple[str, Seen]) -> None:
        url, seen = receiver
        hook, secret = made(keeper, url)
        project = factories.project(name_zh="城轨", name_en="Metro")
        tell(reader(), project=project)
        assert deliver_lane("web") == 1
        (got,) = seen.requests
        body, headers = json.loads(got["body"]), got["headers"]
        assert body["event"] == headers["Bellwether-Event"] == "report.due"
        assert body["id"] == headers["Bellwether-Delivery"] == str(MessageDelivery.objects.get(webhook=hook).uid)
        assert body["params"] == {
            "project": {"zh-hans": "城轨", "en": "Metro"},
            "period": "2026-11",
            "due": "2026-11-27",
        }
        assert "Metro" in body["text"]["en"] and "城轨" in body["text"]["zh-hans"]
        assert body["about"] == {"model": "projects.project", "id": project.pk}
        assert body["url"] == "http://localhost:8000/r/projects/"
        now = int(time.time())
        assert is_genuine(secret, got["body"], headers["Bellwether-Signature"], now=now)
        assert not is_genuine(secret, got["body"] + b" ", headers["Bellwether-Signature"], now=now)
        assert not is_genuine("bws_other", got["body"], headers["Bellwether-Signature"], now=now)
        assert not is_genuine(secret, got["body"], headers["Bellwether-Signature"], now=now + 301)

    def test_a_signature_known_from_elsewhere(self) -> None:
        """Computed with `printf '1795312800.{}' | openssl dgst -sha256 -hmac bws_secret`."""
        header = signature("bws_secret", b"{}", 1795312800)
        assert header == "t=1795312800,v1=cb2c33d4291982675a7c19354994287184f303ed00ec09e26df320fd3724cad0"
        for broken in ("", "v1=abc", "t=x,v1=y", "t=1795312800"):
            assert not is_genuine("bws_secret", b"{}", broken, now=1795312800)

    def test_only_the_chosen_events_and_once_for_all_recipients(
        self, keeper: Actor, receiver: tuple[str, Seen]
    ) -> None:
        made(keeper, receiver[0], ["report.late"])
        hook, _secret = made(keeper, receiver[0], ["report.due"])
        tell(reader(), reader(), reader(), key="k")
        tell(reader(), key="k")
        assert [row.webhook for row in MessageDelivery.objects.filter(channel="webhook")] == [hook]

    def test_what_is_between_persons_stays_inside(self, keeper: Actor) -> None:
        from pmo.core.messages.services import notify

        made(keeper, "https://hooks.example.org/")
        notify(event="mention", recipients=[reader()], params={"person": "A", "subject": "B"})
        assert not MessageDelivery.objects.filter(channel="webhook").exists()


class TestRefusal:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://0.0.0.0/",
            "http://[::ffff:127.0.0.1]/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "https://10.0.0.1/",
            "ftp://example.org/",
            "https://example.org:8443/",
        ],
    )
    def test_addresses_inside_are_not_even_kept(self, keeper: Actor, url: str) -> None:
        with pytest.raises(ValidationError) as refused:
            made(keeper, url)
        assert "url" in refused.value.message_dict
        assert not Webhook.objects.exists() and not AuditEntry.objects.exists()

    @pytest.mark.usefixtures("english")
    def test_a_name_that_leads_inside_is_given_up_without_contact(
        self, keeper: Actor, receiver: tuple[str, Seen], settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from pmo.core.messages import safe_http

        settings.OUTBOUND_ALLOW, settings.OUTBOUND_PORTS = [], [80, 443]
        made(keeper, "http://rebound.example.org/")
        monkeypatch.setattr(safe_http, "resolve", lambda _host, _port: ["127.0.0.1"])
        tell(reader())
        assert deliver_lane("web") == 0
        row = MessageDelivery.objects.get(channel="webhook")
        assert row.state == "dead" and "internal network" in row.error
        assert receiver[1].requests == []

    def test_a_redirect_is_a_failure(self, keeper: Actor, receiver: tuple[str, Seen]) -> None:
        url, seen = receiver
        made(keeper, url)
        seen.answer = lambda: (307, {"Location": url + "/inside"}, b"")
        tell(reader())
        deliver_lane("web")
        row = MessageDelivery.objects.get(channel="webhook")
        assert (row.state, row.status_code, row.error) == ("waiting", 307, "307 redirects are not followed")
        assert len(seen.requests) == 1


class TestFailures:
    def test_repeated_with_the_same_id_and_body_until_it_works(self, keeper: Actor, receiver: tuple[str, Seen]) -> None:
        url, seen = receiver
        hook, secret = made(keeper, url)
        answers = iter([(500, {}, b"later"), (503, {}, b""), (200, {}, b"")])
        seen.answer = lambda: next(answers)
        tell(reader())
        for _round in range(3):
            deliver_lane("web")
            now_due()
        assert len({one["headers"]["Bellwether-Delivery"] for one in seen.requests}) == 1
        assert len({one["body"] for one in seen.requests}) == 1 and len(seen.requests) == 3
        row = MessageDelivery.objects.get(channel="webhook")
        assert (row.state, row.attempts, row.status_code) == ("sent", 3, 200)
        hook.refresh_from_db()
        assert hook.failures == 0

    def test_one_failure_lets_all_its_deliveries_wait_and_others_pass(
        self, keeper: Actor, receiver: tuple[str, Seen]
    ) -> None:
        url, seen = receiver
        made(keeper, url + "/bad", ["report.due"])
        made(keeper, url + "/good", ["report.due"])
        who = reader()
        for _number in range(3):
            tell(who)
        good = [row.pk for row in MessageDelivery.objects.filter(webhook__url__endswith="good")]
        seen.answer = lambda: (200 if seen.requests[-1]["path"].endswith("good") else 500, {}, b"")
        deliver_lane("web")
        paths = [one["path"].rpartition("/")[2] for one in seen.requests]
        assert paths.count("bad") == 1 and paths.count("good") == 3 == len(good)

    def test_too_many_switch_it_off_and_the_keepers_are_told(
        self, keeper: Actor, receiver: tuple[str, Seen], settings: Any
    ) -> None:
        settings.WEBHOOK_MAX_FAILURES = 3
        url, seen = receiver
        hook, _secret = made(keeper, url)
        seen.answer = lambda: (500, {}, b"")
        tell(reader())
        for _round in range(5):
            deliver_lane("web")
            now_due()
        hook.refresh_from_db()
        assert (hook.active, hook.failures, len(seen.requests)) == (False, 3, 3)
        told = Notification.objects.get(event="channel.disabled")
        assert told.user == keeper.user and (told.params["name"], told.params["count"]) == ("Receiver", 3)
        assert sentence(told) == "Receiver was switched off: 3 failures in a row"
        assert AuditEntry.objects.filter(action="switch off", model="core.webhook", actor=None).exists()
        assert MessageDelivery.objects.get(webhook=hook).state == "dropped"
        tell(reader())
        assert MessageDelivery.objects.filter(webhook=hook).count() == 1
        assert webhooks.switch(actor=keeper, row=hook, active=True)
        hook.refresh_from_db()
        assert (hook.active, hook.failures) == (True, 0)

    def test_gone_means_never_again(self, keeper: Actor, receiver: tuple[str, Seen]) -> None:
        url, seen = receiver
        hook, _secret = made(keeper, url)
        seen.answer = lambda: (410, {}, b"")
        tell(reader())
        deliver_lane("web")
        hook.refresh_from_db()
        assert not hook.active and MessageDelivery.objects.get(webhook=hook).state == "dead"
        assert "no longer in use (410)" in sentence(Notification.objects.get(event="channel.disabled"))

    def test_attempts_end(self, keeper: Actor, receiver: tuple[str, Seen], settings: Any) -> None:
        settings.WEBHOOK_MAX_FAILURES = 1000
        url, seen = receiver
        made(keeper, url)
        seen.answer = lambda: (500, {}, b"")
        tell(reader())
        for _round in range(MOST_ATTEMPTS + 3):
            deliver_lane("web")
            now_due()
        assert len(seen.requests) == MOST_ATTEMPTS
        assert MessageDelivery.objects.get(channel="webhook").state == "dead"


class TestKeeping:
    def test_the_secret_is_sealed_shown_once_and_in_no_audit_row(self, pmo_admin: UserClient) -> None:
        page = pmo_admin.post("/webhooks/new/", {"name": "R", "url": "https://hooks.example.org/x"})
        assert page.status_code == 201 and "no-store" in page.headers["Cache-Control"]
        hook = Webhook.objects.get()
        secret = open_sealed(hook.secret)
        assert secret in page.text and secret not in hook.secret
        assert secret not in pmo_admin.get(f"/webhooks/{hook.pk}/").text
        again = pmo_admin.post(f"/webhooks/{hook.pk}/secret").text
        hook.refresh_from_db()
        assert open_sealed(hook.secret) != secret and open_sealed(hook.secret) in again
        kept = json.dumps(list(AuditPayload.objects.values_list("changes", flat=True)))
        assert "bws_" not in kept and hook.secret[:20] not in kept

    def test_pages_change_test_and_delete(self, pmo_admin: UserClient, receiver: tuple[str, Seen]) -> None:
        url, seen = receiver
        pmo_admin.post("/webhooks/new/", {"name": "R", "url": url, "events": ["report.due"]})
        hook = Webhook.objects.get()
        assert pmo_admin.post(f"/webhooks/{hook.pk}/test").status_code == 302
        deliver_lane("web")
        assert json.loads(seen.requests[0]["body"])["event"] == "test"
        page = pmo_admin.get(f"/webhooks/{hook.pk}/").text
        assert "Delivered" in page and "200" in page
        delivery = MessageDelivery.objects.get()
        pmo_admin.post(f"/deliveries/{delivery.pk}/redeliver")
        deliver_lane("web")
        first, second = (json.loads(one["body"]) for one in seen.requests)
        assert first.pop("id") != second.pop("id") and first == second
        pmo_admin.post(f"/webhooks/{hook.pk}/", {"name": "New", "url": url, "events": []})
        hook.refresh_from_db()
        assert (hook.name, hook.events, hook.version) == ("New", [], 2)
        pmo_admin.post(f"/webhooks/{hook.pk}/off")
        hook.refresh_from_db()
        assert not hook.active
        pmo_admin.post(f"/webhooks/{hook.pk}/delete")
        assert not Webhook.objects.exists() and not MessageDelivery.objects.exists()
        acts = list(AuditEntry.objects.filter(model="core.webhook").order_by("pk").values_list("action", flat=True))
        assert acts == ["create", "test", "redeliver", "update", "switch off", "delete"]

    def test_a_wrong_address_is_told_at_its_field(self, pmo_admin: UserClient) -> None:
        page = pmo_admin.post("/webhooks/new/", {"name": "R", "url": "http://127.0.0.1/"})
        assert page.status_code == 422 and "internal network" in page.text
        assert not Webhook.objects.exists()

    @pytest.mark.parametrize("path", ["/webhooks/", "/webhooks/new/", "/chat-groups/new/"])
    def test_nobody_else(self, pmo_analyst: UserClient, executive: UserClient, path: str) -> None:
        assert pmo_analyst.get(path).status_code == 403
        assert executive.get(path).status_code == 403


class TestSealing:
    def test_opens_what_it_sealed_and_nothing_else(self) -> None:
        for text in ("", "a longer one", "bws_" + "é" * 500):
            sealed = seal(text)
            assert open_sealed(sealed) == text
            assert not text or text not in sealed.partition(".")[2]
        assert seal("same") != seal("same")
        sealed = seal("a secret")
        for at in range(0, len(sealed) - 2, 7):
            flipped = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
            with pytest.raises(CannotOpen):
                open_sealed(flipped)
        for broken in (sealed[:-5], "", "v1.", f"v1.{'QUJD' * 30}", "x" + sealed, "nonsense", "密钥", "\x00", "="):
            with pytest.raises(CannotOpen):
                open_sealed(broken)

    def test_a_text_sealed_elsewhere_under_the_same_secret_key(self, settings: Any) -> None:
        """Fernet with the key HKDF-SHA256 derives, made here step by step (RFC 5869), so that no version changes it unseen."""
        import base64
        import hashlib
        import hmac

        from cryptography.fernet import Fernet

        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-key-of-this-installation", []
        prk = hmac.new(bytes(32), b"a-key-of-this-installation", hashlib.sha256).digest()
        okm = hmac.new(prk, b"bellwether.messages.sealing\x01", hashlib.sha256).digest()
        assert open_sealed(Fernet(base64.urlsafe_b64encode(okm)).encrypt("密钥".encode()).decode()) == "密钥"

    def test_earlier_keys_still_open(self, settings: Any) -> None:
        sealed = seal("a secret")
        old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-of-some-length"
        with pytest.raises(CannotOpen):
            open_sealed(sealed)
        settings.SECRET_KEY_FALLBACKS = [old]
        assert open_sealed(sealed) == "a secret"

    def test_sealed_again_the_earlier_key_can_go(self, keeper: Actor, settings: Any) -> None:
        hook, secret = made(keeper, "https://hooks.example.org/")
        lost, _secret = made(keeper, "https://hooks.example.org/")
        Webhook.objects.filter(pk=lost.pk).update(secret="v1.nonsense", name="Lost")
        before = lost.secret
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-key-of-some-length"
        said = io.StringIO()
        call_command("reseal_secrets", stdout=said)
        assert said.getvalue() == "1 sealed again.\nCannot be read, enter it again: Lost\n"
        settings.SECRET_KEY_FALLBACKS = []
        hook.refresh_from_db()
        lost.refresh_from_db()
        assert open_sealed(hook.secret) == secret
        assert lost.secret == "v1.nonsense" != before
        assert AuditEntry.objects.get(action="reseal").object_id == hook.pk


@pytest.mark.usefixtures("english")
class TestUnreadable:
    """SECRET_KEY was lost: nothing breaks, and the pages say what to do."""

    @pytest.mark.parametrize("sealed", ["", "v1.QUJDREVG", "gAAAAA", "\u5bc6"])
    def test_a_webhook_asks_for_a_new_secret(
        self, pmo_admin: UserClient, receiver: tuple[str, Seen], sealed: str
    ) -> None:
        url, seen = receiver
        pmo_admin.post("/webhooks/new/", {"name": "R", "url": url})
        hook = Webhook.objects.get()
        Webhook.objects.update(secret=sealed)
        assert "enter the secret again" in pmo_admin.get("/webhooks/").text
        assert "Make a new secret below" in pmo_admin.get(f"/webhooks/{hook.pk}/").text
        assert pmo_admin.post(f"/webhooks/{hook.pk}/test").status_code == 302
        tell(reader())
        assert deliver_lane("web") == 0
        hook.refresh_from_db()
        states = dict(MessageDelivery.objects.filter(webhook=hook).values_list("event", "state"))
        assert (hook.active, states) == (False, {"test": "dead", "report.due": "dropped"})
        told = Notification.objects.get(event="channel.disabled")
        assert sentence(told) == "R was switched off: its secret can no longer be read, enter it again"
        page = pmo_admin.get(f"/webhooks/{hook.pk}/").text
        assert "The secret can no longer be read" in page
        assert pmo_admin.post(f"/webhooks/{hook.pk}/secret").status_code == 200
        pmo_admin.post(f"/webhooks/{hook.pk}/on")
        assert "enter the secret again" not in pmo_admin.get("/webhooks/").text
        lost = MessageDelivery.objects.get(event="report.due", webhook=hook)
        pmo_admin.post(f"/deliveries/{lost.pk}/redeliver")
        assert deliver_lane("web") == 1 and len(seen.requests) == 1

    def test_a_chat_group_asks_for_its_address(self, pmo_admin: UserClient) -> None:
        address = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
        form = {"name": "G", "kind": "slack", "language": "en", "address": address, "scope": ""}
        pmo_admin.post("/chat-groups/new/", form)
        row = ChatGroup.objects.get()
        ChatGroup.objects.update(address="v1.QUJDREVG")
        assert "enter the secret again" in pmo_admin.get("/webhooks/").text
        assert "Enter the address again below" in pmo_admin.get(f"/chat-groups/{row.pk}/").text
        tell(reader())
        assert deliver_lane("web") == 0
        row.refresh_from_db()
        assert not row.active and MessageDelivery.objects.get(chat=row).state == "dead"
        assert pmo_admin.post(f"/chat-groups/{row.pk}/", form).status_code == 302
        assert "Enter the address again" not in pmo_admin.get(f"/chat-groups/{row.pk}/").text


def sentence(row: Notification) -> str:
    """What its reader reads in English."""
    with translation.override("en"):
        (shown,) = shown_rows(row.user, [row])
    return shown.text
