"""Columns, meanings of words, and near matches: what the user decides before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo.core.audit.actor import request_actor
from pmo.core.imports import forms, services
from pmo.core.imports.cells import is_empty, key_of
from pmo.core.imports.fields import Target
from pmo.core.imports.mapping import Mapping
from pmo.core.imports.mapping_json import load_mapping, load_preset
from pmo.core.imports.models import ImportBatch, ImportMapping
from pmo.core.imports.planning import NEW, SKIP
from pmo.core.imports.preset_words import preset_about, preset_title
from pmo.core.imports.shown import meanings
from pmo.core.imports.tailoring import tailored
from pmo.core.imports.targets import get_target
from pmo.core.imports.texts import say_stored
from pmo.core.imports.views.common import check_then, find_batch, frame, not_open, page_url
from pmo.core.imports.views.keeping import KEEP, keep_column, offers
from pmo.core.registers.values import is_id

_NEAR_PAGE = 100
UNDECIDED, NOTHING = "?", "-"


# -- columns --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Which column feeds which field."""
    batch = find_batch(request, pk)
    elsewhere = not_open(request, batch)
    if elsewhere is not None:
        return elsewhere
    target = get_target(batch.target).engine_target(request.user)
    before = services.draft_mapping(batch)
    if request.method != "POST":
        return _columns_page(request, batch, target, forms.form_of(batch, target, before))
    act = request.POST.get("act", "next")
    if act == "use":
        return _use_kept(request, batch, target, before)
    form = forms.form_from(batch, target, request.POST, before)
    if form.mapping is not None:
        services.set_mapping(actor=request_actor(request), batch=batch, mapping=form.mapping)
    if KEEP in request.POST:
        kept = keep_column(request, batch, form.mapping or before)
        return _columns_page(request, batch, target, form, wrong=kept) if isinstance(kept, list) else kept
    if act == "save" and form.mapping is not None:
        _save_as(request, batch, form)
    if act == "next" and form.valid:
        return check_then(request, batch, "values")
    return _columns_page(request, batch, target, form, failed=act in {"next", "save"} and not form.valid)


def _columns_page(
    request: HttpRequest,
    batch: ImportBatch,
    target: Target,
    form: forms.MappingForm,
    *,
    failed: bool = False,
    wrong: Sequence[str] = (),
) -> HttpResponseBase:
    """The page; `wrong` says why a column could not be kept as a new field."""
    feeds: dict[str, list[Any]] = {}
    for row in form.rows:
        for column in row.columns:
            feeds.setdefault(column, []).append(row)
    new = offers(request, batch, target, {*feeds, form.date["column"]})
    columns = [
        (one, feeds.get(one["name"], []), one["name"] == form.date["column"], new.by_column.get(one["name"]))
        for one in batch.table["columns"]
    ]
    context = {
        **frame(batch, "columns"),
        "form": form,
        "columns": columns,
        "keep_refused": new.refused if any(not fed and not day for _one, fed, day, _new in columns) else "",
        "keep_errors": wrong,
        "names": [one["name"] for one in batch.table["columns"]],
        "scales": forms.SCALES,
        "orders": forms.DATE_ORDERS,
        "partials": forms.PARTIALS,
        "matches": forms.matches_for(target),
        "blanks": forms.BLANKS,
        "generic": target.generic,
        "dated": target.dated,
        "key_fields": [target.fields[key].label for key in target.key if key in target.fields],
        "nears": _with_own(forms.NEARS, form.near),
        "currencies": forms.CURRENCIES,
        "separators": forms.SEPARATORS,
        "kept": _kept(request, batch, target),
        "notes": [say_stored(note) for note in batch.table["notes"]],
        "nameless": not target.generic and not any(row.mapped for row in form.rows if row.field.key in target.names),
        "date_why": [say_stored(note) for note in batch.table.get("date_why", [])],
        "save_as": request.POST.get("save_as", form.mapping.name if form.mapping else ""),
        "more": _is_from_more(request, form),
    }
    return render(request, "imports/columns.html", context, status=422 if failed or wrong else 200)


