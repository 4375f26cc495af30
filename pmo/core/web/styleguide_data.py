"""Sample rows of the style guide, in both languages. A guide needs believable text; nothing here is a product figure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pmo.core.charts.spark import shared_scale, sparkline
from pmo.core.web.formats import format_date, format_money, format_number, is_zh
from pmo.core.web.rag import Rag, rag_html

TODAY = dt.date(2026, 11, 20)
RED_BELOW, GREEN_FROM = 55, 75

Pair = tuple[str, str]

DIMENSIONS: list[Pair] = [
    ("进度", "Schedule"), ("成本", "Cost"), ("范围", "Scope"), ("资源", "Resources"),
    ("质量", "Quality"), ("风险", "Risk"), ("效益", "Benefits"), ("治理", "Governance"),
]  # fmt: skip

# name, manager, declared colour, change since yesterday, scores by dimension, health over twelve weeks
_HEAT: list[tuple[Pair, Pair, str, int, list[int | None], list[int]]] = [
    (("新能源平台", "New-energy platform"), ("周启明", "Zhou Qiming"), "amber", -2, [28, 58, 84, 22, 71, 41, 62, 90], [72, 72, 70, 69, 68, 66, 64, 62, 58, 54, 51, 49]),
    (("支付网关对接", "Payment gateway"), ("罗丹", "Luo Dan"), "amber", -5, [34, 62, 70, 58, 49, 38, 55, 61], [66, 66, 65, 65, 64, 63, 62, 62, 60, 58, 56, 51]),
    (("无人收银", "Unmanned checkout"), ("何嘉禾", "He Jiahe"), "green", -1, [56, 29, 72, 78, 44, 58, 47, 66], [74, 73, 72, 70, 68, 66, 63, 61, 58, 56, 54, 53]),
    (("园区专网", "Campus private network"), ("马骏", "Ma Jun"), "amber", -10, [70, 76, 81, 59, 74, 66, 72, 38], [71, 71, 71, 70, 70, 70, 70, 70, 70, 70, 70, 60]),
    (("智能座舱", "Smart cockpit"), ("林若溪", "Lin Ruoxi"), "green", -2, [56, 64, 78, 36, 80, 60, 74, 91], [78, 78, 77, 75, 74, 72, 71, 70, 68, 66, 65, 63]),
    (("利雅得光伏电站", "Riyadh solar plant"), ("韩雪", "Han Xue"), "amber", 0, [61, 57, 80, 69, 83, 46, 72, 88], [70, 70, 69, 69, 69, 68, 68, 67, 67, 66, 66, 66]),
    (("仓储机器人", "Warehouse robots"), ("孙一帆", "Sun Yifan"), "amber", -5, [68, 71, 70, 66, 77, 64, 69, 80], [76, 76, 77, 76, 76, 76, 75, 75, 75, 75, 75, 70]),
    (("碳排放监测", "Carbon monitoring"), ("董立", "Dong Li"), "green", 6, [81, 88, 84, 76, 78, 74, 70, 86], [70, 70, 71, 72, 72, 73, 74, 74, 75, 75, 74, 80]),
    (("CRM 升级", "CRM upgrade"), ("陈思远", "Chen Siyuan"), "green", -1, [76, 85, 88, 81, 84, 68, 83, 95], [78, 79, 79, 80, 80, 81, 81, 82, 82, 82, 82, 81]),
    (("审批提速", "Approval speed-up"), ("徐静", "Xu Jing"), "green", 0, [92, 95, 90, 88, 91, 86, 94, 97], [82, 83, 84, 85, 86, 87, 88, 89, 90, 90, 91, 91]),
    (("人才能力平台", "Talent platform"), ("蒋欣", "Jiang Xin"), "", 0, [None, 90, None, 74, None, None, None, 60], []),
]  # fmt: skip

# code, text, category, probability, impact, exposure, response, done/all measures, owner, review date, status, trend, changed
_RISKS: dict[Pair, list[tuple[str, Pair, Pair, int, int, int, Pair, tuple[int, int], Pair, dt.date, str, str, str]]] = {
    ("新能源平台", "New-energy platform"): [
        ("R-0187", ("测试台架与智能座舱争用，DV 试验 12 月排不进", "Test rigs shared with Smart cockpit, no room for DV tests in December"), ("资源", "Resources"), 5, 4, 576, ("缓解", "Mitigate"), (2, 3), ("周启明", "Zhou Qiming"), dt.date(2026, 11, 24), "treating", "up", "08:12"),
        ("R-0192", ("电池热管理方案变更，须重做整车验证", "Battery cooling redesigned, the vehicle must be verified again"), ("技术", "Technical"), 3, 5, 450, ("转移", "Transfer"), (1, 4), ("沈立", "Shen Li"), dt.date(2026, 11, 27), "treating", "flat", ""),
        ("R-0203", ("高压线束认证排队，量产许可推迟", "High-voltage harness waits for certification, type approval slips"), ("合规", "Compliance"), 3, 4, 190, ("缓解", "Mitigate"), (1, 2), ("沈立", "Shen Li"), dt.date(2026, 12, 1), "treating", "flat", ""),
        ("R-0219", ("标定工程师离职，关键标定无人接替", "Calibration engineer leaves, nobody takes over"), ("人员", "People"), 2, 4, 45, ("接受", "Accept"), (0, 0), ("周启明", "Zhou Qiming"), dt.date(2026, 11, 17), "identified", "up", ""),
    ],
    ("利雅得光伏电站", "Riyadh solar plant"): [
        ("R-0176", ("800 万美元敞口未对冲，汇率波动侵蚀预算", "USD 8 m not hedged, the exchange rate eats the budget"), ("汇率", "Currency"), 4, 4, 602, ("转移", "Transfer"), (1, 3), ("孙蔚", "Sun Wei"), dt.date(2026, 11, 30), "decision", "up", ""),
        ("R-0174", ("斋月工时降至七成，支架安装窗口不足", "Ramadan hours at 70%, the mounting window is too short"), ("进度", "Schedule"), 5, 3, 378, ("缓解", "Mitigate"), (2, 4), ("韩雪", "Han Xue"), dt.date(2026, 11, 26), "treating", "flat", ""),
        ("R-0198", ("逆变器清关资料不全，到场延误", "Customs papers for the inverters incomplete, delivery late"), ("供应", "Supply"), 3, 4, 150, ("缓解", "Mitigate"), (1, 2), ("韩雪", "Han Xue"), dt.date(2026, 11, 28), "treating", "down", ""),
        ("R-0226", ("本地与外籍施工队交底不一致，返工", "Local and foreign crews briefed differently, rework"), ("质量", "Quality"), 3, 3, 60, ("缓解", "Mitigate"), (0, 2), ("赵鹏", "Zhao Peng"), dt.date(2026, 12, 3), "new", "flat", "21:10"),
    ],
    ("滨江中心大厦", "Riverside Tower"): [
        ("R-0214", ("桩基遇软弱夹层，48 小时内须定方案", "Soft layer under the piles, a decision is due within 48 hours"), ("技术", "Technical"), 4, 5, 392, ("规避", "Avoid"), (1, 3), ("唐建国", "Tang Jianguo"), dt.date(2026, 11, 21), "treating", "up", "07:40"),
        ("R-0209", ("地下室层高 +0.6 m，结构荷载超限", "Basement 0.6 m higher, structural load over the limit"), ("变更", "Change"), 4, 4, 294, ("缓解", "Mitigate"), (1, 2), ("唐建国", "Tang Jianguo"), dt.date(2026, 11, 25), "decision", "up", ""),
    ],
}  # fmt: skip

_STATUS: dict[str, tuple[Pair, str]] = {
    "treating": (("应对中", "Treating"), "badge-accent"),
    "decision": (("待决策", "Decision due"), "badge-amber"),
    "identified": (("已识别", "Identified"), ""),
    "new": (("新建", "New"), "badge-line"),
}

# dimension colour, dimension, score, weight, then measures: name, value, green, red, points
_WHY: list[tuple[Pair, int, int, list[tuple[Pair, Pair, str, str, float]]]] = [
    (("进度", "Schedule"), 28, 30, [
        (("量产推迟", "Start-of-production slip"), ("31 天", "31 wd"), "≤ 5", "> 20", -10.8),
        (("SPI(t)", "SPI(t)"), ("0.81", "0.81"), "≥ 0.95", "< 0.85", -6.6),
        (("延期关键任务", "Late critical tasks"), ("7", "7"), "≤ 2", "> 5", -4.2)]),
    (("资源", "Resources"), 22, 10, [(("12 月台架负荷", "Test-rig load, December"), ("164%", "164%"), "≤ 100%", "> 120%", -7.8)]),
    (("风险", "Risk"), 41, 12, [(("敞口与储备之比", "Open exposure against reserve"), ("140%", "140%"), "≤ 80%", "> 120%", -7.1)]),
    (("成本", "Cost"), 58, 15, [
        (("CPI", "CPI"), ("0.92", "0.92"), "≥ 0.97", "< 0.90", -4.4),
        (("EAC 超预算", "EAC over budget"), ("+8.7%", "+8.7%"), "≤ 3%", "> 10%", -1.9)]),
    (("质量", "Quality"), 71, 10, [(("未关闭重大问题", "Open major findings"), ("3", "3"), "≤ 1", "> 4", -2.9)]),
    (("治理", "Governance"), 90, 5, [(("距上次报告天数", "Days since last report"), ("4", "4"), "≤ 3", "> 10", -0.5)]),
]  # fmt: skip

_MILESTONES: list[tuple[Pair, dt.date, dt.date | None, dt.date | None, int, str]] = [
    (("概念决策（CDCP）", "Concept decision (CDCP)"), dt.date(2026, 1, 16), None, dt.date(2026, 1, 16), 0, "green"),
    (("计划决策（PDCP）", "Plan decision (PDCP)"), dt.date(2026, 4, 24), None, dt.date(2026, 5, 8), 7, "amber"),
    (("设计验证完成", "Design validation done"), dt.date(2026, 12, 11), dt.date(2027, 1, 29), None, 34, "red"),
    (("量产", "Start of production"), dt.date(2027, 4, 30), dt.date(2027, 6, 18), None, 31, "red"),
]  # fmt: skip

_KPIS: list[dict[str, Any]] = [
    {"label": ("组合健康指数", "Portfolio health"), "value": "63", "unit": ("/ 100", "/ 100"), "rag": "amber", "spark": [68, 68, 67, 67, 66, 66, 66, 65, 65, 64, 64, 63], "target": 75, "delta": -3, "rest": ("较上月", "on October"), "why": ("不含新能源平台为 67", "67 without New-energy")},
    {"label": ("组合 ROI", "Portfolio ROI"), "value": "15.4", "unit": ("%", "%"), "rag": "amber", "spark": [21.4, 21, 20.7, 20.2, 19.6, 19, 18.3, 17.7, 17.1, 16.4, 15.9, 15.4], "target": 21.4, "delta": -6.0, "rest": ("个百分点，较计划", "points on plan"), "why": ("八成来自成本上升", "Mostly rising cost")},
    {"label": ("完工预测较预算", "Forecast vs budget"), "value": "+4.2", "unit": ("%", "%"), "rag": "amber", "spark": [0.6, 0.7, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 2.9, 3.2, 3.8, 4.2], "target": 0, "delta": 0.4, "rest": ("个百分点，较上周", "on last week"), "why": ("共超 4,041 万元", "CNY 40.4 m over"), "good": "down"},
    {"label": ("里程碑按期率", "Milestones on time"), "value": "78", "unit": ("%", "%"), "rag": "amber", "spark": [88, 87, 86, 86, 84, 84, 83, 82, 81, 80, 79, 78], "target": 85, "delta": -2, "rest": ("21 / 27 按期", "21 / 27 met"), "why": ("6 个延期，汽车占 3", "6 late, 3 Automotive")},
    {"label": ("效益实现率", "Benefits realised"), "value": "82", "unit": ("%", "%"), "rag": "amber", "spark": [90, 89, 89, 88, 88, 86, 85, 85, 84, 83, 83, 82], "target": 90, "delta": -1, "rest": ("6,420 万元已兑现", "64.2 m realised"), "why": ("无人收银欠 610 万元", "Checkout 6.1 m short")},
    {"label": ("流程采纳率", "Process adoption"), "value": "86", "unit": ("%", "%"), "rag": "green", "spark": [70, 72, 73, 75, 76, 78, 79, 80, 82, 84, 85, 86], "target": 85, "delta": 1, "rest": ("412 / 478 项", "412 / 478 checks"), "why": ("目标 85%，已达标", "Target 85%, met")},
    {"label": ("审批周期中位数", "Median approval"), "value": "23", "unit": ("天", "days"), "rag": "green", "spark": [45, 44, 42, 41, 39, 37, 34, 32, 30, 28, 25, 23], "target": 20, "delta": -22, "rest": ("个工作日，较基线", "on baseline"), "why": ("目标 20", "Target 20 days"), "good": "down"},
]  # fmt: skip


def band(score: int | None) -> str:
    """The class of a score: red below 55, green from 75, grey without data."""
    if score is None:
        return Rag.GREY.value
    return (Rag.RED if score < RED_BELOW else Rag.GREEN if score >= GREEN_FROM else Rag.AMBER).value


def sample(lang: str) -> dict[str, Any]:
    """Everything the guide's pages show, in one language."""
    side = 0 if is_zh(lang) else 1
    return {
        "dimensions": [pair[side] for pair in DIMENSIONS],
        "heat": _heat(side),
        "groups": _risk_groups(side, lang),
        "why": _waterfall(side),
        "milestones": _milestones(side, lang),
        "kpis": _kpis(side),
        "matrix": _matrix(),
        "today": TODAY,
    }


