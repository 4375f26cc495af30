"""Keeping a column of the file that no field takes: a new field of the register, made and mapped in one step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pmo.core.audit.actor import request_actor
from pmo.core.imports import services
from pmo.core.imports.fields import Target
from pmo.core.imports.header_words import read_header
from pmo.core.imports.keeping import keeper_of
from pmo.core.imports.looks import CHOICE, MONEY, MULTI, NUMBER, Look
from pmo.core.imports.mapping import Mapping, Source
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.targets import get_target

KEEP, KEEPING = "keep", "keeping"
_SHOWN_WORDS = 12


@dataclass
class Offer:
    """The new field that a column could become, as the page shows it."""

    index: int
    name: str
    kind: str
    kinds: list[tuple[str, Any, bool]]
    words: tuple[str, ...] = ()
    more: int = 0
    open: bool = False
    errors: list[str] = field(default_factory=list)


@dataclass
class Offers:
    """What the page says about unused columns: by column name, and why nothing can be kept ("" where it can)."""

    by_column: dict[str, Offer] = field(default_factory=dict)
    refused: Any = ""


def _register_of(batch: ImportBatch) -> str:
    target = get_target(batch.target)
    return target.register or target.key


def offers(request: HttpRequest, batch: ImportBatch, target: Target, used: set[str]) -> Offers:
    """A new field for each column that feeds nothing and is not one of the register's own computed columns."""
    keeper = keeper_of(_register_of(batch))
    if keeper is None:
        return Offers()
    decision = keeper.decision(request.user)
    if not decision:
        return Offers(refused=decision.reason)
    kinds = list(keeper.kinds())
    found = Offers()
    for index, column in enumerate(batch.table["columns"]):
        if column["name"] not in used and read_header(column["name"]).name not in target.ignored:
            found.by_column[column["name"]] = _offer(request, index, column, kinds)
    return found


def _offer(request: HttpRequest, index: int, column: dict[str, Any], kinds: list[tuple[str, Any]]) -> Offer:
    look = Look.from_json(column.get("look"))
    kind = request.POST.get(f"new-{index}-kind") or look.kind
    words = {CHOICE: look.words, MULTI: look.parts}.get(kind, ())
    return Offer(
        index,
        request.POST.get(f"new-{index}-name", column["name"]),
        kind,
        [(value, label, value in look.fits) for value, label in kinds],
        words[:_SHOWN_WORDS],
        max(0, len(words) - _SHOWN_WORDS),
        open=str(index) in {request.POST.get(KEEPING, ""), request.POST.get(KEEP, "")},
    )


def keep_column(request: HttpRequest, batch: ImportBatch, mapping: Mapping) -> HttpResponseRedirect | list[str]:
    """Make the field and map the column to it; gives the page to go on with, or what is wrong."""
    sent = request.POST.get(KEEP, "")
    columns = batch.table["columns"]
    keeper = keeper_of(_register_of(batch))
    index = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else len(columns)
    if keeper is None or index >= len(columns):
        return [_("There is no such column.")]
    keeper.decision(request.user).or_raise()
    column = columns[index]
    name = " ".join(request.POST.get(f"new-{index}-name", "").replace("\x00", "").split())
    kind = request.POST.get(f"new-{index}-kind", "")
    try:
        look = Look.from_json(column.get("look"))
        key = keeper.make(actor=request_actor(request), register=_register_of(batch), name=name, kind=kind, look=look)
    except ValidationError as error:
        return list(error.messages)
    fields = {**mapping.fields, key: _source(column["name"], kind)}
    services.set_mapping(actor=request_actor(request), batch=batch, mapping=replace(mapping, fields=fields))
    messages.success(request, _("The field %(name)s was added and takes the column.") % {"name": name})
    return redirect("import-columns", pk=batch.pk)


def _source(column: str, kind: str) -> Source:
    """The column, with the unit and currency that its header states."""
    header = read_header(column)
    if kind == MONEY:
        return Source((column,), scale=header.scale, currency=header.currency)
    return Source((column,), scale=header.scale) if kind == NUMBER else Source((column,))
