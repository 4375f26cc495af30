"""The RAG vocabulary: four values, always a shape and a word, never colour alone."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext_lazy


class Rag(TextChoices):
    """A declared, computed or reviewed colour, best first."""

    GREEN = "green", pgettext_lazy("rag", "On track")
    AMBER = "amber", pgettext_lazy("rag", "At risk")
    RED = "red", pgettext_lazy("rag", "Off track")
    GREY = "grey", pgettext_lazy("rag", "Not reported")


SEVERITY = {Rag.GREY: 0, Rag.GREEN: 1, Rag.AMBER: 2, Rag.RED: 3}

# Drawn in an 8 by 8 box; the same four shapes stand in heat maps, tabs, charts and prints.
_DRAWINGS = {
    Rag.GREEN: '<circle cx="4" cy="4" r="3.6"/>',
    Rag.AMBER: '<path d="M4 .4 8.2 7.6H-.2z"/>',
    Rag.RED: '<rect x=".5" y=".5" width="7" height="7" rx=".8"/>',
    Rag.GREY: '<circle cx="4" cy="4" r="3.1"/>',
}
_SHAPES = {
    rag: mark_safe(f'<svg class="rag-shape" viewBox="0 0 8 8" aria-hidden="true">{drawing}</svg>')  # noqa: S308
    for rag, drawing in _DRAWINGS.items()
}


def parse_rag(value: object) -> Rag:
    """The colour meant by `value`; None, an empty string and unknown words are grey."""
    try:
        return Rag(str(value))
    except ValueError:
        return Rag.GREY


def worse(first: object, second: object) -> bool:
    """Whether the first colour is worse than the second; grey is not comparable and never worse."""
    return SEVERITY[parse_rag(first)] > SEVERITY[parse_rag(second)] > 0


def rag_shape(value: object) -> SafeString:
    """The bare SVG shape, hidden from screen readers: the word must stand beside it."""
    return _SHAPES[parse_rag(value)]


def rag_html(value: object, style: str = "badge", text: object | None = None) -> SafeString:
    """A RAG mark.

    `style`: "badge" (fill, shape, word), "large" (the same, bigger), "word" (shape and word), "shape" (shape, the word for
    screen readers only), "score" (heat-map fill with `text` at the right). `text` replaces the visible word of a "word"
    or is the number of a "score" and of a "shape".
    """
    rag = parse_rag(value)
    shape = _SHAPES[rag]
    if style == "score":
        return format_html(
            '<span class="score cell-{}" title="{}">{}<span>{}</span></span>', rag.value, rag.label, shape, _shown(text)
        )
    if style == "shape":
        number = "" if text is None else format_html("<span>{}</span>", text)
        return format_html(
            '<span class="rag rag-{}" title="{}">{}<span class="sr">{}</span>{}</span>',
            rag.value,
            rag.label,
            shape,
            rag.label,
            number,
        )
    extra = {"badge": " rag-badge", "large": " rag-badge rag-lg"}.get(style, "")
    return format_html(
        '<span class="rag rag-{}{}">{}{}</span>', rag.value, extra, shape, rag.label if text is None else text
    )


def rag_change_html(before: object, after: object) -> SafeString:
    """Two shapes with a chevron between: the colour it was and the colour it is."""
    from pmo.core.web.icons import icon_html

    old, new = parse_rag(before), parse_rag(after)
    return format_html(
        '<span class="rag-change" title="{} – {}">{}{}{}</span>',
        old.label,
        new.label,
        rag_html(old, "shape"),
        icon_html("chevron-right"),
        rag_html(new, "shape"),
    )


def _shown(text: object | None) -> object:
    return "—" if text is None or text == "" else text
