"""What a file says of the project as a whole."""

from __future__ import annotations

from typing import Any

from projects.plan_files.child.fields import CUSTOM
from projects.plan_files.child.remarks import Remarks
from projects.plan_files.child.values import Json, Values, kind_of, moment, number, put, text, word

DAY, WEEK, MONTH = 480, 2400, 20
# Of the many settings of a program, those that say something of the project itself: kept as its fields.
TELLING = frozenset(
    [
        "AUTHOR",
        "MANAGER",
        "COMPANY",
        "SUBJECT",
        "CATEGORY",
        "KEYWORDS",
        "COMMENTS",
        "NAME",
        "PROJECT_ID",
        "LAST_AUTHOR",
        "LAST_SAVED",
        "CREATION_DATE",
        "REVISION",
        "HYPERLINK_BASE",
        "TEMPLATE",
        "PLANNED_START",
        "SCHEDULED_FINISH",
        "MUST_FINISH_BY",
        "BASELINE_CALENDAR_NAME",
        "BASELINE_DATE",
        "NOTES",
        "PROJECT_WEBSITE_URL",
        "LANGUAGE",
        "CONTENT_STATUS",
        "CONTENT_TYPE",
        "COST",
        "WORK",
        "DURATION",
        "ACTUAL_START",
        "ACTUAL_FINISH",
    ]
)
# Places in Plan of their own.
MAPPED = frozenset(
    [
        "PROJECT_TITLE",
        "START_DATE",
        "FINISH_DATE",
        "STATUS_DATE",
        "SCHEDULE_FROM",
        "MINUTES_PER_DAY",
        "MINUTES_PER_WEEK",
        "DAYS_PER_MONTH",
        "CRITICAL_SLACK_LIMIT",
        "CURRENCY_CODE",
        "CURRENCY_SYMBOL",
        "DEFAULT_CALENDAR_UNIQUE_ID",
        "FILE_APPLICATION",
        "FILE_TYPE",
        "FULL_APPLICATION_NAME",
        "SHORT_APPLICATION_NAME",
        "PROJECT_CODE_VALUES",
        "CUSTOM_PROPERTIES",
    ]
)
TEXT_LIMIT = 10_000


def properties(project: Any, format: str, values: Values, remarks: Remarks) -> Json:
    """The head of the plan, its fields included."""
    held = project.getProjectProperties()
    result: Json = {
        "title": (text(held.getProjectTitle()) or text(held.getName()))[:300],
        "format": format,
        "application": (text(held.getFileApplication()) or text(held.getFullApplicationName()))[:60],
        "schedule_from_finish": word(held.getScheduleFrom()) == "finish",
        "minutes_per_day": _positive(held.getMinutesPerDay(), DAY),
        "minutes_per_week": _positive(held.getMinutesPerWeek(), WEEK),
        "days_per_month": _positive(held.getDaysPerMonth(), MONTH),
        "critical_slack": values.minutes(held.getCriticalSlackLimit()) or 0.0,
        "currency": _currency(project, held),
    }
    put(result, "start", moment(held.getStartDate()))
    put(result, "finish", moment(held.getFinishDate()))
    put(result, "status_at", moment(held.getStatusDate()))
    calendar = held.getDefaultCalendarUniqueID()
    put(result, "calendar", None if calendar is None else str(calendar))
    put(result, "fields", [*_fields(project, held, values, remarks), *_custom(held, remarks), *_codes(held, remarks)])
    return result


def _currency(project: Any, held: Any) -> str:
    """The code, or the sign that the file names; nothing where Java only assumes one."""
    if held.getCurrencyCode():
        return text(held.getCurrencyCode())[:10]
    signs = {"CURRENCY_SYMBOL"} & {str(one.name()) for one in held.getPopulatedFields()}
    sign = text(held.getCurrencySymbol())
    codes = {text(one.getSymbol()): text(one.getCurrencyID()) for one in project.getCurrencies()}
    return (codes.get(sign) or (sign if signs else ""))[:10]


def _positive(value: Any, default: int) -> int:
    found = number(value)
    return int(found) if found is not None and 0 < found <= 1_000_000 else default


def _fields(project: Any, held: Any, values: Values, remarks: Remarks) -> list[Json]:
    result = []
    labels = project.getCustomFields()
    for field in sorted(held.getPopulatedFields(), key=lambda one: str(one.name())):
        name = str(field.name())
        custom = CUSTOM.match(name) is not None
        kind = kind_of(str(field.getDataType().name()))
        if name in MAPPED:
            continue
        if not kind or not (custom or name in TELLING):
            remarks.lost_kind("program_settings", name)
            continue
        value = values.field_value(kind, held.get(field))
        if value is None:
            continue
        alias = labels.get(field)
        label = text(alias.getAlias()) if alias is not None else ""
        label = label or text(field.getName())
        result.append({"name": name, "label": label, "kind": kind, "value": _short(value)})
        remarks.kept("fields", "project_fields", label or name, distinct=True)
    return result


def _custom(held: Any, remarks: Remarks) -> list[Json]:
    """Document properties that people added."""
    found = held.getCustomProperties()
    if found is None:
        return []
    result = []
    for entry in found.entrySet():
        name, value = text(entry.getKey()), text(entry.getValue())
        if value:
            result.append({"name": f"PROPERTY {name}", "label": name, "kind": "text", "value": _short(value)})
            remarks.kept("fields", "project_fields", name, distinct=True)
    return result


def _codes(held: Any, remarks: Remarks) -> list[Json]:
    found = held.getProjectCodeValues()
    if found is None:
        return []
    result = []
    for entry in found.entrySet():
        label, value = text(entry.getKey().getName()), entry.getValue()
        words = " – ".join(one for one in (text(value.getName()), text(value.getDescription())) if one)
        result.append({"name": f"CODE {entry.getKey().getUniqueID()}", "label": label, "kind": "text", "value": words})
        remarks.kept("fields", "codes", label, distinct=True)
    return result


def _short(value: Any) -> Any:
    return value[:TEXT_LIMIT] if isinstance(value, str) else value
