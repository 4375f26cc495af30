"""The frame of every file: A4, head with organisation and title, foot with page x of y and what was printed when by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.pdfgen.canvas import Canvas

from pmo.core.pdf.blocks import Block, Style, Text, Together, draw_lines
from pmo.core.pdf.fonts import MISSING, clean
from pmo.core.pdf.palette import colour
from pmo.core.web.formats import is_zh

PDF_TYPE = "application/pdf"
_SIDE, _TOP, _BOTTOM = 42.0, 54.0, 48.0
_QUIET = Style(7.5, 10, colour="t3", after=0)
# Room that a block that stays with the next one wants below itself.
_COMPANY = 44.0


@dataclass(frozen=True)
class Sheet:
    """What stands on every page.

    `note` is the left of the foot: when and by whom it was printed, or the fingerprint of what was frozen. `mark` is a
    word across the page (draft). `lang` is the language of the words. `wide` turns the paper; `broad` takes A3.
    """

    title: str
    house: str
    note: str
    lang: str
    mark: str = ""
    wide: bool = False
    broad: bool = False
    subject: str = ""

    @property
    def paper(self) -> tuple[float, float]:
        """Width and height in points."""
        size = A3 if self.broad else A4
        width, height = landscape(size) if self.wide else size
        return float(width), float(height)

    @property
    def inner(self) -> float:
        """The width between the margins."""
        return self.paper[0] - 2 * _SIDE

    @property
    def room(self) -> float:
        """The height between head and foot."""
        return self.paper[1] - _TOP - _BOTTOM


@dataclass
class _Page:
    placed: list[tuple[Block, float]] = field(default_factory=list)
    used: float = 0.0


class _Paper(Canvas):
    """A canvas that remembers whether the page holds characters that the fonts do not have."""

    missing = False


def make_pdf(sheet: Sheet, blocks: Sequence[Block], *, compress: bool = True) -> bytes:
    """The file. The same sheet and blocks give the same bytes. Blocks are cut at the page's end where they can be."""
    canvas = _Paper("", pagesize=sheet.paper, invariant=1, pageCompression=int(compress), lang=_tag(sheet.lang))
    canvas.setTitle(clean(sheet.title))
    canvas.setAuthor(clean(sheet.house))
    canvas.setSubject(clean(sheet.subject or sheet.title))
    canvas.setCreator("Bellwether")
    pages = paged(sheet, blocks)
    with translation.override(sheet.lang):
        for number, page in enumerate(pages, 1):
            if sheet.mark:
                _stamp(canvas, sheet)
            for block, top in page.placed:
                block.draw(canvas, _SIDE, top, sheet.inner)
            _frame(canvas, sheet, number, len(pages))
            canvas.showPage()
    return bytes(canvas.getpdfdata())


def paged(sheet: Sheet, blocks: Sequence[Block]) -> list[_Page]:
    """The blocks on pages. One that fits on no page and cannot be cut stands on a page of its own."""
    pages = [_Page()]
    waiting = list(reversed(blocks))
    gap = 0.0
    while waiting:
        block, page = waiting.pop(), pages[-1]
        before = max(gap, block.before) if page.placed else 0.0
        room = sheet.room - page.used - before
        height = block.height(sheet.inner)
        wanted = height + (_company(waiting, sheet) + block.after if block.keep and waiting else 0.0)
        if wanted <= room or (not page.placed and height <= room):
            _put(sheet, page, block, before, height)
            gap = block.after
            continue
        parts = block.split(sheet.inner, room) if height > room else None
        if parts is not None:
            _put(sheet, page, parts[0], before, parts[0].height(sheet.inner))
            waiting.append(parts[1])
        elif page.placed:
            waiting.append(block)
        elif isinstance(block, Together):
            waiting += reversed(block.blocks)
            continue
        else:
            _put(sheet, page, block, before, height)
            gap = block.after
            continue
        pages.append(_Page())
        gap = 0.0
    return pages if pages[-1].placed or len(pages) == 1 else pages[:-1]


def _company(waiting: list[Block], sheet: Sheet) -> float:
    following = waiting[-1]
    height = following.height(sheet.inner)
    if following.keep and len(waiting) > 1:
        return height + following.after + _company(waiting[:-1], sheet)
    return min(height, _COMPANY) if _can_be_cut(following) else height if height < sheet.room / 2 else _COMPANY


def _can_be_cut(block: Block) -> bool:
    return type(block).split is not Block.split


def _put(sheet: Sheet, page: _Page, block: Block, before: float, height: float) -> None:
    page.placed.append((block, sheet.paper[1] - _TOP - page.used - before))
    page.used += before + height


def _tag(lang: str) -> str:
    return "zh-CN" if is_zh(lang) else "en-GB"


def _frame(canvas: Any, sheet: Sheet, number: int, total: int) -> None:
    width, height = sheet.paper
    half = sheet.inner * 0.48
    _one_line(canvas, sheet.house, _QUIET, _SIDE, height - 30, half)
    _one_line(canvas, sheet.title, Style(7.5, 10, colour="t3", align="right"), width - _SIDE - half, height - 30, half)
    canvas.setStrokeColor(colour("line-2"))
    canvas.setLineWidth(0.5)
    canvas.line(_SIDE, height - 43, width - _SIDE, height - 43)
    place = _("Page %(number)s of %(total)s") % {"number": number, "total": total}
    note = sheet.note
    if canvas.missing:
        note += " · " + _("%(sign)s: a character that PDF fonts do not have") % {"sign": MISSING}
        canvas.missing = False
    _one_line(canvas, note, _QUIET, _SIDE, 32, sheet.inner - 90)
    _one_line(canvas, place, Style(7.5, 10, colour="t3", align="right"), width - _SIDE - 88, 32, 88)


def _one_line(canvas: Any, text: str, style: Style, x: float, top: float, width: float) -> None:
    """A text of the frame: in two lines where one is too short, what then is left over stands in the file's title."""
    draw_lines(canvas, Text(text, style).lines(width)[:2], style, x, top, width)


def _stamp(canvas: Any, sheet: Sheet) -> None:
    """The word of a draft, large and pale across the page, below everything else."""
    width, height = sheet.paper
    style = Style(96, 100, bold=True, colour="canvas", align="center")
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(40)
    draw_lines(canvas, Text(sheet.mark, style).lines(900), style, -450, 50, 900)
    canvas.restoreState()