def _with_own(offered: Any, own: str) -> list[tuple[str, Any]]:
    return list(offered) if own in {value for value, _label in offered} else [*offered, (own, own)]


def _is_from_more(request: HttpRequest, form: forms.MappingForm) -> bool:
    """Whether the change came from the list of further fields, which then stays open."""
    return "more" in request.POST or bool(form.issues and not form.mapped)


def _kept(request: HttpRequest, batch: ImportBatch, target: Target) -> list[tuple[str, str, bool, str]]:
    """Mappings to choose from: (value, name, whether it fits this file, description)."""
    found = []
    for name in get_target(batch.target).presets:
        preset = tailored(load_preset(name), forms.column_stub(batch))
        about = str(preset_about(name, preset.description))
        found.append((f"preset:{name}", str(preset_title(name)), forms.fits(batch, target, preset), about))
    for row in services.mappings_for(batch.target):
        mapping = load_mapping(row.spec)
        found.append((f"saved:{row.pk}", row.name, forms.fits(batch, target, mapping), mapping.description))
    return sorted(found, key=lambda one: not one[2])


def _use_kept(request: HttpRequest, batch: ImportBatch, target: Target, before: Mapping) -> HttpResponseBase:
    """Take a kept mapping; where it does not fit the file, say what is missing and take what fits."""
    kind, _colon, name = request.POST.get("kept", "").partition(":")
    mapping = _find_kept(kind, name, batch)
    if mapping is None:
        messages.error(request, _("There is no such mapping any more."))
        return redirect(page_url("columns", batch))
    services.set_mapping(actor=request_actor(request), batch=batch, mapping=mapping)
    if not batch.table:
        services.describe(batch)
    form = forms.form_of(batch, target, services.draft_mapping(batch))
    if form.valid:
        messages.success(request, _("The mapping %(name)s is in use.") % {"name": preset_title(mapping.name)})
        return redirect(page_url("columns", batch))
    return _columns_page(request, batch, target, form, failed=True)


def _find_kept(kind: str, name: str, batch: ImportBatch) -> Mapping | None:
    if kind == "guess":
        guessed = batch.table["guessed"]
        return load_mapping(guessed) if guessed["fields"] else Mapping({})
    if kind == "preset" and name in get_target(batch.target).presets:
        return tailored(load_preset(name), forms.column_stub(batch))
    if kind == "saved" and is_id(name):
        row = ImportMapping.objects.filter(target=batch.target, pk=int(name)).first()
        return load_mapping(row.spec) if row is not None else None
    return None


def _save_as(request: HttpRequest, batch: ImportBatch, form: forms.MappingForm) -> None:
    """Keep the mapping under the name given; problems are shown with the form."""
    if form.mapping is None or not form.valid:
        return
    try:
        saved = services.save_mapping(
            actor=request_actor(request),
            name=request.POST.get("save_as", ""),
            target=batch.target,
            mapping=services.with_reading(form.mapping, batch),
            replace_existing="replace" in request.POST,
        )
    except ValidationError as error:
        form.issues += error.messages
        return
    services.set_mapping(actor=request_actor(request), batch=batch, mapping=replace(form.mapping, name=saved.name))
    messages.success(request, _("The mapping was saved as %(name)s.") % {"name": saved.name})


