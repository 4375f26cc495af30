"""Counting again what a number says: every row behind its address, fetched page by page from the API as that user."""

from __future__ import annotations

import re
from typing import Any

import pytest

from portfolio.boards.declaration import Number
from tests.boards.health_index import health_index


def rows_behind(client: Any, url: str) -> list[dict[str, Any]]:
    """All rows of the list at the address, read from the API with the same parameters."""
    found = re.fullmatch(r"/r/([\w-]+)/(?:\?(.*))?", url)
    assert found, url
    asked, rows = f"/api/v1/{found.group(1)}/?{found.group(2) or ''}&page_size=200", []
    while asked:
        response = client.get(asked)
        assert response.status_code == 200, (asked, response.content[:400])
        answer = response.json()
        rows += answer["results"]
        asked = answer["next"]
    return rows


def gaps_behind(client: Any, url: str) -> int:
    """Lines of the page of data gaps, page by page."""
    pages = [client.get(url)]
    while pages[-1].context["page"].has_next():
        pages.append(client.get(f"{url}&page={len(pages) + 1}"))
    return sum(len(page.context["gaps"]) for page in pages)


def amount(row: dict[str, Any], name: str) -> float:
    value = row[name]
    return float(value["amount"] if isinstance(value, dict) else value)


def known(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [row for row in rows if all(row.get(name) is not None for name in names)]


def recount(client: Any, number: Number, answers: dict[str, Any] | None = None) -> Any:
    """What the number should be, from the rows alone. `answers` keeps what one user was shown while nothing changes."""
    answers = {} if answers is None else answers
    if number.recount == "gaps":
        return _once(answers, gaps_behind, client, number.url)
    rows = _once(answers, rows_behind, client, number.url)
    kind, _mark, rest = number.recount.partition(":")
    if kind == "health":
        return health_index(rows)
    if kind == "count":
        return len(rows)
    if kind == "sum":
        return sum(amount(row, rest) for row in known(rows, rest))
    if kind == "share":
        whole = len(_once(answers, rows_behind, client, rest))
        return 100 * len(rows) / whole
    if kind == "rest":
        whole = len(_once(answers, rows_behind, client, rest))
        return 100 * (whole - len(rows)) / whole
    if kind == "met":
        return (
            100
            * sum(bool(row["actual_date"]) and row["actual_date"] <= row["baseline_date"] for row in rows)
            / len(rows)
        )
    first, second = rest.split("/")
    both = known(rows, first, second)
    one, two = (sum(amount(row, name) for row in both) for name in (first, second))
    return {"over": 100 * (one - two) / two, "ratio": one / two}[kind]


def _once(answers: dict[str, Any], read: Any, client: Any, url: str) -> Any:
    if url not in answers:
        answers[url] = read(client, url)
    return answers[url]


def same(number: Number, again: Any) -> bool:
    """Whether the number says what was counted."""
    return float(number.value) == pytest.approx(float(again), rel=1e-6, abs=1e-6)