def _heat(side: int) -> list[dict[str, Any]]:
    scale = shared_scale([row[5] for row in _HEAT])
    rows = []
    for name, manager, declared, delta, scores, history in _HEAT:
        health = history[-1] if history else None
        computed = band(health)
        rows.append({
            "name": name[side], "manager": manager[side], "delta": delta, "declared": declared, "health": health, "band": computed,
            "better": declared == "green" and computed != "green" or (declared == "amber" and computed == "red"),
            "cells": [{"band": band(score), "score": score} for score in scores],
            "spark": sparkline(history, None, 70, 22, computed, per_pixel=scale) if history else "",
            "stale": name[1].startswith("Campus"),
        })  # fmt: skip
    return rows


def _risk_groups(side: int, lang: str) -> list[dict[str, Any]]:
    groups, number = [], 0
    for name, risks in _RISKS.items():
        rows = []
        for code, text, category, chance, impact, exposure, response, done, owner, review, status, trend, changed in risks:
            number += 1
            score = chance * impact
            label, css = _STATUS[status]
            rows.append({
                "number": number, "code": code, "text": text[side], "category": category[side], "chance": chance,
                "impact": impact, "score": rag_html(_score_band(score), "score", score), "exposure": format_money(exposure * 10_000, "CNY", lang, "column"),
                "response": response[side], "done": done, "percent": 100 * done[0] / done[1] if done[1] else None,
                "owner": owner[side], "late": (TODAY - review).days, "review": format_date(review, lang, TODAY, weekday=False),
                "status": label[side], "status_css": css, "trend": {"up": 1, "down": -1}.get(trend, 0), "changed": changed,
                "selected": code in {"R-0187", "R-0176", "R-0174"}, "editing": code == "R-0203",
            })  # fmt: skip
        top = max(risk[3] * risk[4] for risk in risks)
        groups.append({
            "name": name[side], "rows": rows, "count": len(rows), "sum": format_money(sum(risk[5] for risk in risks) * 10_000, "CNY", lang, "column"),
            "top": rag_html(_score_band(top), "score", top), "band": "red" if side_name(name) == "New-energy platform" else "amber",
        })  # fmt: skip
    return groups


