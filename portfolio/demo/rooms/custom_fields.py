"""Custom fields in the demo: what a PMO adds to the registry in its first year, with values where people would have filled them in."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo.core.custom_fields import stamp
from pmo.core.custom_fields.models import CustomField, CustomValue, LookupTable, LookupValue
from portfolio.demo import rooms
from projects.models import Milestone
from risks.models import Risk

if TYPE_CHECKING:
    from portfolio.demo.sim_run import Run
    from portfolio.demo.track import Book
    from portfolio.demo.world import World

NAME = "custom_fields"
# code, Chinese, English, colour
_CLASSES = (
    ("grow", "增长型", "Grow", "good"),
    ("run", "运营型", "Run", "info"),
    ("transform", "转型型", "Transform", "warn"),
    ("comply", "合规型", "Comply", "quiet"),
)
_BY_TYPE = {"product": "grow", "it": "transform", "transformation": "transform", "compliance": "comply"}
_SPONSORS = ("Q1001", "Q1002", "Q1003")
_MONTHS = "forecast_cost / max(1, days(planned_start, planned_finish) / 30.4)"
_FIELDS: tuple[dict[str, Any], ...] = (
    {"register": "projects", "code": "cost_centre", "name_zh": "ERP 成本中心", "name_en": "ERP cost centre", "kind": "text",
     "help_zh": "财务系统中的成本中心编码，每月对账用。", "help_en": "The cost centre in the ERP system, for the monthly match.", "order": 10},
    {"register": "projects", "code": "theme_class", "name_zh": "战略主题类别", "name_en": "Strategic theme class", "kind": "choice",
     "order": 20, "lookup": "theme_class"},
    {"register": "projects", "code": "board_sponsor", "name_zh": "董事会发起人", "name_en": "Board sponsor", "kind": "person",
     "order": 30},
    {"register": "projects", "code": "cost_per_month", "name_zh": "月均预测成本", "name_en": "Cost per month", "kind": "formula",
     "formula": _MONTHS, "result": "money", "unit": "currency", "order": 40,
     "help_zh": "预测总成本除以计划月数。", "help_en": "The forecast cost over the planned months."},
    {"register": "projects", "code": "planned_months", "name_zh": "计划月数", "name_en": "Planned months", "kind": "formula",
     "formula": "round(days(planned_start, planned_finish) / 30.4, 1)", "result": "number", "places": 1, "order": 50},
    {"register": "risks", "code": "insured", "name_zh": "已投保", "name_en": "Insured", "kind": "bool", "order": 10},
    {"register": "milestones", "code": "witness", "name_zh": "见证方", "name_en": "Witnessed by", "kind": "text", "order": 10},
)  # fmt: skip
_SECTION = {"section_zh": "PMO 补充信息", "section_en": "Added by the PMO"}
_NEEDED = {f"{one['register']}.{one['code']}" for one in _FIELDS} | {one[0] for one in _CLASSES}
_WITNESSES = ("监理单位", "客户代表", "第三方检测机构", "内部质量部")


def in_world(world: World, book: Book) -> None:
    """The lookup table and the fields, once; they are there from the first day."""
    if CustomField.objects.exists():
        found = CustomField.objects.values_list("register", "code", "pk")
        fields = {f"{register}.{code}": pk for register, code, pk in found}
        values = dict(LookupValue.objects.filter(table__code="theme_class").values_list("code", "pk"))
        kept = fields | values
        # Somebody's own fields have other keys: then the demo leaves them alone.
        world.rooms[NAME] = kept if kept.keys() >= _NEEDED else {}
        return
    table = book.add(
        LookupTable, world.first, code="theme_class", name_zh="战略主题类别", name_en="Strategic theme classes"
    )
    kept = {}
    for order, (code, zh, en, tone) in enumerate(_CLASSES, 1):
        value = {"code": code, "name_zh": zh, "name_en": en, "tone": tone, "order": 10 * order}
        kept[code] = book.add(LookupValue, world.first, table_id=table.pk, **value).pk
    for spec in _FIELDS:
        values = (_SECTION if spec["register"] == "projects" else {}) | {k: v for k, v in spec.items() if k != "lookup"}
        lookup = {"lookup_id": table.pk} if "lookup" in spec else {}
        kept[f"{spec['register']}.{spec['code']}"] = book.add(CustomField, world.first, **values, **lookup).pk
    world.rooms[NAME] = kept
    stamp.renew()


def on_project(run: Run) -> None:
    """Most projects have a cost centre and a class, large ones a sponsor in the board; some risks are insured, some milestones witnessed."""
    kept: dict[str, int] = run.world.rooms.get(NAME, {})
    if not kept:
        return
    rng = rooms.room_rng(run.world.seed, NAME, run.spec.code)
    if rng.random() < 0.9:
        _hold(run, kept["projects.cost_centre"], run.project, run.born, text=f"CC-{rng.integers(1000, 9999)}")
    if rng.random() < 0.85:
        chosen = kept[_BY_TYPE.get(run.spec.type, "run")]
        _hold(run, kept["projects.theme_class"], run.project, run.born, choice_id=chosen)
    if run.spec.budget * run.rate >= 50_000_000 or run.spec.critical:
        sponsor = run.world.people[_SPONSORS[int(rng.integers(0, len(_SPONSORS)))]]
        _hold(run, kept["projects.board_sponsor"], run.project, run.born, person_id=sponsor)
    for track in _own(run, Risk)[:3]:
        _hold(run, kept["risks.insured"], track.pk, track.created, flag=bool(rng.random() < 0.3))
    for track in _own(run, Milestone)[:2]:
        _hold(run, kept["milestones.witness"], track.pk, track.created, text=_WITNESSES[int(rng.integers(0, 4))])


def _own(run: Run, model: type[Any]) -> list[Any]:
    """The records of this project: those added last."""
    found = []
    for track in reversed(run.book.tracks.get(model, [])):
        if track.now["project_id"] != run.project:
            break
        found.append(track)
    return found


def _hold(run: Run, field: int, record: int, day: datetime.date, **value: str | Decimal | int | bool) -> None:
    run.book.add(CustomValue, day, field_id=field, record_id=record, **value)
