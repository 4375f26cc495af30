"""One line of the table as HTML. A list has thousands of cells: they are joined here, not by the template engine."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from pmo.core.registers.cells import Cell

_NO_PK = 0


class RowWriter:
    """Writes the lines of one table: the columns' classes, labels and addresses are escaped once, not once a row."""

    def __init__(
        self,
        key: str,
        title: str,
        edit_word: str,
        select_word: str = "",
        numbered: bool = True,
        units: Mapping[str, str] | None = None,
    ) -> None:
        self.key = key
        self.title = title
        self.edit_word = edit_word
        self.select_word = conditional_escape(select_word)
        self.numbered = numbered
        # On a phone a row is a card without the head of the table: the unit stands with the label of each value.
        self._units = {name: f"{pgettext('unit', ', ')}{unit}" for name, unit in (units or {}).items() if unit}
        self._labels: dict[str, str] = {}
        self._edit = reverse("register-edit", kwargs={"key": key, "pk": _NO_PK}).rsplit(f"/{_NO_PK}/", 1)
        self._cell = f"{reverse('register-list', kwargs={'key': key})}{{}}/cell/{{}}/"

    def row(self, pk: int, number: int, cells: list[Cell]) -> SafeString:
        """`<tr>` of a row; the cells come prepared and safe."""
        parts = [f'<tr id="row-{pk}" data-number="{number}" data-row="{pk}">']
        if self.select_word:
            parts.append(
                f'<td class="c-check stick"><label><input type="checkbox" name="row" value="{pk}" form="bulk-form" data-select'
                f' autocomplete="off" aria-label="{self.select_word} {number}"></label></td>'
            )
        if self.numbered:
            parts.append(f'<td class="num c-number muted card-hide">{number}</td>')
        parts += [self._cell_html(pk, cell) for cell in cells]
        parts.append("</tr>")
        return mark_safe("".join(parts))  # noqa: S308  every part is escaped or made by the product

    def _cell_html(self, pk: int, cell: Cell) -> str:
        label = self._labels.get(cell.name)
        if label is None:
            said = f"{cell.label}{self._units.get(cell.name, '')}"
            label = self._labels[cell.name] = str(conditional_escape(said))
        css = f"{cell.css} editable" if cell.editable else cell.css
        more = f' data-edit="{self._cell.format(pk, cell.name)}"' if cell.editable else ""
        inside = f"{conditional_escape(cell.html)}{self._pencil(pk, cell.name, label) if cell.editable else ''}"
        if cell.name == self.title:
            start = (
                f'<th scope="row" class="{cell.css} stick stick-end card-title{" editable" if cell.editable else ""}"'
            )
            return f'{start} data-field="{cell.name}"{more}>{inside}</th>'
        return f'<td class="{css}" data-label="{label}" data-field="{cell.name}"{more}>{inside}</td>'

    def _pencil(self, pk: int, name: str, label: str) -> str:
        """The link that opens the form where there is no script."""
        url = f"{self._edit[0]}/{pk}/{self._edit[1]}#field-{name}"
        return f'<a class="cell-edit" href="{url}" tabindex="-1" aria-label="{self.edit_word} {label}"></a>'
