"""The cells of the Excel form: which row holds which field, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.models.choices import Band, Dimension
from projects.queries.report_document.colours import RATED
from projects.queries.report_document.texts import both, words

REPORT_SHEET, ASKS_SHEET, FACTS_SHEET, HELP_SHEET = "周报 Report", "决策 Decisions", "数据 Figures", "说明 How to"
REPORT_HEAD = ("key", "Item", "项目", "系统计算 Computed", "填写 Your entry", "说明 Comment")
ASKS_HEAD = ("需决策事项 Decision needed", "决策人 From whom", "期限 By when", "每周延误成本 Cost of delay per week")
KEY, COMPUTED, ENTRY, COMMENT = 0, 3, 4, 5
ASK_FIELDS = ("title", "decider", "needed_by", "delay_cost")
ASK_ROWS = 10
COLOUR, TEXT, DATE, NUMBER, FIXED = "colour", "text", "date", "number", "fixed"


@dataclass(frozen=True)
class Item:
    """A row of the form: key (the field, or the dimension), label, what its entry holds, and the names of the posted fields."""

    key: str
    label: Any
    kind: str
    entry: str = ""
    comment: str = ""


def items(money: bool) -> list[Item]:
    """The rows of the form, in order; without the cost forecast for who may not see the project's money."""
    found = [
        Item("report", _("Report and version"), FIXED),
        Item("project", _("Project"), FIXED),
        Item("period_start", _("Period from"), DATE, "period_start"),
        Item("period_end", _("Period to"), DATE, "period_end"),
        Item("overall", _("Overall"), COLOUR, "declared", "comment"),
    ]
    found += [Item(name, Dimension(name).label, COLOUR, f"{name}-declared", f"{name}-comment") for name in RATED]
    found += [
        Item("summary", _("Executive summary"), TEXT, "summary"),
        Item("achievements", _("Achievements"), TEXT, "achievements"),
        Item("next_period", _("Next period"), TEXT, "next_period"),
        Item("help_needed", _("Help needed from the PMO"), TEXT, "help_needed"),
        Item("forecast_finish", _("Forecast finish"), DATE, "forecast_finish"),
    ]
    if money:
        found.append(Item("forecast_cost", _("Estimate at completion"), NUMBER, "forecast_cost"))
    return found


def colour_word(band: str) -> str:
    """How the form writes a colour: both words, so that every reader understands it."""
    label = words(Band(band).label)
    return f"{label['zh']} {label['en']}"


def colour_of(text: str) -> str | None:
    """The colour a cell names by code, by either word or by both; None for none."""
    wanted = " ".join(text.split()).casefold()
    for band in Band.values:
        label = words(Band(band).label)
        if wanted in {band, label["zh"].casefold(), label["en"].casefold(), colour_word(band).casefold()}:
            return band
    return None


def label_pair(label: Any) -> tuple[str, str]:
    """A label in English and in Chinese."""
    found = both(lambda language: label)
    return found["en"], found["zh"]
