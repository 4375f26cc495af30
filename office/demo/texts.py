"""The PMO units, the charter, its decision rights and two self-assessments of the demo company."""

from __future__ import annotations

from typing import NamedTuple


class UnitPlan(NamedTuple):
    """A PMO unit; people and units by code, `years` since it was founded."""

    code: str
    zh: str
    en: str
    level: str
    parent: str
    type: str
    function: str
    head: str
    unit: str
    mission: str
    years: float
    fte: str
    type_label: str = ""


UNITS: tuple[UnitPlan, ...] = (
    UnitPlan(
        "PMO-01",
        "集团项目管理办公室",
        "Group PMO",
        "enterprise",
        "",
        "supportive",
        "strategy",
        "Q1101",
        "QL",
        "让集团的每一分项目投入都服务于战略：立得准、看得清、停得下。",
        4.2,
        "7.0",
    ),
    UnitPlan(
        "PMO-02",
        "汽车事业部产研 PMO",
        "Automotive R&D PMO",
        "department",
        "PMO-01",
        "controlling",
        "research",
        "Q2001",
        "AUT",
        "守住整车开发流程的关口，让首款车型按期量产。",
        2.6,
        "3.5",
    ),
    UnitPlan(
        "PMO-03",
        "零售数字化 PMO",
        "Retail digital PMO",
        "department",
        "PMO-01",
        "supportive",
        "digital",
        "Q2005",
        "RET",
        "给敏捷团队配好方法、数据和教练，帮业务把数字化项目做成。",
        1.4,
        "2.0",
        "赋能型",
    ),
    UnitPlan(
        "PMO-04",
        "综合能源项目个人 PMO",
        "Renewables personal PMO",
        "personal",
        "PMO-01",
        "supportive",
        "project_manager",
        "Q2008",
        "ENE-RN",
        "一个人把新能源工程的计划、风险和汇报管到位。",
        0.9,
        "0.5",
    ),
)

PROBLEM = (
    "集团七个事业部同时推进四十个项目，预算、人员和日期各说各话；"
    "立项审批平均四十五个工作日，红灯项目平均拖后六周才上报；高管无法判断哪些项目支撑战略。"
)
MANDATE = (
    "建立统一的项目分级、报告和关口制度；维护项目组合的唯一数据；组织每月项目组合评审；"
    "对偏离目标的项目提出暂停或终止建议，由指导委员会裁决。"
)
MANDATE_BEFORE = "建立统一的项目分级和报告制度；维护项目组合的唯一数据；向集团管理层提供每月项目组合报告。"
SCOPE = "预算 100 万元以上或跨两个事业部以上的项目。事业部内部的日常改善不在范围内，按事业部制度管理。"
SUCCESS = (
    "项目审批中位数不超过 20 个工作日；报告按时率不低于 90%；申报与计算不一致的项目不超过 10%；"
    "关键里程碑按期率不低于 85%。每季度由指导委员会复核。"
)
CHANGE_NOTE = "指导委员会要求：PMO 对超支项目有暂停建议权，并写明审批额度。"


class RightPlan(NamedTuple):
    """A line of the decision rights; `first` says that the first revision had it already."""

    kind: str
    role: str
    up_to: str = ""
    days: int | None = None
    remark: str = ""
    unit: str = ""
    first: bool = True


RIGHTS: tuple[RightPlan, ...] = (
    RightPlan("approve_project", "portfolio_owner", "5000000", remark="单个项目总预算"),
    RightPlan("approve_project", "executive", "", remark="超过 500 万元由指导委员会批准"),
    RightPlan("pass_gate", "pmo_admin", "", remark="方案阶段门与上线阶段门；资料不全不予通过", first=False),
    RightPlan("release_budget", "portfolio_owner", "3000000", remark="按阶段释放"),
    RightPlan("release_budget", "executive"),
    RightPlan("approve_change", "sponsor", "500000", 10, "单次变更"),
    RightPlan("approve_change", "portfolio_owner", "2000000", 30, "单次变更"),
    RightPlan("approve_change", "executive"),
    RightPlan("move_date", "project_manager", "", 5, "非关键里程碑"),
    RightPlan("move_date", "sponsor", "", 20, "关键里程碑须附影响分析"),
    RightPlan("use_reserve", "portfolio_owner", "1000000", remark="管理储备"),
    RightPlan("stop_project", "pmo_admin", "1000000", remark="先暂停，十个工作日内报指导委员会", first=False),
    RightPlan("stop_project", "executive"),
    RightPlan("set_priority", "executive", remark="每月项目组合评审"),
    RightPlan("allocate_people", "resource_manager", "", 20, "跨部门调用不超过 20 个工作日"),
    RightPlan("allocate_people", "pmo_admin", first=False),
    RightPlan("appoint_manager", "sponsor", remark="与 PMO 会签"),
    RightPlan("accept_risk", "project_manager", "200000", remark="敞口"),
    RightPlan("accept_risk", "portfolio_owner", "2000000", remark="敞口"),
    RightPlan("select_supplier", "sponsor", "1000000", remark="按采购制度比价", unit="AUT"),
)

# Answers 0 to 3 in the order of the statements: a year ago controls were missing, now the link to strategy is.
ANSWERS_BEFORE = (1, 1, 1, 3, 3, 2, 2, 1, 0, 1, 1, 1)
ANSWERS_NOW = (2, 1, 1, 1, 2, 2, 3, 2, 3, 0, 1, 1)
REASON_BEFORE = "超支和延期无人叫停，审计连续两年提出意见；先把关口和审批立起来。"
