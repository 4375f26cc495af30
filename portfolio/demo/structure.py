"""Portfolios, programmes and strategic objectives of the demo."""

from __future__ import annotations

import datetime
from typing import NamedTuple


class PortfolioPlan(NamedTuple):
    """A portfolio; `{year}` in a name is the fiscal year of today. `members` are (role, staff number)."""

    code: str
    zh: str
    en: str
    purpose: str
    owner: str
    unit: str
    cycle: str
    members: tuple[tuple[str, str], ...] = ()


class ProgrammePlan(NamedTuple):
    """A programme of a portfolio, `parent` the code of the programme above it."""

    code: str
    zh: str
    en: str
    portfolio: str
    parent: str
    manager: str
    outcome: str


class ObjectivePlan(NamedTuple):
    """A strategic objective; values are in the unit that the measure names. A theme has no measure."""

    code: str
    zh: str
    en: str
    perspective: str
    parent: str
    owner: str
    measure: str = ""
    baseline: str = ""
    target: str = ""
    actual: str = ""


PORTFOLIOS: tuple[PortfolioPlan, ...] = (
    PortfolioPlan(
        "PF-01",
        "{year} 年度战略项目组合",
        "FY{year} strategic portfolio",
        "年度战略目标对应的重点项目，指导委员会每周看一次。",
        "Q1003",
        "QL",
        "weekly",
        (("executive", "Q1010"), ("executive", "Q1011")),
    ),
    PortfolioPlan(
        "PF-02", "数字化项目组合", "Digital portfolio", "事业部与集团的信息系统建设。", "Q1010", "GRP-IT", "fortnightly"
    ),
    PortfolioPlan(
        "PF-03",
        "基础设施与工程组合",
        "Infrastructure and engineering portfolio",
        "厂房、电站、网络等工程项目。",
        "Q1006",
        "QL",
        "fortnightly",
    ),
    PortfolioPlan(
        "PF-04",
        "运营与合规组合",
        "Operations and compliance portfolio",
        "降本、提质与合规整改。",
        "Q1002",
        "GRP-FI",
        "monthly",
    ),
)

PROGRAMMES: tuple[ProgrammePlan, ...] = (
    ProgrammePlan("PG-SEV", "智能电动车", "Smart EV", "PF-01", "", "Q1004", "首款车型按期量产，座舱同步首发。"),
    ProgrammePlan(
        "PG-SEV-EE", "座舱与电子电气", "Cockpit and E/E", "PF-01", "PG-SEV", "Q2002", "座舱域控制器随首款车型发布。"
    ),
    ProgrammePlan("PG-JRN", "顾客旅程", "Customer journey", "PF-01", "", "Q1005", "从浏览到售后的旅程痛点清零。"),
    ProgrammePlan("PG-5GN", "5G 网络建设", "5G roll-out", "PF-01", "", "Q1008", "东西两区与园区 5G 覆盖。"),
    ProgrammePlan("PG-DBS", "数字化底座", "Digital foundation", "PF-01", "", "Q1010", "数据、流程、人才三项底座。"),
    ProgrammePlan("PG-CAP", "产能建设", "Capacity build-out", "PF-03", "", "Q1006", "电池与仓配产能按需到位。"),
)

OBJECTIVES: tuple[ObjectivePlan, ...] = (
    ObjectivePlan("TH-UP", "产业升级", "Industrial upgrade", "", "", "Q1001"),
    ObjectivePlan("TH-CU", "客户与增长", "Customers and growth", "", "", "Q1001"),
    ObjectivePlan("TH-OP", "运营与治理", "Operations and governance", "", "", "Q1001"),
    ObjectivePlan(
        "OBJ-GROW",
        "新业务收入占比三成",
        "30% of revenue from new business",
        "financial",
        "TH-CU",
        "Q1003",
        "新业务收入占比，%",
        "18",
        "30",
        "22.5",
    ),
    ObjectivePlan(
        "OBJ-CASH",
        "经营现金流改善",
        "Stronger operating cash flow",
        "financial",
        "TH-OP",
        "Q1002",
        "经营现金流，亿元",
        "31",
        "40",
        "34.2",
    ),
    ObjectivePlan(
        "OBJ-CUST",
        "客户满意度进入行业前三",
        "Top three in customer satisfaction",
        "customer",
        "TH-CU",
        "Q1005",
        "净推荐值",
        "28",
        "45",
        "36",
    ),
    ObjectivePlan(
        "OBJ-LEAD",
        "智能电动车技术领先",
        "Lead in smart EV technology",
        "customer",
        "TH-UP",
        "Q1004",
        "首发功能数",
        "3",
        "12",
        "6",
    ),
    ObjectivePlan(
        "OBJ-TIME",
        "战略执行周期缩短四成",
        "Strategy to result 40% faster",
        "process",
        "TH-OP",
        "Q1003",
        "项目审批中位数，工作日",
        "45",
        "20",
        "23",
    ),
    ObjectivePlan(
        "OBJ-COST",
        "运营成本降低 8%",
        "Operating cost down 8%",
        "process",
        "TH-OP",
        "Q1002",
        "单位运营成本降幅，%",
        "0",
        "8",
        "4.1",
    ),
    ObjectivePlan(
        "OBJ-RISK",
        "重大安全与合规事件为零",
        "No major safety or compliance event",
        "process",
        "TH-OP",
        "Q1009",
        "重大事件数",
        "3",
        "0",
        "1",
    ),
    ObjectivePlan(
        "OBJ-CARB",
        "碳排放强度下降 18%",
        "Carbon intensity down 18%",
        "process",
        "TH-UP",
        "Q1007",
        "碳排放强度降幅，%",
        "0",
        "18",
        "9.6",
    ),
    ObjectivePlan(
        "OBJ-DATA",
        "经营数据七个事业部统一",
        "One set of figures for seven units",
        "learning",
        "TH-UP",
        "Q1010",
        "已接入事业部数",
        "1",
        "7",
        "5",
    ),
    ObjectivePlan(
        "OBJ-TALE",
        "关键岗位持证率八成",
        "80% of key posts certified",
        "learning",
        "TH-OP",
        "Q1011",
        "关键岗位持证率，%",
        "41",
        "80",
        "52",
    ),
)


class OverridePlan(NamedTuple):
    """A colour override by the PMO, with its reason."""

    portfolio: str
    band: str
    person: str
    since: datetime.date
    until: datetime.date
    reason: str


def override_plan(today: datetime.date, decided_by: datetime.date) -> OverridePlan:
    """The strategic portfolio is red by rule because of one project; a decision about it is due in two working days."""
    reason = f"红只来自新能源平台一个项目，测试台架决策 {decided_by:%m-%d} 前作出；其余项目没有共同原因。"
    return OverridePlan(
        "PF-01",
        "amber",
        "Q1101",
        today - datetime.timedelta(days=2),
        today + datetime.timedelta(days=7),
        reason,
    )
