"""Sample rows of the style guide in one language, read from styleguide_sample.json.

A guide needs believable text; nothing here is a figure of the product.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

from pmo.core.charts.spark import shared_scale, sparkline
from pmo.core.web.formats import format_date, format_money, format_number, is_zh
from pmo.core.web.rag import Rag, rag_html, worse

TODAY = dt.date(2026, 11, 20)
RED_BELOW, GREEN_FROM = 55, 75
SELECTED = {"R-0187", "R-0176", "R-0174"}
EDITING = "R-0203"
STALE = "Campus private network"

_MATRIX = {5: [0, 1, 1, 3, 0], 4: [0, 2, 8, 4, 2], 3: [0, 5, 5, 6, 2], 2: [1, 5, 3, 6, 1], 1: [1, 5, 3, 1, 0]}
_SAMPLE = Path(__file__).with_name("styleguide_sample.json")

Row = dict[str, Any]


@cache
def _raw() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_SAMPLE.read_text(encoding="utf-8"))
    return data


def sample(lang: str) -> dict[str, Any]:
    """Everything the guide's pages show. Texts stand in the file as [Chinese, English]."""
    side = 0 if is_zh(lang) else 1
    return {
        "dimensions": [pair[side] for pair in _raw()["dimensions"]],
        "heat": _heat(side),
        "groups": _risk_groups(side, lang),
        "why": _waterfall(side),
        "milestones": [_milestone(row, side, lang) for row in _raw()["milestones"]],
        "kpis": [_kpi(row, side) for row in _raw()["kpis"]],
        "matrix": _matrix(),
        "today": TODAY,
    }


def band(score: int | None) -> str:
    """The class of a score: red below 55, green from 75, grey without data."""
    if score is None:
        return Rag.GREY.value
    return (Rag.RED if score < RED_BELOW else Rag.GREEN if score >= GREEN_FROM else Rag.AMBER).value


def risk_band(score: int) -> str:
    """The class of probability times impact."""
    return (Rag.RED if score >= 15 else Rag.AMBER if score >= 8 else Rag.GREEN).value


def _heat(side: int) -> list[Row]:
    rows = _raw()["heat"]
    scale = shared_scale([row["history"] for row in rows])
    return [_heat_row(row, side, scale) for row in rows]


def _heat_row(row: Row, side: int, scale: float) -> Row:
    history = row["history"]
    health = history[-1] if history else None
    computed = band(health)
    return {
        "name": row["name"][side],
        "manager": row["manager"][side],
        "delta": row["delta"],
        "declared": row["declared"],
        "health": health,
        "band": computed,
        "better": worse(computed, row["declared"]),
        "cells": [{"band": band(score), "score": score} for score in row["scores"]],
        "spark": sparkline(history, None, 70, 22, computed, per_pixel=scale) if history else "",
        "stale": row["name"][1] == STALE,
    }


def _risk_groups(side: int, lang: str) -> list[Row]:
    groups: list[Row] = []
    number = 0
    for group in _raw()["risks"]:
        risks = group["rows"]
        top = max(risk["chance"] * risk["impact"] for risk in risks)
        groups.append(
            {
                "name": group["project"][side],
                "band": group["band"],
                "count": len(risks),
                "sum": _column_money(sum(risk["exposure"] for risk in risks), lang),
                "top": rag_html(risk_band(top), "score", top),
                "rows": [_risk(risk, number + index, side, lang) for index, risk in enumerate(risks, start=1)],
            }
        )
        number += len(risks)
    return groups


def _risk(risk: Row, number: int, side: int, lang: str) -> Row:
    score = risk["chance"] * risk["impact"]
    review = dt.date.fromisoformat(risk["review"])
    status = _raw()["status"][risk["status"]]
    done, planned = risk["done"]
    return risk | {
        "number": number,
        "text": risk["text"][side],
        "category": risk["category"][side],
        "response": risk["response"][side],
        "owner": risk["owner"][side],
        "score": rag_html(risk_band(score), "score", score),
        "exposure": _column_money(risk["exposure"], lang),
        "percent": 100 * done / planned if planned else None,
        "review": format_date(review, lang, TODAY, weekday=False),
        "late": (TODAY - review).days,
        "status": status["label"][side],
        "status_css": status["css"],
        "trend": {"up": 1, "down": -1}.get(risk["trend"], 0),
        "selected": risk["code"] in SELECTED,
        "editing": risk["code"] == EDITING,
    }


def _column_money(wan: int, lang: str) -> str:
    return format_money(wan * 10_000, "CNY", lang, "column")


def _waterfall(side: int) -> list[Row]:
    return [
        {
            "name": row["dimension"][side],
            "score": row["score"],
            "weight": row["weight"],
            "band": band(row["score"]),
            "lines": [
                line
                | {"name": line["name"][side], "value": line["value"][side], "points": format_number(line["points"], 1)}
                for line in row["measures"]
            ],
        }
        for row in _raw()["why"]
    ]


def _milestone(row: Row, side: int, lang: str) -> Row:
    days = [dt.date.fromisoformat(row[key]) if row[key] else None for key in ("baseline", "forecast", "actual")]
    return {
        "name": row["name"][side],
        "slip": row["slip"],
        "band": row["band"],
        "dates": [format_date(day, lang, TODAY, weekday=False) for day in days],
    }


def _kpi(row: Row, side: int) -> Row:
    return row | {
        "label": row["label"][side],
        "unit": row["unit"][side],
        "rest": row["rest"][side],
        "why": row["why"][side],
        "good": row.get("good", "up"),
        "places": 0 if isinstance(row["delta"], int) else 1,
        "spark": sparkline(row["spark"], row["target"], 126, 30, row["rag"]),
    }


def _matrix() -> list[Row]:
    return [
        {
            "chance": chance,
            "cells": [
                {"count": count, "score": chance * impact, "band": risk_band(chance * impact)}
                for impact, count in enumerate(counts, start=1)
            ],
        }
        for chance, counts in _MATRIX.items()
    ]
