"""The numbers of the pages that are older than boards: what each page says, and the same counted again from the rows it leads to."""

from __future__ import annotations

import datetime
import html
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pmo.core.charts.model import Cell, Figure
from pmo.core.web.formats import EMPTY, format_money, format_number
from portfolio.boards.declaration import Number
from portfolio.tiles import MEASURES
from projects.models.choices import Dimension
from tests.boards.recount import known, recount, rows_behind

PLACES = {measure.key: measure.places for measure in MEASURES}
HOW = {
    "health": "health",
    "off_track": "count",
    "forecast": "over:eac/bac",
    "cpi": "ratio:ev/ac",
    "milestones": "met",
}


@dataclass(frozen=True)
class Said:
    """A number as the page writes it, and as the rows behind its link give it."""

    name: str
    shown: str
    again: str
    url: str = ""


def numbers_on(client: Any, address: str) -> list[Said]:
    """Every number of a page with its recount. The page must open and hold the link of each number."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    context, body = response.context, html.unescape(response.content.decode())
    found = [
        *_counts(client, context),
        *_tiles(client, context),
        *_heat(client, context),
        *_money(client, context),
        *_bridge(client, context),
        *_trend(client, context),
        *_roadmap(client, context),
        *_value(client, context),
        *_cards(client, context),
    ]
    for one in found:
        assert not one.url or one.url in body, (address, one.name, one.url)
    return found


def _counted(client: Any, name: str, shown: Any, url: str) -> Said:
    return Said(name, str(shown), str(len(rows_behind(client, url))), url)


def _counts(client: Any, context: Any) -> Iterator[Said]:
    """Counts that stand on the dashboard and the scorecard."""
    if "health_url" in context:
        url = context["health_url"]
        yield _counted(client, "total", context["total"], url)
        for band, number in context["counts"].items():
            yield _counted(client, f"band {band}", number, f"{url}&band={band}")
        for name, more in (("changed", "&changed=colour"), ("watermelon", "&watermelon=1")):
            said = _counted(client, name, context[f"{name}_count"], url + more)
            yield said if context[f"{name}_count"] else Said(said.name, said.shown, said.again)
        for name in ("late", "waiting") if not context["past"] else ("late",):
            url = context[f"{name}_url"] if context[f"{name}_count"] else ""
            if url:
                yield _counted(client, name, context[f"{name}_count"], url)
    if "decisions_url" in context:
        yield _counted(client, "decisions", context["decision_count"], context["decisions_url"])
        mine = _counted(client, "my decisions", context["my_decisions"], context["my_decisions_url"])
        yield mine if context["my_decisions"] else Said(mine.name, mine.shown, mine.again)


def _tiles(client: Any, context: Any) -> Iterator[Said]:
    """Headlines of the roll-up."""
    for tile in context.get("tiles") or ():
        if tile.key not in PLACES:
            continue
        how = HOW.get(tile.key)
        if how is None:
            everybody = _all_of(context, tile.url)
            how = {
                "reports": f"rest:{everybody}",
                "watermelons": f"share:{everybody}&declared=green&declared=amber&declared=red",
            }[tile.key]
        try:
            value = recount(client, Number(tile.key, "", None, tile.url, recount=how))
        except ZeroDivisionError:
            value = None
        yield Said(f"tile {tile.key}", _plain(tile.value), _rounded(tile.key, value), tile.url)


def _all_of(context: Any, url: str) -> str:
    """The health of everything in the choice on the day that the address of a headline names."""
    (day,) = set(re.findall(r"\d{4}-\d\d-\d\d", url))
    scope = context.get("scope")
    return f"/r/health/?date={day}" + (f"&{scope.query}" if scope is not None and scope.query else "")


def _figure(context: Any, name: str) -> Figure | None:
    found = context.get(name)
    return found if isinstance(found, Figure) else None


def _plain(text: str) -> str:
    return text.replace("−", "-").replace("+", "").replace(",", "")


def _rounded(key: str, value: float | None) -> str:
    if value is None:
        return EMPTY
    if key == "health":
        return str(math.floor(round(value, 6)))
    return _plain(format_number(float(value), PLACES[key], "en"))


def _heat(client: Any, context: Any) -> Iterator[Said]:
    """Every score of the heat map, and what it changed by, from the health of the two days."""
    figure = _figure(context, "heat_figure") or _figure(context, "heat")
    for line in figure.drawing.lines if figure is not None else ():
        why = line.why
        project = int(why.split("/")[3])
        day = parse_qs(urlsplit(why).query)["date"][0]
        (row,) = rows_behind(client, f"/r/health/?date={day}&project={project}")
        yield Said(f"heat {line.name}", _score(line.score), _score(row["overall"]), why)
        yield Said(f"heat {line.name} colour", line.band, row["band"])
        scored = [row[name] for name in Dimension.values if row[name] is not None]
        yield Said(
            f"heat {line.name} cells",
            str([_score(cell.score) for cell in line.cells if cell.score is not None]),
            str([_score(score) for score in scored]),
        )
        earlier = rows_behind(client, f"/r/health/?project={project}&date__lt={day}")
        before = max(earlier, key=lambda one: one["date"], default=None)
        again = None
        if before is not None and None not in (before["overall"], row["overall"]):
            again = round(round(row["overall"], 1) - round(before["overall"], 1))
        yield Said(f"heat {line.name} change", str(line.change), str(again))


def _score(value: Any) -> str:
    return "-" if value is None else f"{value:.4f}"


def _texts(row: Any) -> tuple[str, list[str]]:
    """The address of a row of a figure's table, and the texts of its other cells."""
    first, *rest = row
    href = first.href if isinstance(first, Cell) else ""
    return href, [cell.text if isinstance(cell, Cell) else cell for cell in rest]


