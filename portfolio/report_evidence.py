"""Why the computed colours of a project are what they are, for the author of its status report."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import translation

from portfolio.calc.health.explain import MeasureItem
from portfolio.queries.health_story import Story, story_of
from portfolio.sentences import Teller, measure_sentence


@dataclass(frozen=True)
class StoryEvidence:
    """The evidence of one snapshot: of each dimension the measure that took the most points."""

    story: Story

    def sentence(self, dimension: str, lang: str, *, money: bool) -> str:
        """What the heaviest measure of the dimension ("": of all) says, in the language; "" where nothing took points."""
        item = self._heaviest(dimension)
        if item is None:
            return ""
        with translation.override(lang):
            return measure_sentence(self.story, item, Teller(lang, self.story.day, money))

    def _heaviest(self, dimension: str) -> MeasureItem | None:
        items = [
            item for item in self.story.explanation.measures if dimension in {"", item.dimension} and item.points > 0
        ]
        return max(items, key=lambda item: item.points, default=None)


def report_evidence(project_id: int, until: datetime.date) -> StoryEvidence | None:
    """The evidence of the newest snapshot up to the day; None before the first. Six queries at most."""
    story = story_of(project_id, until)
    return None if story is None else StoryEvidence(story)
