"""What the tables of this app hold about people."""

from __future__ import annotations

from pmo.core.privacy.declaration import declare_personal


def declare() -> None:
    """Every text and JSON value of the app's tables."""
    declare_personal(
        "knowledge.Article",
        plain="code country",
        text="title_zh title_en summary_zh summary_en body_zh body_en tag_names",
    )
    declare_personal("knowledge.ArticleImage", plain="stored content_type sha256", text="name")
    declare_personal("knowledge.ArticleRevision", text="reason title_zh title_en summary_zh summary_en body_zh body_en")
    declare_personal("knowledge.Lesson", plain="code", text="title situation cause recommendation impact")
    declare_personal("knowledge.SearchEntry", index="head pinyin initials body code")
    declare_personal("knowledge.Tag", text="name")
    declare_personal("knowledge.Template", plain="code", text="name_zh name_en purpose")
    declare_personal("knowledge.TemplateVersion", plain="stored content_type sha256", text="filename note")
