"""Feature switches: what each one ends while it is off, who may turn it, and that asking costs no statement."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.core.access.decisions import Refused
from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.features import api, declaration
from pmo.core.features.models import FeatureSwitch
from pmo.core.features.services import switch_feature
from pmo.core.messages.api import notify
from pmo.core.messages.channels.outcome import End
from pmo.core.messages.channels.web import WebSender
from pmo.core.messages.models import ChatGroup, MessageDelivery, Webhook
from pmo.core.messages.sealing import seal
from pmo.core.messages.services.feeds import create_feed
from pmo.core.registers.declaration import get_register
from pmo.core.registers.saved_views.models import SavedView
from pmo.core.registers.saved_views.services import save_view
from pmo.core.registers.tokens import create_token
from pmo.core.report_builder.models import BuiltReport, ReportReader
from pmo.core.report_builder.services import send_reports, subscribe
from tests import factories
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db


def off(key: str) -> None:
    switch_feature(actor=SYSTEM, key=key, on=False)


def test_everything_is_on_until_it_is_switched_off_and_every_turn_is_in_the_audit_trail() -> None:
    admin = factories.user(Role.PMO_ADMIN)
    assert all(api.is_on(feature.key) for feature in declaration.all_features())
    switch_feature(actor=actor_of(admin), key="webhooks", on=False, reason="Not wanted here")
    assert not api.is_on("webhooks")
    assert api.is_on("chat_groups")
    switch_feature(actor=actor_of(admin), key="webhooks", on=True, reason="Wanted again")
    assert api.is_on("webhooks")
    told = AuditEntry.objects.filter(model="core.featureswitch").order_by("id")
    assert list(told.values_list("action", "reason")) == [("create", "Not wanted here"), ("update", "Wanted again")]
    assert FeatureSwitch.objects.get().on


def test_nobody_turns_what_is_not_declared_or_without_the_right() -> None:
    with pytest.raises(declaration.UnknownFeature):
        off("nonsense")
    with pytest.raises(declaration.UnknownFeature):
        api.is_on("nonsense")
    with pytest.raises(Refused):
        switch_feature(actor=actor_of(factories.user(Role.AUDITOR)), key="webhooks", on=False)
    assert not FeatureSwitch.objects.exists()


def test_a_page_of_a_signed_in_user_asks_no_statement_more(pmo_admin: UserClient) -> None:
    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert pmo_admin.get(reverse("register-list", kwargs={"key": "currencies"})).status_code == 200
        return [query["sql"] for query in captured]

    pmo_admin.get(reverse("directory"))
    found = statements()
    assert sum("core_featurestate" in sql for sql in found) == 1
    assert "core_user" in next(sql for sql in found if "core_featurestate" in sql)
    off("exports")
    assert len(statements()) == len(found)


def test_calendar_feeds(client: Client) -> None:
    who = factories.user(Role.PROJECT_MANAGER)
    _row, token = create_feed(actor=actor_of(who), name="Phone", language="en", kinds=["milestones"])
    address = reverse("calendar-feed", args=[token])
    assert client.get(address).status_code == 200
    off("calendar_feeds")
    assert client.get(address).status_code == 404
    client.force_login(who)
    client.cookies["bw_language"] = "en"
    page = client.get(reverse("calendar-feeds")).content.decode()
    assert "switched off by the administration" in page
    assert "Create calendar" not in page
    assert (
        client.post(reverse("calendar-feeds"), {"name": "B", "language": "en", "kinds": "milestones"}).status_code
        == 403
    )
    assert reverse("calendar-feeds") not in client.get(reverse("message-settings")).content.decode()
    switch_feature(actor=SYSTEM, key="calendar_feeds", on=True)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("key", "channel", "other"), [("webhooks", "webhook", "chat"), ("chat_groups", "chat", "webhook")]
)
def test_webhooks_and_chat_groups(key: str, channel: str, other: str) -> None:
    hook = Webhook.objects.create(name="Hook", url="https://hooks.example.org/", secret=seal("s"))
    chat = ChatGroup.objects.create(name="Group", kind="slack", address=seal("{}"), hint="abcd")
    waiting = MessageDelivery.objects.create(
        channel=channel, once="o", event="mention", next_at=timezone.now(), created_at=timezone.now(),
        webhook=hook if channel == "webhook" else None, chat=chat if channel == "chat" else None,
    )  # fmt: skip
    off(key)
    params = {"projects": "Harbour"}
    notify(event="colour.changed", recipients=[], params=params, key="k")
    told = MessageDelivery.objects.exclude(pk=waiting.pk).values_list("channel", flat=True)
    assert list(told) == [other]
    assert WebSender().send(waiting).end is End.DROPPED


def test_api_tokens(client: Client) -> None:
    who = factories.user(Role.PMO_ADMIN)
    _row, token = create_token(actor=actor_of(who), name="Script", scope="read", days=5)
    headers = {"Authorization": f"Bearer {token}"}
    url = reverse("api-notifications")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, headers=headers).status_code == 200
    assert sum("core_featurestate" in query["sql"] for query in captured) == 1
    off("api_tokens")
    answer = client.get(url, headers=headers)
    assert answer.status_code == 403
    with pytest.raises(Refused):
        create_token(actor=actor_of(who), name="Another", scope="read", days=5)
    client.force_login(who)
    client.cookies["bw_language"] = "en"
    page = client.get(reverse("token-list")).content.decode()
    assert "switched off by the administration" in page
    assert "Script" in page
    assert f'href="{reverse("token-list")}"' not in client.get(reverse("directory")).content.decode()


def test_exports(pmo_admin: UserClient) -> None:
    list_url = reverse("register-list", kwargs={"key": "currencies"})
    csv = reverse("register-export", kwargs={"key": "currencies", "kind": "csv"})
    assert csv in pmo_admin.get(list_url).content.decode()
    assert pmo_admin.get(csv).status_code == 200
    off("exports")
    assert csv not in pmo_admin.get(list_url).content.decode()
    assert pmo_admin.get(csv).status_code == 403
    job = reverse("register-export-job", kwargs={"key": "currencies", "kind": "xlsx"})
    assert pmo_admin.post(job).status_code == 403


def test_views_for_everybody() -> None:
    admin, register = actor_of(factories.user(Role.PMO_ADMIN)), get_register("currencies")
    public = SavedView.Sharing.PUBLIC
    shown = save_view(actor=admin, register=register, name="A", query="", sharing=public)
    off("public_views")
    with pytest.raises(Refused):
        save_view(actor=admin, register=register, name="B", query="", sharing=public)
    assert SavedView.objects.get().pk == shown.pk
    save_view(actor=admin, register=register, name="C", query="")


def test_reports_by_mail() -> None:
    who = factories.user(Role.PMO_ADMIN)
    report = BuiltReport.objects.create(name="R", owner=who, query="_of=currencies&_by=code", schedule="monthly")
    ReportReader.objects.create(report=report, user=who)
    first = timezone.now().date().replace(day=1)
    off("report_mail")
    assert send_reports(first) == 0
    with pytest.raises(Refused):
        subscribe(actor=actor_of(who), report=report, on=True)
    switch_feature(actor=SYSTEM, key="report_mail", on=True)
    assert send_reports(first) == 1
