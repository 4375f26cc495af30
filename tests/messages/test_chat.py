"""Chat groups through Apprise: only these robots, only to their hosts, refusals inside a 200 seen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor, actor_of
from pmo.core.audit.models import AuditPayload
from pmo.core.messages import safe_http
from pmo.core.messages.channels import door, robots
from pmo.core.messages.models import ChatGroup, MessageDelivery
from pmo.core.messages.safe_http import Answer, NoAnswer, UnsafeAddress
from pmo.core.messages.services.chats import save_chat_group
from pmo.core.messages.services.delivering import deliver_lane
from tests import factories
from tests.conftest import UserClient
from tests.messages.conftest import reader, tell

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec33e42541af5f41a0c0",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/b1c2d3e4-f5a6-47b8-99c0-d1e2f3a4b5c6",
    "teams": "https://prod-12.westeurope.logic.azure.com:443/workflows/643e69f83c8944/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=KODuebWbDGYFr0z0eu",
    "slack": "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
}
FINE = {
    "wecom": b'{"errcode":0,"errmsg":"ok"}',
    "dingtalk": b'{"errcode":0,"errmsg":"ok"}',
    "feishu": b'{"code":0,"data":{},"msg":"success"}',
    "teams": b"",
    "slack": b"ok",
}


class Wire:
    """Stands in for the network behind the guard: keeps requests, gives answers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, bytes]] = []
        self.answer: Any = Answer(200, b"{}", {})

    def request(self, method: str, url: str, *, body: bytes = b"", **_options: Any) -> Answer:
        safe_http.check_url(url)
        self.sent.append((method, url, body))
        if isinstance(self.answer, Exception):
            raise self.answer
        found: Answer = self.answer
        return found


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    made = Wire()
    monkeypatch.setattr(door.safe_http, "request", made.request)
    return made


@pytest.fixture
def keeper(db: None) -> Actor:
    return actor_of(factories.user(Role.PMO_ADMIN))


def group(keeper: Actor, kind: str, **values: Any) -> ChatGroup:
    given = {"name": kind, "kind": kind, "language": "zh-hans", "events": [], "address": ADDRESSES[kind]}
    return save_chat_group(actor=keeper, row=ChatGroup(), **{**given, **values})


class TestSaying:
    @pytest.mark.parametrize("kind", list(ADDRESSES))
    def test_each_tool_at_its_own_address_in_the_language_of_the_group(
        self, keeper: Actor, wire: Wire, kind: str
    ) -> None:
        group(keeper, kind)
        wire.answer = Answer(202 if kind == "teams" else 200, FINE[kind], {})
        tell(reader())
        assert deliver_lane("web") == 1, MessageDelivery.objects.get(channel="chat").error
        ((method, url, body),) = wire.sent
        text = json.dumps(json.loads(body), ensure_ascii=False)
        assert method == "POST" and "城轨" in text and "Metro" not in text and "/r/projects/" in text
        assert url.split("/")[2].split(":")[0] == ADDRESSES[kind].split("/")[2].split(":")[0]
        assert url.startswith("https://")

    def test_dingtalk_signs_where_it_is_asked_to(self, keeper: Actor, wire: Wire) -> None:
        group(keeper, "dingtalk", secret="SEC0123456789")
        wire.answer = Answer(200, FINE["dingtalk"], {})
        tell(reader())
        deliver_lane("web")
        assert "timestamp=" in wire.sent[0][1] and "sign=" in wire.sent[0][1]

    @pytest.mark.parametrize(
        "answer",
        [
            Answer(200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', {}),
            Answer(500, b"oops", {}),
            Answer(302, b"", {"location": "https://qyapi.weixin.qq.com/"}),
            NoAnswer("silent"),
        ],
    )
    def test_refusals_are_failures_also_inside_a_200(self, keeper: Actor, wire: Wire, answer: Any) -> None:
        row = group(keeper, "wecom")
        wire.answer = answer
        tell(reader())
        assert deliver_lane("web") == 0
        assert MessageDelivery.objects.get(channel="chat").state == "waiting"
        row.refresh_from_db()
        assert row.failures == 1 and len(wire.sent) == 1


class TestAddresses:
    @pytest.mark.parametrize("kind", list(ADDRESSES))
    @pytest.mark.parametrize(
        "address",
        [
            "json://localhost/",
            "jsons://example.org/",
            "xml://127.0.0.1/",
            "form://127.0.0.1/",
            "file:///etc/passwd",
            "mailto://user:pass@example.org",
            "syslog://",
            "https://127.0.0.1/cgi-bin/webhook/send?key=a",
            "https://evil.example.org/workflows/x",
            "https://hooks.slack.com.evil.example.org/services/T/B/C",
            "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc",
            "wecombot://key@127.0.0.1/",
            "",
        ],
    )
    def test_nothing_else_becomes_a_robot(self, keeper: Actor, kind: str, address: str) -> None:
        with pytest.raises(ValidationError):
            group(keeper, kind, address=address)
        assert not ChatGroup.objects.exists()

    def test_a_teams_address_elsewhere_is_refused(self, keeper: Actor) -> None:
        with pytest.raises(ValidationError):
            group(keeper, "teams", address=ADDRESSES["teams"].replace("prod-12.westeurope.logic.azure.com", "10.0.0.1"))

    def test_the_door_lets_out_to_the_named_hosts_only(self, wire: Wire) -> None:
        import requests

        for url in ("https://evil.example.org/", "https://127.0.0.1/", "http://hooks.slack.com/"):
            with door.through_door("hooks.slack.com", ".powerplatform.com") as exchange:
                with pytest.raises(requests.RequestException):
                    door.DOOR.post(url, data="x")
                assert isinstance(exchange.refused, UnsafeAddress)
        with pytest.raises(requests.RequestException, match="outside"):
            door.DOOR.post("https://hooks.slack.com/")
        assert wire.sent == []
        with door.through_door(".powerplatform.com"):
            assert door.DOOR.post("https://x.api.powerplatform.com/", data="x").status_code == 200

    def test_every_plugin_has_the_door(self) -> None:
        for module in (robots.dingtalk, robots.feishu, robots.slack, robots.wecombot, robots.workflows):
            assert module.requests is door.DOOR

    def test_the_address_is_sealed_and_shown_by_its_end_only(self, pmo_admin: UserClient) -> None:
        form = {"name": "G", "kind": "slack", "language": "en", "address": ADDRESSES["slack"], "scope": ""}
        assert pmo_admin.post("/chat-groups/new/", form).status_code == 302
        row = ChatGroup.objects.get()
        page = pmo_admin.get(f"/chat-groups/{row.pk}/").text
        assert "i7FQ" in page and "TIiajkdnlazkcOXrIdevi7FQ" not in page
        assert "TIiajkdn" not in row.address
        assert "TIiajkdn" not in json.dumps(list(AuditPayload.objects.values_list("changes", flat=True)))

    def test_an_empty_address_keeps_the_present_one(self, keeper: Actor) -> None:
        row = group(keeper, "slack")
        sealed = row.address
        values = {"name": "New", "language": "en", "events": ["report.due"]}
        save_chat_group(actor=keeper, row=row, kind="slack", **values)
        row.refresh_from_db()
        assert (row.name, row.address, row.events) == ("New", sealed, ["report.due"])
        with pytest.raises(ValidationError):
            save_chat_group(actor=keeper, row=row, kind="wecom", **values)

    def test_a_portfolio_that_does_not_exist(self, keeper: Actor) -> None:
        for scope in ("portfolio:999999", "nothing:1", "portfolio:x"):
            with pytest.raises(ValidationError):
                group(keeper, "slack", scope=scope)
