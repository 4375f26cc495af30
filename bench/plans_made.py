"""A large plan in Microsoft's XML, made up: phases, packages and activities with links, resources, baselines and a custom field."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

START = datetime.datetime.fromisoformat("2026-01-05T08:00")
RESOURCES = 200
PER_PHASE, PER_PACKAGE = 500, 25
HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Project xmlns="http://schemas.microsoft.com/project"><SaveVersion>14</SaveVersion><Title>大型工程</Title>
<ScheduleFromStart>1</ScheduleFromStart><StartDate>2026-01-05T08:00:00</StartDate><CalendarUID>1</CalendarUID>
<MinutesPerDay>480</MinutesPerDay><MinutesPerWeek>2400</MinutesPerWeek><DaysPerMonth>20</DaysPerMonth><CurrencyCode>CNY</CurrencyCode>
<ExtendedAttributes><ExtendedAttribute><FieldID>188743731</FieldID><FieldName>Text1</FieldName><Alias>成本中心</Alias></ExtendedAttribute></ExtendedAttributes>
"""


def write_mspdi(path: Path, tasks: int) -> None:
    """Write a plan of that many rows below the project's own."""
    with path.open("w", encoding="utf-8") as target:
        target.write(HEAD)
        target.write(_calendar())
        target.write(
            "<Tasks><Task><UID>0</UID><ID>0</ID><Name>大型工程</Name><OutlineLevel>0</OutlineLevel><Summary>1</Summary></Task>"
        )
        target.writelines(_tasks(tasks))
        target.write("</Tasks><Resources>")
        target.writelines(
            f"<Resource><UID>{one}</UID><ID>{one}</ID><Name>资源 {one}</Name><Type>1</Type><MaxUnits>1.00</MaxUnits>"
            "<StandardRate>120</StandardRate><StandardRateFormat>2</StandardRateFormat><CalendarUID>1</CalendarUID></Resource>"
            for one in range(1, RESOURCES + 1)
        )
        target.write("</Resources><Assignments>")
        target.writelines(_assignments(tasks))
        target.write("</Assignments></Project>")


def _calendar() -> str:
    ranges = "<WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime><WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime>"
    days = "".join(
        f"<WeekDay><DayType>{day}</DayType><DayWorking>{int(1 < day < 7)}</DayWorking>"
        + (f"<WorkingTimes>{ranges}</WorkingTimes>" if 1 < day < 7 else "")
        + "</WeekDay>"
        for day in range(1, 8)
    )
    return f"<Calendars><Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar><WeekDays>{days}</WeekDays></Calendar></Calendars>"


def _level(number: int) -> int:
    if (number - 1) % PER_PHASE == 0:
        return 1
    return 2 if (number - 2) % PER_PACKAGE == 0 else 3


def _tasks(count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        level, start = _level(number), START + datetime.timedelta(days=number % 700)
        finish = start + datetime.timedelta(hours=9)
        dates = f"<Start>{start:%Y-%m-%dT%H:%M:%S}</Start><Finish>{finish:%Y-%m-%dT%H:%M:%S}</Finish>"
        link = (
            f"<PredecessorLink><PredecessorUID>{number - 1}</PredecessorUID><Type>1</Type><LinkLag>4800</LinkLag><LagFormat>7</LagFormat></PredecessorLink>"
            if level == 3 and _level(number - 1) == 3
            else ""
        )
        yield (
            f"<Task><UID>{number}</UID><ID>{number}</ID><Name>任务 {number}</Name><Type>0</Type><IsNull>0</IsNull><WBS>{number}</WBS>"
            f"<OutlineLevel>{level}</OutlineLevel><Priority>500</Priority>{dates}<Duration>PT8H0M0S</Duration><DurationFormat>7</DurationFormat>"
            f"<Work>PT8H0M0S</Work><EffortDriven>0</EffortDriven><Estimated>0</Estimated><Milestone>0</Milestone><Summary>{int(level < 3)}</Summary>"
            f"<Critical>0</Critical><TotalSlack>4800</TotalSlack><PercentComplete>{number % 101}</PercentComplete><Cost>96000</Cost>"
            f"<RemainingDuration>PT8H0M0S</RemainingDuration><ConstraintType>0</ConstraintType><CalendarUID>-1</CalendarUID>"
            f"<Notes>第 {number} 项说明</Notes>{link}<ExtendedAttribute><FieldID>188743731</FieldID><Value>CC-{number % 40}</Value></ExtendedAttribute>"
            f"<Baseline><Number>0</Number>{dates}<Duration>PT8H0M0S</Duration><DurationFormat>7</DurationFormat><Work>PT8H0M0S</Work><Cost>96000</Cost></Baseline></Task>"
        )


def _assignments(count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        if _level(number) < 3:
            continue
        start = START + datetime.timedelta(days=number % 700)
        finish = start + datetime.timedelta(hours=9)
        yield (
            f"<Assignment><UID>{number}</UID><TaskUID>{number}</TaskUID><ResourceUID>{number % RESOURCES + 1}</ResourceUID>"
            f"<Start>{start:%Y-%m-%dT%H:%M:%S}</Start><Finish>{finish:%Y-%m-%dT%H:%M:%S}</Finish><Units>1</Units><Work>PT8H0M0S</Work><Cost>96000</Cost></Assignment>"
        )
