"""The shape of a war story: what every one of them tells."""

from __future__ import annotations

_ZH = ("当时的情况", "哪里出了问题", "我们错过的信号", "如果重来我们会怎么做")
_EN = ("Situation", "What went wrong", "Signals we missed", "What we would do")


def war_story_text() -> dict[str, str]:
    """Headings for both texts of a new war story, by field; the parts are the same in both languages."""
    return {"body_zh": _headings(_ZH), "body_en": _headings(_EN)}


def _headings(titles: tuple[str, ...]) -> str:
    return "\n\n".join(f"## {title}\n" for title in titles)