def side_name(pair: Pair) -> str:
    """The English name, by which the guide recognises a sample project."""
    return pair[1]


def _score_band(score: int) -> str:
    return "red" if score >= 15 else "amber" if score >= 8 else "green"


def _waterfall(side: int) -> list[dict[str, Any]]:
    rows, left = [], 100.0
    for dimension, score, weight, measures in _WHY:
        lines = []
        for name, value, green, red, points in measures:
            left += points
            lines.append({
                "name": name[side], "value": value[side], "green": green, "red": red,
                "points": format_number(points, 1), "x": round(left, 1), "width": round(-points, 1),
            })  # fmt: skip
        rows.append({"name": dimension[side], "score": score, "weight": weight, "band": band(score), "lines": lines})
    return rows


def _milestones(side: int, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name[side], "slip": slip, "band": colour,
            "dates": [format_date(day, lang, TODAY, weekday=False) for day in (baseline, forecast, actual)],
        }
        for name, baseline, forecast, actual, slip, colour in _MILESTONES
    ]  # fmt: skip


def _kpis(side: int) -> list[dict[str, Any]]:
    return [
        {
            "label": row["label"][side], "value": row["value"], "unit": row["unit"][side], "rag": row["rag"],
            "spark": sparkline(row["spark"], row["target"], 126, 30, row["rag"]), "delta": row["delta"],
            "good": row.get("good", "up"), "rest": row["rest"][side], "why": row["why"][side],
            "places": 0 if isinstance(row["delta"], int) else 1,
        }
        for row in _KPIS
    ]  # fmt: skip


def _matrix() -> list[dict[str, Any]]:
    counts = {5: [0, 1, 1, 3, 0], 4: [0, 2, 8, 4, 2], 3: [0, 5, 5, 6, 2], 2: [1, 5, 3, 6, 1], 1: [1, 5, 3, 1, 0]}
    return [
        {
            "chance": chance,
            "cells": [
                {"count": count, "score": chance * impact, "band": _score_band(chance * impact)}
                for impact, count in enumerate(row, start=1)
            ],
        }
        for chance, row in counts.items()
    ]
