"""`python -m bench.run [NAME ...]`: every benchmark of this folder, or those named.

A benchmark is a module with `run() -> Outcome`. Each ends with one JSON line
{"bench", "figures", "goals", "met"}; the exit status is 1 where a goal was missed.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Goal:
    """A figure and the most it may be."""

    figure: str
    at_most: float


@dataclass
class Outcome:
    """Figures by name, and the goals they are held against."""

    figures: dict[str, float] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)

    @property
    def met(self) -> bool:
        """Whether every goal is met; a figure that is missing misses its goal."""
        return all(self.figures.get(goal.figure, float("inf")) <= goal.at_most for goal in self.goals)

    def as_line(self, name: str) -> str:
        """The JSON line."""
        goals = {goal.figure: f"<= {goal.at_most:g}" for goal in self.goals}
        return json.dumps({"bench": name, "figures": self.figures, "goals": goals, "met": self.met})


def benchmarks() -> list[str]:
    """Names of the benchmarks there are: the modules of this folder with a `run`."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return [name for name in names if name != "run" and hasattr(importlib.import_module(f"bench.{name}"), "run")]


def main(wanted: list[str]) -> int:
    """Run them and print their lines."""
    known = benchmarks()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"bench: there is no {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    all_met = True
    for name in wanted or known:
        outcome = importlib.import_module(f"bench.{name}").run()
        print(outcome.as_line(name), flush=True)
        all_met &= outcome.met
    return 0 if all_met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
