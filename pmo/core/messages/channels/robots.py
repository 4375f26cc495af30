"""Chat groups through Apprise: only the robots named here, made from their official addresses, only to their own hosts.

Apprise's general schemes (json://, xml://, file://, mailto:// and the like) cannot be reached: no address is handed to it
that was not matched by one of the patterns below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apprise import AppriseAsset, NotifyFormat
from apprise.plugins import dingtalk, feishu, slack, wecombot, workflows
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pmo.core.messages.channels.door import Exchange, refuse_foreign, stand_at, through_door
from pmo.core.messages.channels.outcome import End, Outcome
from pmo.core.messages.models import ChatGroup, MessageDelivery
from pmo.core.messages.safe_http import UnsafeAddress
from pmo.core.messages.sealing import open_sealed

for _module in (dingtalk, feishu, slack, wecombot, workflows):
    stand_at(_module)

# No files, no plugins from disk, nothing kept between messages.
_ASSET = AppriseAsset(app_id="Bellwether", plugin_paths=[], secure_logging=True, storage_path=None)
Make = Callable[[str, str], Any]
NOT_REACHED = "the robot was not reached"


@dataclass(frozen=True)
class Robot:
    """A kind of robot: the hosts it lives at, how its address begins, and how a plugin is made of it."""

    hosts: tuple[str, ...]
    example: str
    make: Make


def _wecom(url: str, _secret: str) -> Any:
    match = re.fullmatch(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([A-Za-z0-9_-]+)", url)
    return match and wecombot.NotifyWeComBot(key=match[1], **_options())


def _dingtalk(url: str, secret: str) -> Any:
    match = re.fullmatch(r"https://oapi\.dingtalk\.com/robot/send\?access_token=([A-Za-z0-9]+)", url)
    return match and dingtalk.NotifyDingTalk(token=match[1], secret=secret or None, **_options())


def _feishu(url: str, _secret: str) -> Any:
    match = re.fullmatch(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([A-Za-z0-9_-]+)/?", url)
    return match and feishu.NotifyFeishu(token=match[1], **_options())


def _teams(url: str, _secret: str) -> Any:
    found = workflows.NotifyWorkflows.parse_native_url(url)
    return found and workflows.NotifyWorkflows(
        **_kept(found, ("host", "port", "workflow", "signature", "version")),
        **{name: found[name] for name in ("power_automate", "routing_id") if found.get(name)},
        **_options(),
    )


def _slack(url: str, _secret: str) -> Any:
    match = re.fullmatch(r"https://hooks\.slack\.com/services/([A-Z0-9]+)/([A-Z0-9]+)/([A-Za-z0-9]+)", url)
    return match and slack.NotifySlack(
        token_a=match[1], token_b=match[2], token_c=match[3], include_image=False, **_options()
    )


def _kept(found: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: found[name] for name in names if found.get(name) is not None}


def _options() -> dict[str, Any]:
    return {"asset": _ASSET, "redirect": False}


_Kind = ChatGroup.Kind
ROBOTS: dict[str, Robot] = {
    _Kind.WECOM: Robot(("qyapi.weixin.qq.com",), "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…", _wecom),
    _Kind.DINGTALK: Robot(("oapi.dingtalk.com",), "https://oapi.dingtalk.com/robot/send?access_token=…", _dingtalk),
    _Kind.FEISHU: Robot(("open.feishu.cn",), "https://open.feishu.cn/open-apis/bot/v2/hook/…", _feishu),
    _Kind.TEAMS: Robot(
        (".logic.azure.com", ".powerplatform.com"), "https://….logic.azure.com/workflows/…/triggers/manual/…", _teams
    ),
    _Kind.SLACK: Robot(("hooks.slack.com",), "https://hooks.slack.com/services/T…/B…/…", _slack),
}


def robot_of(kind: str, url: str, secret: str = "") -> Any:
    """The plugin for a robot's address. Raises UnsafeAddress where the address is not one of this kind."""
    robot = ROBOTS[kind]
    try:
        made = robot.make(url.strip(), secret)
    except TypeError as error:
        raise _not_one(robot) from error
    if not made:
        raise _not_one(robot)
    refuse_foreign(url.strip(), robot.hosts)
    return made


def _not_one(robot: Robot) -> UnsafeAddress:
    return UnsafeAddress(
        _("This is not the address of such a robot; it begins like %(example)s") % {"example": robot.example}
    )


def seal_text(url: str, secret: str) -> str:
    """What is sealed of a robot: its address and the secret some tools sign with."""
    return json.dumps({"url": url.strip(), "secret": secret.strip()})


def post_chat(row: MessageDelivery) -> Outcome:
    """Say it in the group, in the group's language."""
    group = row.chat
    if group is None:
        return Outcome(End.DROPPED, "no group")
    kept = json.loads(open_sealed(group.address))
    plugin = robot_of(group.kind, kept["url"], kept["secret"])
    text = row.payload.get("text", {}).get(group.language, "")
    with override(group.language), through_door(*ROBOTS[group.kind].hosts) as exchange:
        said = plugin.notify(
            body="\n".join(filter(None, (text, row.payload.get("url")))), body_format=NotifyFormat.TEXT
        )
    return _outcome(bool(said), exchange)


def _outcome(said: bool, exchange: Exchange) -> Outcome:
    """The tools answer 200 to a robot that was removed, and say so in the body."""
    if exchange.refused is not None:
        raise exchange.refused
    if exchange.silent is not None:
        raise exchange.silent
    answer = exchange.answer
    if answer is None:
        return Outcome(End.LATER, NOT_REACHED)
    wrong = _error_in(answer.body)
    if said and answer.ok and not wrong:
        return Outcome(End.SENT, "", answer.status)
    return Outcome(End.LATER, f"{answer.status} {wrong or answer.body[:200].decode(errors='replace')}", answer.status)


def _error_in(body: bytes) -> str:
    """The error a tool reports inside its answer: errcode (WeCom, DingTalk), code or StatusCode (Feishu)."""
    try:
        content = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(content, dict):
        return ""
    code = next((content[name] for name in ("errcode", "code", "StatusCode") if name in content), 0)
    return "" if code in (0, "0") else f"{code} {content.get('errmsg') or content.get('msg') or ''}".strip()