@require_safe
def mapping_json(request: HttpRequest, pk: int) -> JsonResponse:
    """A named mapping as the JSON that `import_portfolio --mapping` reads."""
    row = get_object_or_404(ImportMapping, pk=pk)
    services.require(request_actor(request), get_target(row.target))
    response = JsonResponse(row.spec, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="mapping-{row.pk}.json"'
    return response


# -- meanings of words ----------------------------------------------------------------------------


@dataclass(frozen=True)
class WordRow:
    """One word of a column and what it means."""

    name: str
    word: str
    count: int
    meaning: str


@require_http_methods(["GET", "HEAD", "POST"])
def import_values(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the words of choice and rating columns mean."""
    batch = find_batch(request, pk)
    elsewhere = not_open(request, batch)
    if elsewhere is not None:
        return elsewhere
    if not batch.preview:
        return check_then(request, batch, "values")
    mapping = services.draft_mapping(batch)
    if request.method == "POST":
        services.set_mapping(actor=request_actor(request), batch=batch, mapping=_with_meanings(request, batch, mapping))
        return check_then(request, batch, "matches")
    target = get_target(batch.target).engine_target(request.user)
    tables = [
        (
            target.fields[key],
            _word_rows(key, words, mapping),
            mapping.fields[key].title,
            batch.preview.get("offers", {}).get(key) or meanings(get_target(batch.target), target.fields[key]),
        )
        for key, words in batch.preview.get("words", {}).items()
        if words and key in target.fields and key in mapping.fields
    ]
    open_words = sum(row.meaning == UNDECIDED for _field, rows, *_rest in tables for row in rows)
    return render(
        request, "imports/values.html", {**frame(batch, "values"), "tables": tables, "open_words": open_words}
    )


def _word_rows(key: str, words: list[list[Any]], mapping: Mapping) -> list[WordRow]:
    mapped = {key_of(word): meant for word, meant in mapping.fields[key].value_map.items()}
    rows = []
    for number, (word, count, meaning) in enumerate(words):
        nothing = mapped.get(key_of(word)) == "" or (not meaning and is_empty(word))
        rows.append(WordRow(f"{key}-{number}", word, count, meaning or (NOTHING if nothing else UNDECIDED)))
    return sorted(rows, key=lambda row: row.meaning != UNDECIDED)


def _with_meanings(request: HttpRequest, batch: ImportBatch, mapping: Mapping) -> Mapping:
    """The mapping with the meanings that were chosen; what a word means by itself is not repeated."""
    fields = dict(mapping.fields)
    for key, words in batch.preview.get("words", {}).items():
        if key not in fields:
            continue
        rows = {row.name: row for row in _word_rows(key, words, mapping)}
        chosen = dict(fields[key].value_map)
        for name, row in rows.items():
            sent = request.POST.get(name, row.meaning)
            if sent != row.meaning and request.POST.get(f"{name}-word") == row.word:
                chosen = {word: meant for word, meant in chosen.items() if key_of(word) != key_of(row.word)}
                if sent != UNDECIDED:
                    chosen[row.word] = "" if sent == NOTHING else sent
        fields[key] = replace(fields[key], value_map=chosen)
    return replace(mapping, fields=fields)


# -- near matches ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def import_matches(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Rows that resemble something that exists: the user says which."""
    batch = find_batch(request, pk)
    elsewhere = not_open(request, batch)
    if elsewhere is not None:
        return elsewhere
    if not batch.preview:
        return check_then(request, batch, "matches")
    near = batch.preview.get("near", [])
    if request.method == "POST":
        offered = {
            str(one["row"]): {NEW, SKIP, *(candidate["answer"] for candidate in one["candidates"])} for one in near
        }
        sent = {number: request.POST[f"row-{number}"] for number in offered if f"row-{number}" in request.POST}
        answers = {number: answer for number, answer in sent.items() if answer in offered[number]}
        services.set_answers(actor=request_actor(request), batch=batch, answers=answers)
        following = request.POST.get("page", "")
        if is_id(following):
            return redirect(f"{page_url('matches', batch)}?page={following}")
        return check_then(request, batch, "preview")
    page = Paginator(near, _NEAR_PAGE).get_page(request.GET.get("page"))
    rows = [
        (one, batch.choices.get(str(one["row"]), NEW if one["why"] == "similar" else "")) for one in page.object_list
    ]
    preview = batch.preview
    context = {
        **frame(batch, "matches"),
        "page": page,
        "rows": rows,
        "preview": preview,
        "hidden": preview["near_count"] - len(near),
        "new": preview["counts"]["created"],
    }
    return render(request, "imports/matches.html", context)
