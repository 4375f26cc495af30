"""Lists exported from Jira, ONES and ZenTao: recognised by their headings, cut to what the file has, imported as they are."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from pmo.core.audit.actor import actor_of
from pmo.core.imports import services
from pmo.core.imports.commit import run_commit
from pmo.core.imports.forms import column_stub
from pmo.core.imports.mapping import MappingError
from pmo.core.imports.mapping_json import dump_mapping, load_mapping, load_preset
from pmo.core.imports.preview import run_check
from pmo.core.imports.tailoring import recognised, tailored
from projects.models import Project
from tests import factories
from tests.conftest import UserClient
from tests.wizard.build import upload

pytestmark = pytest.mark.django_db

JIRA = """Summary,Issue key,Issue id,Issue Type,Status,Project key,Project name,Project type,Project lead,Priority,Resolution,Assignee,Reporter,Created,Updated,Resolved,Due date,Description,Custom field (Start date),Watchers,Watchers
Grid control room,GRID-12,10012,Epic,In Progress,GRID,Grid renewal,software,Mei Lin,High,,Mei Lin,Omar Haddad,11/May/24 3:26 PM,20/May/24 4:53 PM,,30/Jun/27 12:00 AM,"Two rooms, one desk",13/Jan/26 12:00 AM,A,B
Meter roll-out,GRID-15,10015,Epic,Done,GRID,Grid renewal,software,Mei Lin,Lowest,Done,,Omar Haddad,11/May/24 3:26 PM,20/May/26 4:53 PM,18/May/26 9:05 AM,31/May/26 12:00 AM,,01/Feb/25 12:00 AM,A,
"""
JIRA_ZH = """概要,问题关键字,问题ID,问题类型,状态,项目关键字,项目名称,项目类型,项目主管,优先级,解决结果,经办人,报告人,创建日期,已更新,已解决,到期日
调度中心改造,GRID-12,10012,史诗,处理中,GRID,电网更新,software,梅林,最高,,梅林,周航,2024-05-11 15:26,2024-05-20 16:53,,2027-06-30 0:00
"""
ZENTAO = """编号,项目代号,项目名称,项目类型,所属项目集,状态,计划开始,计划完成,预算,负责人,进度,项目描述
7,CRM-26,客户关系平台,产品型,数字化,进行中,2026-01-05,2026-12-20,¥80万,梅林,35%,统一客户视图
8,,数据中台,项目型,/,已挂起,2026-03-01,长期,待定,周航,0%,
"""
ZENTAO_NEW = """ID,Parent Program,Name,Code,Status,Link to Product,Manager,Story Points,Story Count,Execution Count,Budget,Headcounts,Invested,Planned Start,Planned End,Actual Start,Actual End,Estimated Effort,Hours Cost, Progress
9,Digital,Customer portal,PORT,Doing,Product-based,Mei Lin,20,11,3,120000,6,40,2026-02-02,2026-11-30,2026-02-09,0000-00-00,400,120,30%
"""
ONES = """项目名称,项目负责人,项目状态,计划开始日期,计划结束日期,所属项目集,项目创建者,项目进度,客户等级
智能仓储,梅林,进行中,2026-04-01,2026-10-31,供应链,周航,42%,A
门店收银升级,周航,未开始,2026-09-01,2027-03-31,零售,周航,0%,B
"""
FILES = {
    "jira": (JIRA, "jira"),
    "jira in Chinese": (JIRA_ZH, "jira"),
    "zentao": (ZENTAO, "zentao"),
    "zentao in GBK": (ZENTAO.encode("gb18030"), "zentao"),
    "zentao, newer": (ZENTAO_NEW, "zentao"),
    "ones": (ONES, "ones"),
}


def people() -> None:
    for code, zh, en in (("E1", "梅林", "Mei Lin"), ("E2", "周航", "Omar Haddad")):
        factories.person(code=code, name_zh=zh, name_en=en)


def imported(text: str | bytes, name: str) -> dict[str, Project]:
    batch = upload(text)
    services.describe(batch)
    services.set_mapping(actor=actor_of(factories.user("pmo_admin")), batch=batch, mapping=load_preset(name))
    run_check(batch_id=batch.pk)
    batch.refresh_from_db()
    services.begin_commit(actor=actor_of(factories.user("pmo_admin")), batch=batch)
    run_commit(actor=actor_of(factories.user("pmo_admin")), batch_id=batch.pk)
    batch.refresh_from_db()
    refused = [(one.column, one.code) for one in batch.refusals.all() if one.whole_row]
    assert refused == []
    return {str(row): row for row in Project.objects.select_related("pm")}


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_file_is_recognised_by_one_preset_and_fits_it(file: str) -> None:
    text, wanted = FILES[file]
    batch = upload(text)
    services.describe(batch)
    table = column_stub(batch)
    names = [name for name in ("jira", "ones", "zentao") if recognised(load_preset(name), table)]
    assert names == [wanted]
    from pmo.core.imports.checks import check_mapping
    from pmo.core.imports.targets import get_target

    cut = tailored(load_preset(wanted), table)
    assert check_mapping(cut, table, get_target("projects").engine_target()) == []
    assert cut.requires == ()
    assert set(cut.columns_used()) <= {column.name for column in table.columns} | {"Progress"}


def test_another_list_is_none_of_them() -> None:
    batch = upload("项目名称,负责人,计划开始,计划完成,状态\n甲,梅林,2026-01-01,2026-02-01,进行中\n")
    services.describe(batch)
    table = column_stub(batch)
    for name in ("jira", "ones", "zentao"):
        preset = load_preset(name)
        assert not recognised(preset, table)
        assert tailored(preset, table) is preset


def test_what_a_preset_requires_survives_the_file() -> None:
    for name in ("jira", "ones", "zentao"):
        preset = load_preset(name)
        assert load_mapping(dump_mapping(preset)).requires == preset.requires
        assert all(preset.requires)


def test_jira() -> None:
    people()
    found = imported(JIRA, "jira")
    first, second = found["Grid control room"], found["Meter roll-out"]
    assert (first.code, first.status, first.priority, first.pm.code) == ("GRID-12", "in_progress", "2_high", "E1")
    assert (first.planned_start, first.planned_finish) == (datetime.date(2026, 1, 13), datetime.date(2027, 6, 30))
    assert (second.status, second.priority, second.pm) == ("closed", "4_low", None)
    assert second.actual_finish == datetime.date(2026, 5, 18)


@pytest.mark.long
def test_jira_in_chinese() -> None:
    people()
    (row,) = imported(JIRA_ZH, "jira").values()
    assert (row.code, row.name_zh, row.status, row.priority) == ("GRID-12", "调度中心改造", "in_progress", "1_critical")
    assert row.planned_finish == datetime.date(2027, 6, 30)


def test_zentao() -> None:
    people()
    rows = {row.name_zh: row for row in imported(ZENTAO, "zentao").values()}
    first, second = rows["客户关系平台"], rows["数据中台"]
    assert (first.code, first.status, first.pm.code) == ("CRM-26", "in_progress", "E1")
    assert (first.planned_start, first.planned_finish) == (datetime.date(2026, 1, 5), datetime.date(2026, 12, 20))
    assert sum(line.amount for line in first.budget_lines.all()) == Decimal(800_000)
    assert (second.code, second.status, second.planned_finish) == ("8", "suspended", None)


@pytest.mark.long
def test_zentao_of_a_newer_version() -> None:
    people()
    (row,) = imported(ZENTAO_NEW, "zentao").values()
    assert (row.code, row.name_en, row.status) == ("PORT", "Customer portal", "in_progress")
    assert (row.actual_start, row.actual_finish) == (datetime.date(2026, 2, 9), None)


def test_ones() -> None:
    people()
    rows = {row.name_zh: row for row in imported(ONES, "ones").values()}
    assert rows["智能仓储"].pm.code == "E1"
    assert (rows["智能仓储"].status, rows["门店收银升级"].status) == ("in_progress", "not_started")
    assert rows["门店收银升级"].planned_finish == datetime.date(2027, 3, 31)


def test_the_wizard_offers_the_preset_and_takes_it(pmo_admin: UserClient) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    pmo_admin.cookies["bw_language"] = "en"
    sent: dict[str, Any] = {"file": SimpleUploadedFile("zentao.csv", ZENTAO.encode()), "target": "projects"}
    page = pmo_admin.post(reverse("import-new"), sent, follow=True)
    html = page.content.decode()
    assert "The mapping ZenTao fits this file." in html
    columns = page.redirect_chain[-1][0]
    taken = pmo_admin.post(columns, {"act": "use", "kept": "preset:zentao"}, follow=True)
    assert taken.status_code == 200
    assert "The mapping ZenTao is in use." in taken.content.decode()


@pytest.mark.parametrize("wrong", ["text", [[]], [["A", 1]], ["A"]])
def test_groups_of_headings_that_are_none_are_named(wrong: Any) -> None:
    with pytest.raises(MappingError) as caught:
        load_mapping({"fields": {"name": {"column": "N"}}, "requires": wrong})
    assert [(issue.path, issue.message.code) for issue in caught.value.issues] == [("requires", "expected_headings")]
