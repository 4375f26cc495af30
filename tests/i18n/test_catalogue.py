"""The Chinese catalogue: complete, with the placeholders of its sources, in the words of the PMO, punctuated as Chinese."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
_PLACE = "locale/zh_Hans/LC_MESSAGES/django.po"
PATHS = sorted([*ROOT.glob(f"*/{_PLACE}"), *ROOT.glob(f"*/core/{_PLACE}"), *ROOT.glob(f"templates/*/{_PLACE}")])

# One word for one thing: (context, source) -> the word on the screen.
TERMS = {
    ("", "Portfolio"): "项目组合",
    ("", "Programme"): "项目集",
    ("", "Project registry"): "项目台账",
    ("", "Project code"): "项目编号",
    ("", "Business unit"): "业务单元",
    ("", "Sponsor"): "发起人",
    ("", "Project manager"): "项目经理",
    ("", "Stakeholder"): "干系人",
    ("", "Key stakeholder"): "关键干系人",
    ("", "Milestone"): "里程碑",
    ("", "Baseline"): "基线",
    ("", "Critical path"): "关键路径",
    ("", "Planned start"): "计划开始",
    ("", "Planned finish"): "计划完成",
    ("", "Actual start"): "实际开始",
    ("", "Actual finish"): "实际完成",
    ("", "Budget"): "预算",
    ("", "CAPEX"): "资本性支出",
    ("", "OPEX"): "费用性支出",
    ("", "Planned value"): "计划价值",
    ("", "Earned value"): "挣值",
    ("", "Actual cost"): "实际成本",
    ("", "Budget at completion"): "完工预算",
    ("", "Estimate at completion"): "完工估算",
    ("", "Health"): "健康度",
    ("", "Status report"): "状态报告",
    ("", "Reporting cycle"): "报告周期",
    ("", "Executive summary"): "执行摘要",
    ("", "Executive scorecard"): "高管记分卡",
    ("", "Portfolio dashboard"): "组合仪表盘",
    ("", "Decision needed"): "需决策事项",
    ("", "Risk register"): "风险登记册",
    ("", "Exposure"): "敞口",
    ("", "Issue"): "问题",
    ("", "Strategic objective"): "战略目标",
    ("", "Not started"): "未开始",
    ("", "In progress"): "进行中",
    ("", "On hold"): "已挂起",
    ("", "Closed"): "已关闭",
    ("rag", "On track"): "绿",
    ("rag", "At risk"): "黄",
    ("rag", "Off track"): "红",
    ("rag", "Not reported"): "灰",
    ("", "Computed"): "计算",
    ("", "Declared"): "申报",
    ("", "Reviewed"): "评审",
    ("", "Background jobs"): "后台任务",
    ("", "Audit trail"): "审计日志",
    ("", "Trash"): "回收站",
    ("", "API token"): "API 令牌",
    ("", "Import mapping"): "导入映射",
    ("", "Refused cells"): "被拒单元格",
    ("", "Base currency"): "本位币",
}
# Words of a translated page, and of other terms for the same thing.
UNWANTED = ("请注意", "利益相关者", "赞助人", "仪表板", "登陆", "帐户", "帐号", "你", "！")

PLACEHOLDER = re.compile(r"%(?:\((\w+)\)[-#0-9. +]*[a-z]|%)")
TAG = re.compile(r"</?[a-z][^>]*>")
CJK = "\u3400-\u9fff"
HALF_WIDTH = re.compile(
    rf"[{CJK}”）][,;:?!]|[,;:?!][{CJK}“（]|[{CJK}]\.(?:\s|$)|[{CJK}]\(|\)[{CJK}]|\.\.\.|[{CJK}]\"|\"[{CJK}]"
)
SPACE_BETWEEN = re.compile(rf"[{CJK}，。；：、！？”）] +[{CJK}，。；：、！？“（]|[，。；：、] | [，。；：、]")
TOUCHING = re.compile(rf"[{CJK}][0-9A-Za-z]|[0-9A-Za-z%][{CJK}]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """The messages of every room; one that two rooms have stands here once."""
    whole = Catalog(locale="zh_Hans")
    for one in rooms():
        for message in messages(one):
            whole[message.id] = message
    return whole


def rooms() -> list[Catalog]:
    """The catalogue of each room."""
    found = []
    for path in PATHS:
        with path.open("rb") as stream:
            found.append(read_po(stream, locale="zh_Hans"))
    return found


def test_every_room_has_its_catalogue_and_two_rooms_say_the_same() -> None:
    assert {path.parents[2] for path in PATHS} == {Path(folder) for folder in settings.LOCALE_PATHS}
    said: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for one in rooms():
        for message in messages(one):
            key = (message.context or "", *sources(message))
            said.setdefault(key, set()).add(tuple(translations(message)))
    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def sources(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple | list) else (message.id,)


def translations(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def shown(text: str) -> str:
    """The text without tags; a number stands for `%(n)d`, and a name, which may be Chinese, for `%(n)s`."""
    text = re.sub(r"%\(\w+\)[-#0-9. +]*[df]", "0", TAG.sub("", text))
    return re.sub(r"%\(\w+\)s", "_", text).replace("%%", "%")


def faulty(catalogue: Catalog, pattern: re.Pattern[str]) -> list[str]:
    """Translations with a place that fits the pattern."""
    return [text for message in messages(catalogue) for text in translations(message) if pattern.search(shown(text))]


def test_everything_is_translated_and_nothing_is_a_guess(catalogue: Catalog) -> None:
    assert len(messages(catalogue)) > 3000
    assert [message.id for message in messages(catalogue) if not all(translations(message)) or message.fuzzy] == []
    assert catalogue.num_plurals == 1


def test_placeholders_are_those_of_the_source(catalogue: Catalog) -> None:
    """A plural source may say "one" without a number; its last form has them all."""
    wrong = []
    for message in messages(catalogue):
        wanted = Counter(PLACEHOLDER.findall(sources(message)[-1]))
        for text in translations(message):
            if set(wanted) - {""} != set(PLACEHOLDER.findall(text)) - {""}:
                wrong.append((message.id, text))
            if "python-format" in message.flags and "%" in PLACEHOLDER.sub("", text):
                wrong.append((message.id, text))
    assert wrong == []


def test_conversions_are_those_of_the_source(catalogue: Catalog) -> None:
    """`%(seconds).1f` must not become `%(seconds)s`."""
    whole = re.compile(r"%\(\w+\)[-#0-9. +]*[a-z]")
    wrong = [
        message.id
        for message in messages(catalogue)
        for text in translations(message)
        if set(whole.findall(text)) != set(whole.findall(sources(message)[-1]))
    ]
    assert wrong == []


def test_tags_are_those_of_the_source(catalogue: Catalog) -> None:
    wrong = [
        (message.id, text)
        for message in messages(catalogue)
        for text in translations(message)
        if Counter(TAG.findall(text)) != Counter(TAG.findall(sources(message)[-1]))
    ]
    assert wrong == []


def test_no_space_is_gained_or_lost_at_the_ends(catalogue: Catalog) -> None:
    """Full-width separators carry their own room and are the exception."""
    wrong = []
    for message in messages(catalogue):
        source = sources(message)[0]
        for text in translations(message):
            if text in {"，", "：", "；", "、", "。"}:
                continue
            if (source[:1].isspace(), source[-1:].isspace()) != (text[:1].isspace(), text[-1:].isspace()) and text[
                -1:
            ] != "：":
                wrong.append((message.id, text))
    assert wrong == []


@pytest.mark.parametrize(("context", "source"), TERMS)
def test_one_word_for_one_thing(catalogue: Catalog, context: str, source: str) -> None:
    message = catalogue.get(source, context or None)
    assert message is not None
    assert translations(message)[0] == TERMS[context, source]


def test_no_word_of_a_translated_page(catalogue: Catalog) -> None:
    found = [
        (word, text)
        for message in messages(catalogue)
        for text in translations(message)
        for word in UNWANTED
        if word in text
    ]
    assert found == []


def test_punctuation_is_full_width(catalogue: Catalog) -> None:
    assert faulty(catalogue, HALF_WIDTH) == []


def test_no_space_between_chinese(catalogue: Catalog) -> None:
    assert faulty(catalogue, SPACE_BETWEEN) == []


def test_chinese_and_latin_are_parted_by_a_space(catalogue: Catalog) -> None:
    assert faulty(catalogue, TOUCHING) == []


@pytest.mark.parametrize(
    "text",
    ["组合,项目", "没有保存.", "收到:8", "共(3)条", "“甲”,乙", "已保存...", '名为"甲"的记录'],
)
def test_half_width_punctuation_is_noticed(text: str) -> None:
    assert HALF_WIDTH.search(text)


@pytest.mark.parametrize("text", ["没有保存。 请重试。", "第一 第二", "甲， 乙"])
def test_spaces_between_chinese_are_noticed(text: str) -> None:
    assert SPACE_BETWEEN.search(text)


@pytest.mark.parametrize("text", ["共3条", "由PMO评审", "%(count)d条"])
def test_missing_spaces_are_noticed(text: str) -> None:
    assert TOUCHING.search(shown(text))
