"""Writing Markdown: a text area with a preview that works with and without scripts, and the forms that use it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from knowledge.calc.war_story import war_story_text
from knowledge.models import ArticleKind
from pmo.core.registers.forms import RegisterForm

BODIES = ("body_zh", "body_en")


class Textarea(forms.Textarea):
    """A Markdown text area. Its button shows the preview below (htmx), or on a page of its own without scripts."""

    article_id: int | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The area, the button, and the place of the preview."""
        area = super().render(name, value, {**(attrs or {}), "rows": "18", "data-markdown": ""}, renderer)
        url = reverse("article-preview", kwargs={"field": name})
        if self.article_id:
            url += f"?article={self.article_id}"
        return format_html(
            '{area}<div class="row md-tools"><button class="btn btn-sm" formaction="{url}" formtarget="_blank" formnovalidate'
            ' hx-post="{url}" hx-target="#preview-{name}" hx-include="#id_{name}" hx-params="{name}">{show}</button>'
            '<span class="field-help">{help}</span></div><div class="prose know-text" id="preview-{name}" aria-live="polite">'
            "</div>",
            area=area,
            url=url,
            name=name,
            show=_("Preview"),
            help=_(
                "Markdown: # heading, **bold**, - list, | table |, [text](address), ![description](attachment:number)"
            ),
        )


class ArticleForm(RegisterForm):
    """The form of an article: previews beside the texts, and the four headings of a war story on a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in BODIES:
            if name in self.fields:
                widget = Textarea()
                widget.article_id = self.instance.pk
                self.fields[name].widget = widget
        for name in ("summary_zh", "summary_en"):
            if name in self.fields:
                self.fields[name].widget = forms.Textarea(attrs={"rows": "3"})
        new = self.instance.pk is None and not self.is_bound
        if new and self.initial.get("kind") == ArticleKind.WAR_STORY:
            for name, text in war_story_text().items():
                if name in self.fields and not self.initial.get(name):
                    self.initial[name] = text
