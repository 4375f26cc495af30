"""The files of the demo's template library, made by code: Markdown, CSV and real workbooks, in both languages."""

from __future__ import annotations

import csv
import datetime
import functools
import io
from dataclasses import dataclass

import xlsxwriter

from portfolio.demo.units import ORGANISATION_EN, ORGANISATION_ZH


@dataclass(frozen=True)
class Version:
    """A file: the week from which it is in force, what changed, and its columns or headings."""

    week: float
    note_zh: str
    note_en: str
    parts_zh: tuple[str, ...]
    parts_en: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A template, kept in both languages."""

    key: str
    kind: str
    extension: str
    method: str
    zh: str
    en: str
    purpose: str
    versions: tuple[Version, ...]


_CHARTER_ZH = ("项目目标", "范围与不做的事", "成功标准", "里程碑", "预算", "项目经理的授权", "干系人", "主要风险")
_CHARTER_EN = ("Objectives", "Scope and what is left out", "Success criteria", "Milestones", "Budget",
               "Authority of the project manager", "Stakeholders", "Main risks")  # fmt: skip
_REPORT_ZH = ("一句话摘要", "健康度与说明", "本期完成", "下期计划", "需要的帮助")
_REPORT_EN = ("Summary in one sentence", "Colour and why", "Done this period", "Next period", "Help needed")
_RISK_ZH = ("编号", "风险描述", "类别", "概率", "影响", "风险系数", "责任人", "应对措施", "复核日期", "状态")
_RISK_EN = ("Code", "Risk", "Category", "Probability", "Impact", "Score", "Owner", "Response", "Review date", "Status")
_WBS_ZH = ("WBS 编码", "工作包", "交付物", "验收标准", "负责人", "工期（工作日）", "预算", "前置工作包")
_WBS_EN = ("WBS code", "Work package", "Deliverable", "Acceptance", "Owner", "Working days", "Budget", "Predecessors")
_LESSON_ZH = ("项目", "标题", "类别", "阶段", "情况", "原因", "建议", "影响")
_LESSON_EN = ("Project", "Title", "Category", "Stage", "Situation", "Cause", "Recommendation", "Impact")

FORMS: tuple[Form, ...] = (
    Form(
        "CHARTER", "charter", "md", "", "项目章程", "Project charter",
        "任命项目经理，写清目标、范围与授权；发起人签字后生效。",
        (
            Version(-120, "第一版", "First version", _CHARTER_ZH[:5] + _CHARTER_ZH[6:], _CHARTER_EN[:5] + _CHARTER_EN[6:]),
            Version(-32, "增加“项目经理的授权”", "Authority of the project manager added", _CHARTER_ZH, _CHARTER_EN),
        ),
    ),
    Form(
        "STATUS", "report", "md", "", "状态报告", "Status report",
        "按周期申报颜色、完成情况和需要的帮助；系统外汇报时使用。",
        (
            Version(-120, "第一版", "First version", _REPORT_ZH[2:], _REPORT_EN[2:]),
            Version(-70, "增加健康度说明", "Colour and why added", _REPORT_ZH[1:], _REPORT_EN[1:]),
            Version(-18, "开头加一句话摘要", "Opens with one sentence", _REPORT_ZH, _REPORT_EN),
        ),
    ),
    Form(
        "RISK", "register", "xlsx", "", "风险登记册", "Risk register",
        "启动时识别、每两周复核；风险系数为概率乘影响。",
        (
            Version(-110, "第一版", "First version", _RISK_ZH[:8], _RISK_EN[:8]),
            Version(-26, "增加复核日期与状态", "Review date and status added", _RISK_ZH, _RISK_EN),
        ),
    ),
    Form(
        "WBS", "plan", "xlsx", "predictive", "WBS 词典", "WBS dictionary",
        "每个工作包写明交付物、验收标准和负责人。",
        (Version(-96, "第一版", "First version", _WBS_ZH, _WBS_EN),),
    ),
    Form(
        "LESSONS", "register", "csv", "", "经验教训登记表", "Lessons log",
        "复盘会当场填写，可以直接导入经验教训台账。",
        (
            Version(-90, "第一版", "First version", _LESSON_ZH[:7], _LESSON_EN[:7]),
            Version(6, "增加影响一栏，下季度起用", "Impact added, from next quarter", _LESSON_ZH, _LESSON_EN),
        ),
    ),
)  # fmt: skip


@functools.cache
def content(form: Form, number: int, chinese: bool) -> bytes:
    """The file of a version (number 1 is the first); the same bytes each time."""
    version = form.versions[number - 1]
    parts = version.parts_zh if chinese else version.parts_en
    title = form.zh if chinese else form.en
    if form.extension == "xlsx":
        return _workbook(title, parts)
    if form.extension == "csv":
        return _table(parts)
    return _document(title, parts, number, chinese)


def _document(title: str, parts: tuple[str, ...], number: int, chinese: bool) -> bytes:
    lines = [f"# {title}", "", ORGANISATION_ZH if chinese else ORGANISATION_EN, ""]
    lines += [
        "| 版本 | 项目 | 编写人 | 日期 |" if chinese else "| Version | Project | Author | Date |",
        "|---|---|---|---|",
    ]
    lines += [f"| {number} |  |  |  |", ""]
    for part in parts:
        lines += [f"## {part}", "", "（请填写）" if chinese else "(to be filled in)", ""]
    return "\n".join(lines).encode()


def _table(parts: tuple[str, ...]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow(parts)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _workbook(title: str, parts: tuple[str, ...]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    # A fixed moment: the same workbook each time, kept once in the storage.
    book.set_properties({"title": title, "created": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)})
    sheet = book.add_worksheet(title[:31])
    head = book.add_format({"bold": True, "bg_color": "#E9EFFD", "border": 1, "text_wrap": True})
    for column, part in enumerate(parts):
        sheet.write_string(0, column, part, head)
    sheet.set_column(0, len(parts) - 1, 18)
    sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()
