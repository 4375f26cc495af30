"""Telling people: who, in which words, once."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.messages.events import UnknownEvent
from pmo.core.messages.models import MessageChoice, MessageDelivery, MessageHours, Notification
from pmo.core.messages.packing import pack, unpack, unpack_all
from pmo.core.messages.services import notify
from tests import factories

pytestmark = pytest.mark.django_db

DUE: dict[str, Any] = {"period": "2026-11", "due": datetime.date(2026, 11, 27)}


def tell(*recipients: Any, **values: Any) -> list[Notification]:
    project = values.pop("project", None) or factories.project(name_zh="城轨", name_en="Metro")
    return notify(
        **{
            "event": "report.due",
            "recipients": recipients,
            "params": {"project": project, **DUE},
            "url": "/r/projects/",
            "about": project,
            **values,
        }
    )


def reader(**values: Any) -> Any:
    return factories.user(email=f"{factories.number()}@example.org", **values)


class TestWho:
    def test_users_and_people_each_once(self) -> None:
        first, second = reader(), reader()
        assert [row.user for row in tell(first, second.person, first.person, second)] == [first, second]

    def test_nobody_without_a_living_login(self) -> None:
        gone = reader(is_active=False)
        assert tell(gone, factories.person()) == []

    def test_not_the_one_who_did_it(self) -> None:
        first, second = reader(), reader()
        assert [row.user for row in tell(first, second, actor=actor_of(first))] == [second]

    def test_a_key_tells_once_and_without_a_key_again(self) -> None:
        first, second = reader(), reader()
        assert len(tell(first, key="p1")) == 1
        assert [row.user for row in tell(first, second, key="p1")] == [second]
        assert MessageDelivery.objects.filter(channel="email").count() == 2
        tell(first), tell(first)
        assert Notification.objects.filter(user=first).count() == 3

    def test_a_key_of_any_length(self) -> None:
        who = reader()
        assert len(tell(who, key="x" * 500)) == 1
        assert tell(who, key="x" * 500) == []


class TestWords:
    def test_in_the_readers_language(self) -> None:
        (row,) = tell(reader())
        row.refresh_from_db()
        from pmo.core.messages.events import event_kind

        with translation.override("en"):
            text = str(event_kind(row.event).sentence) % unpack_all(row.params)
        assert text == "The status report of “Metro” for 2026-11 is due on 2026-11-27"
        with translation.override("zh-hans"):
            assert unpack(row.params["project"]) == "城轨"

    def test_moments_in_the_zone_that_is_on(self) -> None:
        import zoneinfo

        from django.utils import timezone

        packed = pack(datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC))
        with timezone.override(zoneinfo.ZoneInfo("Asia/Shanghai")):
            assert unpack(packed) == "2026-11-23 07:30"
        with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")):
            assert unpack(packed) == "2026-11-23 00:30"

    def test_lists_and_lazy_words(self) -> None:
        packed = pack([_("Status reports"), "b"])
        with translation.override("en"):
            assert unpack(packed) == "Status reports, b"

    def test_what_cannot_be_kept_is_refused(self) -> None:
        with pytest.raises(TypeError, match="object cannot be"):
            pack(object())

    def test_errors_of_the_caller_are_told_at_once(self) -> None:
        who = reader()
        with pytest.raises(UnknownEvent):
            notify(event="no.such", recipients=[who])
        with pytest.raises(ValueError, match="needs the parameter 'period'"):
            notify(event="report.due", recipients=[who], params={"project": "x", "due": "y"})
        for url in ("https://example.org/", "//example.org", "r/projects/"):
            with pytest.raises(ValueError, match="not a path"):
                tell(who, url=url)
        assert not Notification.objects.exists()


class TestHow:
    def test_at_once_in_the_digest_or_not_at_all(self) -> None:
        now, digest, off = reader(), reader(), reader()
        for user, mode in ((digest, "digest"), (off, "off")):
            MessageChoice.objects.create(user=user, event="report.due", channel="email", mode=mode)
        rows = {row.user: row for row in tell(now, digest, off)}
        assert [row.user for row in MessageDelivery.objects.all()] == [now]
        assert {user for user, row in rows.items() if row.for_digest} == {digest}

    def test_switched_off_everywhere_writes_nothing(self) -> None:
        who = reader()
        for channel in ("centre", "email"):
            MessageChoice.objects.create(user=who, event="report.due", channel=channel, mode="off")
        assert tell(who) == []

    def test_switched_off_in_the_centre_still_mails(self) -> None:
        who = reader()
        MessageChoice.objects.create(user=who, event="report.due", channel="centre", mode="off")
        (row,) = tell(who)
        assert row.hidden and MessageDelivery.objects.get().notification == row

    def test_without_an_address_the_centre_alone(self) -> None:
        (row,) = tell(factories.user())
        assert not row.for_digest and not MessageDelivery.objects.exists()

    def test_the_address_of_the_person_where_the_login_has_none(self) -> None:
        who = factories.user()
        type(who.person).objects.filter(pk=who.person.pk).update(email="work@example.org")
        tell(who)
        assert MessageDelivery.objects.get().user == who

    def test_a_role_has_its_own_default(self) -> None:
        plain, executive = reader(), reader(role=Role.EXECUTIVE)
        params = {"project": "P", "decision": "D", "outcome": "O"}
        rows = {
            row.user: row.for_digest
            for row in notify(event="decision.taken", recipients=[plain, executive], params=params)
        }
        assert rows == {plain: False, executive: True}

    def test_quiet_hours_put_the_mail_off(self) -> None:
        factories.organisation()
        who = reader(time_zone="Asia/Shanghai")
        MessageHours.objects.create(user=who, quiet_from=datetime.time(22), quiet_to=datetime.time(7))
        import time_machine

        with time_machine.travel(datetime.datetime(2026, 11, 22, 15, 0, tzinfo=datetime.UTC), tick=False):
            tell(who)
        assert MessageDelivery.objects.get().next_at == datetime.datetime(2026, 11, 22, 23, 0, tzinfo=datetime.UTC)


def test_the_same_statements_for_three_and_for_forty(django_assert_max_num_queries: Any) -> None:
    project = factories.project()
    few, many = [reader() for _n in range(3)], [reader() for _n in range(40)]
    with django_assert_max_num_queries(25) as first:
        tell(*few, project=project)
    with django_assert_max_num_queries(len(first.captured_queries)):
        tell(*many, project=project)


def test_nothing_is_told_when_the_caller_s_transaction_fails() -> None:
    from django.db import transaction

    who = reader()
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(who)
        raise RuntimeError
    assert not Notification.objects.exists() and not MessageDelivery.objects.exists()
