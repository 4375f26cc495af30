"""Changing many rows through the API: the page's service, preview and limits behind a PATCH of the list."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.response import Response

from pmo.core.audit.actor import Actor
from pmo.core.registers.access import may_edit_some
from pmo.core.registers.api.changes import as_json
from pmo.core.registers.api.input import read_body
from pmo.core.registers.api.problems import Entry, ProblemError, entry
from pmo.core.registers.bulk.operations import (
    ADD,
    APPEND,
    CLEAR,
    DAYS,
    PUT_IN,
    SET,
    SHIFT,
    TAKE_OUT,
    VERB,
    Reading,
    bulk_form,
    read_operations,
)
from pmo.core.registers.bulk.requests import EDIT, MOST_CHOSEN, BulkRequest, SelectionError
from pmo.core.registers.bulk.services import Preview, preview
from pmo.core.registers.bulk.starting import start_bulk
from pmo.core.registers.declaration import Register
from pmo.core.registers.undo.models import UndoEntry

# Each takes {field: value}; `clear` takes a list of fields.
VERBS = (SET, ADD, SHIFT, APPEND, PUT_IN, TAKE_OUT)
_MEMBERS = {*VERBS, CLEAR, "ids", "all_matching", "preview", "reason"}


def change_many(*, actor: Actor, register: Register, body: Any, query: str) -> Response:
    """Preview or do what the body asks for. Raises ProblemError that names every fault, Refused."""
    may_edit_some(register, actor.user).or_raise()
    request = _read(register, actor.user, body, query)
    try:
        if body.get("preview"):
            return Response(_seen(preview(actor=actor, register=register, request=request)))
        made = start_bulk(actor=actor, register=register, request=request)
    except SelectionError as error:
        faults = [entry(one.parameter, one.value, one.expected) for one in error.errors]
        sentences = " ".join(one.sentence for one in error.errors)
        raise ProblemError(HTTPStatus.BAD_REQUEST, sentences, faults, kind="parameter") from error
    waits = made.state == UndoEntry.State.RUNNING
    response = Response(as_json(made), status=HTTPStatus.ACCEPTED if waits else HTTPStatus.OK)
    if waits:
        response["Location"] = reverse("api-change", kwargs={"uid": made.uid})
    return response


def _refuse(faults: list[Entry]) -> ProblemError:
    return ProblemError(HTTPStatus.BAD_REQUEST, _("Nothing was changed."), faults, kind="validation")


def _read(register: Register, user: Any, body: Any, query: str) -> BulkRequest:
    if not isinstance(body, dict):
        raise ProblemError(HTTPStatus.BAD_REQUEST, _("A JSON object is expected."))
    faults = [entry(str(name)[:100], None, _("There is no such member.")) for name in body if name not in _MEMBERS]
    everything = body.get("all_matching", False)
    if not isinstance(everything, bool):
        faults.append(entry("all_matching", str(everything)[:100], _("true or false is expected.")))
    if not isinstance(body.get("reason", ""), str):
        faults.append(entry("reason", None, _("Text is expected.")))
    ids = _ids(body, faults)
    if bool(ids) == bool(everything) and not faults:
        faults.append(entry("ids", None, _("Name rows by `ids`, or set `all_matching` for all that the filters keep.")))
    raw = _raw(register, body, faults)
    if faults:
        raise _refuse(faults)
    _check_values(register, user, raw)
    return BulkRequest(
        act=EDIT, ids=ids, all_matching=bool(everything), query=query, raw=raw, reason=body.get("reason", "")[:500],
        by_id=True,
    )  # fmt: skip


def _ids(body: Mapping[str, Any], faults: list[Entry]) -> dict[int, int | None]:
    """{id: version seen or None} of `ids`: numbers, or objects with `id` and `version`."""
    given = body.get("ids", [])
    told = _("A list of ids is expected, or of objects with `id` and `version`.")
    if not isinstance(given, list):
        faults.append(entry("ids", None, told))
        return {}
    if len(given) > MOST_CHOSEN:
        most = _("At most %(most)s rows are chosen; use `all_matching` for more.") % {"most": MOST_CHOSEN}
        faults.append(entry("ids", len(given), most))
        return {}
    found: dict[int, int | None] = {}
    for one in given:
        pk: Any = one.get("id") if isinstance(one, dict) else one
        version: Any = one.get("version") if isinstance(one, dict) else None
        if not _is_id(pk) or not (version is None or _is_id(version)):
            faults.append(entry("ids", str(one)[:100], told))
            return {}
        found[pk] = version
    return found


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _raw(register: Register, body: Mapping[str, Any], faults: list[Entry]) -> dict[str, list[str]]:
    """The operations as the page's form would send them."""
    raw: dict[str, list[str]] = {}
    cleared = body.get(CLEAR, [])
    parts: dict[str, Any] = {verb: body.get(verb, {}) for verb in VERBS}
    if not isinstance(cleared, list) or not all(isinstance(name, str) for name in cleared):
        faults.append(entry(CLEAR, None, _("A list of fields is expected.")))
        cleared = []
    for verb, part in parts.items():
        if not isinstance(part, dict):
            faults.append(entry(verb, None, _("An object of fields and values is expected.")))
            parts[verb] = {}
    try:
        read_body(register, parts[SET])
    except ProblemError as problem:
        faults += problem.errors
    named = [(verb, name, value) for verb in VERBS for name, value in parts[verb].items()]
    for verb, name, value in [*named, *((CLEAR, name, None) for name in cleared)]:
        if f"{VERB}{name}" in raw:
            faults.append(entry(name, None, _("One thing is done to a field at a time.")))
        emptied = verb == SET and value in (None, "", [])
        raw[f"{VERB}{name}"] = [CLEAR if emptied else verb]
        if verb == SHIFT:
            raw[f"{DAYS}{name}"] = [str(value)]
        elif verb != CLEAR and not emptied:
            raw[name] = [_text(part) for part in value] if isinstance(value, list) else [_text(value)]
    if not raw and not faults:
        faults.append(entry(SET, None, _("Say what to change.")))
    return raw


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check_values(register: Register, user: Any, raw: dict[str, list[str]]) -> None:
    """Every field is one that the user may write, with a value that makes sense. Raises ProblemError."""
    known = bulk_form(register, user, by_id=True).fields
    named = [key.removeprefix(VERB) for key in raw if key.startswith(VERB)]
    unknown = [name for name in named if name not in known]
    if unknown:
        reason = _("This field does not exist or cannot be written.")
        raise _refuse([entry(name[:100], None, reason) for name in unknown])
    request = BulkRequest(act=EDIT, raw=raw)
    reading: Reading = read_operations(register, user, request.data, by_id=True)
    if reading.errors:
        raise _refuse([entry(name, None, text) for name, texts in reading.errors.items() for text in texts])


def _seen(found: Preview) -> dict[str, Any]:
    """What would happen: nothing was written."""
    outcome = found.outcome
    return {
        "preview": True,
        "matched": found.matched,
        "allowed": found.allowed,
        "tried": outcome.tried,
        "would_change": outcome.changed,
        "unchanged": outcome.unchanged,
        "refused": outcome.refused,
        "samples": [
            {
                "label": sample.label,
                "changes": [{"label": name, "before": old, "after": new} for name, old, new in sample.changes],
            }
            for sample in outcome.samples
        ],
        "ids": [{"id": pk, "version": version} for pk, version in outcome.versions.items()],
    }