def _money(client: Any, context: Any) -> Iterator[Said]:
    """Budget, actual, forecast, variance by business unit."""
    figure = _figure(context, "money")
    for row in [*figure.table.rows, figure.table.foot] if figure is not None and figure.table.rows else ():
        href, shown = _texts(row)
        rows = known(rows_behind(client, href), "bac", "eac")
        bac, ac, eac = (_sum(rows, name) for name in ("bac", "ac", "eac"))
        again = [format_money(value, "CNY", "en", "column") for value in (bac, ac, eac)]
        again.append(format_money(eac - bac, "CNY", "en", "column", sign=True))
        again.append(format_number(float(100 * (eac - bac) / bac), 1, "en", sign=True))
        yield Said(f"money {href}", str(shown), str(again), href)


def _sum(rows: list[dict[str, Any]], name: str) -> Decimal:
    amounts = [row[name]["amount"] if isinstance(row[name], dict) else row[name] for row in known(rows, name)]
    return sum((Decimal(str(amount)) for amount in amounts), Decimal(0))


def _bridge(client: Any, context: Any) -> Iterator[Said]:
    """The sums at both ends of the bridge."""
    figure = _figure(context, "bridge")
    if figure is None or not figure.table.rows:
        return
    for row, name in ((figure.table.rows[0], "bac"), (figure.table.rows[-1], "eac")):
        href, shown = _texts(row)
        total = _sum(known(rows_behind(client, href), "bac", "eac"), name)
        yield Said(f"bridge {name}", shown[0], format_money(total, "CNY", "en", "column"), href)


def _trend(client: Any, context: Any) -> Iterator[Said]:
    """Health and colours of each week."""
    figure = _figure(context, "trend")
    for row in figure.table.rows if figure is not None else ():
        href, shown = _texts(row)
        index = recount(client, Number("health", "", None, href, recount="health"))
        yield Said(f"trend {href}", shown[0], EMPTY if index is None else format_number(index, 1, "en"), href)
        rows = rows_behind(client, href)
        again = [str(sum(one["band"] == band for one in rows)) for band in ("red", "amber", "green", "grey")]
        yield Said(f"trend colours {href}", str(shown[-4:]), str(again), href)


def _roadmap(client: Any, context: Any) -> Iterator[Said]:
    """The slip of each project."""
    figure = _figure(context, "roadmap")
    past = context["time"].past if figure is not None else False
    for row in figure.table.rows if figure is not None else ():
        href, shown = _texts(row)
        if past:
            (project,) = rows_behind(client, href)
        else:
            project = client.get(f"/api/v1/projects/{href.split('/')[3]}/").json()
        planned, expected = project["planned_finish"], project["actual_finish"] or project["forecast_finish"]
        yield Said(f"roadmap {project['name']}", shown[2], _days(planned, expected), href)


def _days(planned: str | None, expected: str | None) -> str:
    if planned is None or expected is None:
        return EMPTY
    days = datetime.date.fromisoformat(expected) - datetime.date.fromisoformat(planned)
    return format_number(days.days, 0, "en", sign=True)


def _value(client: Any, context: Any) -> Iterator[Said]:
    """Health of the projects that contribute to strategy."""
    figure = _figure(context, "value")
    for row in figure.table.rows if figure is not None else ():
        href, shown = _texts(row)
        (health,) = rows_behind(client, f"/r/health/?date={context['day']}&project={href.split('/')[3]}")
        yield Said(f"value {href}", shown[1], format_number(health["overall"], 1, "en"), href)


def _cards(client: Any, context: Any) -> Iterator[Said]:
    """Cards of a home, and the gaps it counts."""
    for filled in context.get("cards") or ():
        yield _counted(client, f"card {filled.card.key}", filled.total, filled.url)
    gaps = context.get("gaps")
    for gap in getattr(gaps, "gaps", ()):
        yield _counted(client, f"gap {gap.gap.key}", gap.total, gap.url)
