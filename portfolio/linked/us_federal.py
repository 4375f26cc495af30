"""The linked tables that United States federal departments published of their investments in information technology.

Money is told in millions of US dollars, durations in days of the calendar (a year is 365 days, three months are 92).
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from portfolio.linked.declaration import (
    Fill,
    From,
    Join,
    Kept,
    LinkedTables,
    Made,
    RelationOf,
    Spare,
    TableOf,
    Tasks,
)

MILLION = Decimal(1_000_000)
USD = {"currency": "USD"}
_RESULTS = {"met": "1_met", "not met": "2_not_met"}

_UNIT = Made(
    "unit",
    "core.orgunit",
    {"code": From("Code", prefix="HHS-"), "name_en": From("Name", otherwise="Bureau %(Code)s")},
    {"kind": "department"},
)
_PORTFOLIO = Made(
    "portfolio",
    "portfolio.portfolio",
    {"code": From("Code", prefix="HHS-"), "name_en": From("Name", otherwise="Bureau %(Code)s")},
    points={"unit": "unit"},
)
_PROGRAMME = Made(
    "programme",
    "portfolio.programme",
    {
        "code": From("Identifier"),
        "name_en": From("name", otherwise="Investment %(Identifier)s"),
        "outcome": From("Summary", "long_text"),
    },
    fallback={"portfolio": "portfolio"},
    kept=(
        Kept("Investment_type", "investment_type", "text", "Investment type", "投资类型"),
        Kept("Evaluation_by_CIO", "evaluation_by_cio", "number", "Evaluation by the CIO", "首席信息官评分"),
        Kept("Performance_Gap", "performance_gap", "long_text", "Performance gap", "绩效差距"),
        Kept("Business_Case", "business_case", "text", "Business case number", "商业论证编号"),
        Kept("Changes_to_Baseline", "changes_to_baseline", "number", "Changes to the baseline", "基准变更次数"),
        Kept("Last_Baseline", "last_baseline", "date", "Last baseline", "最近一次基准日期"),
        Kept("m", "m", "number", "m (as in the source)", "m（来源原列）"),
    ),
)


def _function(key: str, kind: str) -> Made:
    names = {"code": From("name", part="before", prefix="FEA-"), "name_en": From("name", part="after")}
    return Made(key, "portfolio.businessfunction", names, {"kind": kind})


_SUPPLIER = Made(
    "supplier", "projects.supplier", {"code": From("ID"), "name_en": From("name", otherwise="Supplier %(ID)s")}
)
_CONTRACT = Made(
    "contract",
    "projects.contract",
    {
        "code": From("ID", prefix="HHS-"),
        "title": From("Description", otherwise="Contract %(ID)s"),
        "amount": From("Contract_size", "money", scale=MILLION),
    },
    USD,
)
_PROJECT = Made(
    "project",
    "projects.project",
    {
        "code": From("Id", prefix="HHS-"),
        "name_en": From("name", otherwise="Project %(Id)s"),
        "planned_start": From("Start_days_after_2000", "whole", since=datetime.date(2000, 1, 1)),
        "planned_finish": From(
            "Start_days_after_2000", "whole", since=datetime.date(2000, 1, 1), plus="Planned_Duration"
        ),
    },
    USD,
    kept=(
        Kept("Cost_Variance", "cost_variance", "money", "Cost variance", "成本偏差", MILLION, "USD"),
        Kept("Project_delay", "project_delay", "number", "Project delay, days", "项目延误（天）"),
        Kept("Updated_Date", "updated_date", "number", "Updated date (as in the source)", "更新日期（来源原值）"),
    ),
)
_BUDGET = Made(
    "budget",
    "projects.budgetline",
    {"code": From("Id", prefix="HHS-"), "amount": From("Planned_Cost", "money", scale=MILLION)},
    USD,
    unique=("project", "code"),
    points={"project": "project"},
    needs="Planned_Cost",
)
_PLACE = Made(
    "place",
    "portfolio.portfolioitem",
    unique=("project",),
    points={"project": "project"},
    fallback={"portfolio": "portfolio"},
)
_MEASURE = Made(
    "measure",
    "portfolio.programmemeasure",
    {
        "code": From("ID"),
        "description": From("Description", "long_text"),
        "category": From("Measurement_category"),
        "result": From("Metric_results", words=_RESULTS),
    },
    unique=("programme", "code"),
)

US_FEDERAL = LinkedTables(
    key="us_federal",
    label=_("US federal investments in information technology"),
    tables=(
        TableOf("Bureau", ("bureau",), (_UNIT, _PORTFOLIO), identity="Code"),
        TableOf("Business_Area", ("business_area",), (_function("area", "area"),), identity="name"),
        TableOf("Business_Function", ("business_function",), (_function("function", "function"),), identity="name"),
        TableOf("Service", ("service",), (_function("service", "service"),), identity="name"),
        TableOf("Investment", ("investment",), (_PROGRAMME,), identity="Identifier"),
        TableOf("Metric", ("metric",), (_MEASURE,), identity="ID"),
        TableOf("Supplier", ("supplier",), (_SUPPLIER,), identity="ID"),
        TableOf("Contract", ("contract",), (_CONTRACT,), identity="ID"),
        TableOf("Project", ("project",), (_PROJECT, _BUDGET, _PLACE), identity="Id"),
        TableOf(
            "Activity",
            ("activity",),
            tasks=Tasks(
                uid="Id",
                name="name",
                start="Start_Date_Planned",
                duration="Planned_Duration",
                cost="planned_Costs",
                scale=MILLION,
                currency="USD",
                notes="description",
                actual_delay="Actual_start_delay",
                actual_duration="Actual_duration",
                state="status",
                done=frozenset({"completed - closed", "completed - costs pending"}),
                fields=("status", "output_type", "No_Child_Activity", "Actual_start_delay"),
            ),
            identity="Id",
        ),
    ),
    relations=(
        RelationOf("Bureau", "responsible_for", "Investment", (Fill("programme", "portfolio", "portfolio"),)),
        RelationOf("Business_Function", "serves", "Business_Area", (Fill("function", "parent", "area"),)),
        RelationOf(
            "Investment",
            "has_business_function",
            "Business_Function",
            join=Join(
                "portfolio.programmefunction",
                {"programme": "programme", "function": "function"},
                ("programme", "function"),
            ),
        ),
        RelationOf(
            "Investment",
            "is_a_type_of",
            "Service",
            join=Join(
                "portfolio.programmefunction",
                {"programme": "programme", "function": "service"},
                ("programme", "function"),
            ),
        ),
        RelationOf("Investment", "judged_by", "Metric", (Fill("measure", "programme", "programme"),)),
        RelationOf("Supplier", "delivers", "Contract", (Fill("contract", "supplier", "supplier"),)),
        RelationOf(
            "Investment",
            "lets_contract",
            "Contract",
            join=Join(
                "portfolio.programmecontract",
                {"programme": "programme", "contract": "contract"},
                ("programme", "contract"),
            ),
        ),
        RelationOf(
            "Investment",
            "uses_Supplier",
            "Supplier",
            join=Join(
                "portfolio.programmesupplier",
                {"programme": "programme", "supplier": "supplier"},
                ("programme", "supplier"),
            ),
        ),
        RelationOf(
            "Investment",
            "pays_for",
            "Project",
            (Fill("place", "portfolio", "programme", through="portfolio"),),
            Join("portfolio.programmeitem", {"programme": "programme", "project": "project"}, ("project",)),
        ),
        RelationOf("Project", "has_task", "Activity", plan="project"),
    ),
    spare={
        "portfolio": Spare(
            "portfolio",
            {
                "code": "HHS-OTHER",
                "name_en": "HHS, bureau not stated",
                "name_zh": "美国卫生与公共服务部（未注明所属局）",
            },
        )
    },
    notes=(
        _("Amounts are told in millions of US dollars; they are kept in dollars, to the cent."),
        _(
            "Durations are days of the calendar: a task that starts on 1 October and lasts 365 days ends on 30 September of a leap year."
        ),
        _("The file places investments without a bureau nowhere; they are collected in a portfolio of their own."),
    ),
)
