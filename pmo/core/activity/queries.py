"""The timeline of a record: what people said and what changed, newest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, QuerySet, Value
from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe

from pmo.core.access.api import can
from pmo.core.activity.access import MODERATE, may_change
from pmo.core.activity.calc import pieces
from pmo.core.activity.models import Attachment, Comment, Tagging, Watch, about
from pmo.core.audit.models import AuditEntry
from pmo.core.people.models import Person
from pmo.core.registers.declaration import Register
from pmo.core.registers.history import Act, acts_of

PER_PAGE = 20
EVERYTHING, COMMENTS, CHANGES = "all", "comments", "changes"
# Who watches is nobody's news.
UNTOLD = ("watch", "unwatch")
SHOWN = (EVERYTHING, COMMENTS, CHANGES)


@dataclass(frozen=True)
class Said:
    """A comment as the page shows it."""

    comment: Comment
    html: SafeString
    mine: bool
    removable: bool


@dataclass(frozen=True)
class Item:
    """One entry of the timeline: something said or something done."""

    said: Said | None = None
    act: Act | None = None


@dataclass
class Timeline:
    """One page of it."""

    page: Page[Any]
    items: list[Item] = field(default_factory=list)


def timeline(register: Register, row: Any, user: Any, shown: str, page: Any) -> Timeline:
    """A page of the record's timeline. `shown` is all, comments or changes; `row` carries the masks of protected columns."""
    sources = []
    if shown != CHANGES:
        sources.append(_marks(Comment.objects.filter(**about(row)), "created_at", "said"))
    if shown != COMMENTS:
        entries = AuditEntry.objects.filter(model=row._meta.label_lower, object_id=row.pk).exclude(action__in=UNTOLD)
        sources.append(_marks(entries, "at", "act"))
    marks = sources[0].union(*sources[1:], all=True) if len(sources) > 1 else sources[0]
    found = Paginator(marks.order_by("-moment", "-number"), PER_PAGE).get_page(page)
    picked = list(found.object_list)
    said = _said([pk for _moment, kind, pk in picked if kind == "said"], row, user)
    acts = _acts([pk for _moment, kind, pk in picked if kind == "act"], register, row, user)
    items = [Item(said=said.get(pk)) if kind == "said" else Item(act=acts.get(pk)) for _moment, kind, pk in picked]
    return Timeline(found, items)


def _marks(rows: QuerySet[Any], moment: str, kind: str) -> QuerySet[Any]:
    """(moment, kind, id) of the rows, alike for both sources."""
    named = rows.order_by().annotate(moment=F(moment), kind=Value(kind, output_field=CharField()), number=F("pk"))
    marks: QuerySet[Any] = named.values_list("moment", "kind", "number")
    return marks


def _said(ids: list[int], row: Any, user: Any) -> dict[int, Said]:
    rows = list(Comment.objects.filter(pk__in=ids).select_related("author__person"))
    names = _names({piece.code for comment in rows for piece in pieces(comment.text) if piece.code})
    moderator = bool(rows) and bool(can(user, MODERATE, row))
    return {
        comment.pk: Said(
            comment,
            comment_html(comment.text, names),
            may_change(user, comment),
            moderator or may_change(user, comment),
        )
        for comment in rows
    }


def _names(codes: set[str]) -> dict[str, str]:
    """Names of the persons by code, in the reader's language."""
    return {person.code: str(person) for person in Person.objects.filter(code__in=codes)} if codes else {}


def comment_html(text: str, names: dict[str, str]) -> SafeString:
    """The text with its line breaks, links and mentions, safe to show. `names` has the persons that exist, by code."""
    parts = [
        format_html('<span class="mention" title="{}">@{}</span>', piece.code, names[piece.code])
        if piece.code in names
        else mark_safe(_plain(f"@{piece.text}({piece.code})" if piece.code else piece.text))  # noqa: S308 - escaped there
        for piece in pieces(text)
    ]
    return format_html_join("", "{}", ((part,) for part in parts))


def _plain(text: str) -> str:
    """Escaped, links clickable, lines broken."""
    return urlize(text, nofollow=True, autoescape=True).replace("\n", "<br>")


def _acts(ids: list[int], register: Register, row: Any, user: Any) -> dict[int, Act]:
    entries = list(AuditEntry.objects.filter(pk__in=ids).select_related("payload", "actor__person"))
    return dict(zip((entry.pk for entry in entries), acts_of(register, row, entries, user), strict=True))


def attachments_of(row: Any) -> list[Attachment]:
    """Files of the record, newest first."""
    return list(Attachment.objects.filter(**about(row)).select_related("author__person"))


def tags_of(row: Any) -> list[str]:
    """Tags of the record, in their order."""
    return list(Tagging.objects.filter(**about(row)).values_list("word", flat=True))


def tagged(rows: QuerySet[Any], values: list[str], user: Any) -> QuerySet[Any]:
    """Those of the rows that carry one of the tags, in any spelling. `user` is who asks, as a register's filter is called."""
    folded = {value.strip().casefold() for value in values}
    found = Tagging.objects.filter(model=rows.model._meta.label_lower, folded__in=folded)
    return rows.filter(pk__in=found.order_by().values("object_id"))


def is_watching(user: Any, row: Any) -> bool:
    """Whether the user hears of changes."""
    return Watch.objects.filter(**about(row), user=user, active=True).exists()
