"""Transitions of the delivery confidence assessments of the UK government's major projects, 2018 to 2020.

`RATINGS` counts projects by their rating of two or three years, from the yearly reports of the Infrastructure and Projects
Authority (Open Government Licence v3). Projects were matched by name, written alike but for case, spaces and punctuation:
there is no project number before 2020. Exempt ratings are left out. `read` makes the same counts from the merged file of
the reports (columns year, project, dca): `BENCH_UK_RATINGS=<file> python -m bench.uk_ratings` prints them.
"""

from __future__ import annotations

import csv
import os
import re
import sys
from collections import Counter

WORDS = ("Red", "Amber/Red", "Amber", "Amber/Green", "Green")
"""Worst first."""

YEARS = ("2018", "2019", "2020")
Path = tuple[str, str, str]

RATINGS: dict[Path, int] = {
    ("", "Amber", "Amber"): 7,
    ("", "Amber", "Amber/Green"): 1,
    ("", "Amber", "Amber/Red"): 3,
    ("", "Amber/Green", "Amber"): 3,
    ("", "Amber/Green", "Amber/Green"): 1,
    ("", "Amber/Green", "Green"): 1,
    ("", "Amber/Green", "Red"): 1,
    ("", "Amber/Red", "Amber"): 2,
    ("", "Amber/Red", "Amber/Red"): 5,
    ("", "Amber/Red", "Red"): 1,
    ("Amber", "Amber", ""): 1,
    ("Amber", "Amber", "Amber"): 17,
    ("Amber", "Amber", "Amber/Green"): 7,
    ("Amber", "Amber", "Amber/Red"): 3,
    ("Amber", "Amber", "Red"): 1,
    ("Amber", "Amber/Green", ""): 2,
    ("Amber", "Amber/Green", "Amber/Green"): 1,
    ("Amber", "Amber/Green", "Green"): 1,
    ("Amber", "Amber/Red", ""): 2,
    ("Amber", "Amber/Red", "Amber"): 2,
    ("Amber", "Amber/Red", "Amber/Green"): 1,
    ("Amber", "Amber/Red", "Amber/Red"): 3,
    ("Amber", "Green", ""): 1,
    ("Amber", "Red", "Red"): 2,
    ("Amber/Green", "Amber", ""): 2,
    ("Amber/Green", "Amber", "Amber"): 1,
    ("Amber/Green", "Amber", "Amber/Green"): 2,
    ("Amber/Green", "Amber", "Green"): 1,
    ("Amber/Green", "Amber/Green", ""): 1,
    ("Amber/Green", "Amber/Green", "Amber"): 1,
    ("Amber/Green", "Green", ""): 1,
    ("Amber/Red", "Amber", ""): 1,
    ("Amber/Red", "Amber", "Amber"): 6,
    ("Amber/Red", "Amber", "Amber/Green"): 1,
    ("Amber/Red", "Amber", "Amber/Red"): 3,
    ("Amber/Red", "Amber", "Red"): 1,
    ("Amber/Red", "Amber/Green", ""): 1,
    ("Amber/Red", "Amber/Green", "Amber/Green"): 1,
    ("Amber/Red", "Amber/Green", "Amber/Red"): 1,
    ("Amber/Red", "Amber/Red", ""): 4,
    ("Amber/Red", "Amber/Red", "Amber"): 4,
    ("Amber/Red", "Amber/Red", "Amber/Red"): 6,
    ("Amber/Red", "Amber/Red", "Red"): 3,
    ("Amber/Red", "Green", ""): 1,
    ("Red", "Amber", ""): 1,
    ("Red", "Amber", "Amber"): 1,
    ("Red", "Amber", "Amber/Red"): 1,
    ("Red", "Amber/Green", "Amber"): 1,
    ("Red", "Amber/Red", "Amber"): 2,
    ("Red", "Amber/Red", "Amber/Red"): 1,
    ("Red", "Red", "Amber/Red"): 1,
}


def read(name: str) -> Counter[Path]:
    """Counts of (2018, 2019, 2020), "" for a year without a rating of the project."""
    found: dict[str, dict[str, str]] = {}
    with open(name, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["dca"] in WORDS:
                key = re.sub(r"[^a-z0-9]", "", row["project"].casefold())
                found.setdefault(key, {})[row["year"]] = row["dca"]
    paths = ((years.get("2018", ""), years.get("2019", ""), years.get("2020", "")) for years in found.values())
    return Counter(path for path in paths if path[1] and (path[0] or path[2]))


def main() -> int:
    """Print the counts of the file, to be put here."""
    for path, number in sorted(read(os.environ["BENCH_UK_RATINGS"]).items()):
        sys.stdout.write(f"    {path!r}: {number},\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
