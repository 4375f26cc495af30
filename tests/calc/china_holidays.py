"""Chinese public holidays and make-up working days, as the General Office of the State Council published them.

Notices 国办发明电〔2023〕7号 (for 2024), 〔2024〕12号 (for 2025) and the notice of November 2025 (for 2026).
"""

import datetime

from pmo.core.calendars.calc import WorkingCalendar

HOLIDAYS = """
2024-01-01 2024-01-01
2024-02-10 2024-02-17
2024-04-04 2024-04-06
2024-05-01 2024-05-05
2024-06-10 2024-06-10
2024-09-15 2024-09-17
2024-10-01 2024-10-07
2025-01-01 2025-01-01
2025-01-28 2025-02-04
2025-04-04 2025-04-06
2025-05-01 2025-05-05
2025-05-31 2025-06-02
2025-10-01 2025-10-08
2026-01-01 2026-01-03
2026-02-15 2026-02-23
2026-04-04 2026-04-06
2026-05-01 2026-05-05
2026-06-19 2026-06-21
2026-09-25 2026-09-27
2026-10-01 2026-10-07
"""

MAKE_UP_DAYS = """
2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""


def china() -> WorkingCalendar:
    """The office calendar of mainland China for 2024 to 2026."""
    exceptions: dict[datetime.date, float] = {}
    for line in HOLIDAYS.split("\n"):
        if line:
            first, last = (datetime.date.fromisoformat(day) for day in line.split())
            for offset in range((last - first).days + 1):
                exceptions[first + datetime.timedelta(days=offset)] = 0.0
    for day in MAKE_UP_DAYS.split():
        exceptions[datetime.date.fromisoformat(day)] = 1.0
    return WorkingCalendar(exceptions=exceptions)
