"""The history of a record in words: who changed what, when and why; protected fields stay masked."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, UUIDField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry, AuditPayload
from pmo.core.registers.cells import CellMaker, choice_label, hidden_html
from pmo.core.registers.declaration import Register, Text
from pmo.core.registers.fields import NUMERIC, Bound, bind, protected_fields
from pmo.core.registers.values import visible_rows
from pmo.core.web import formats

PER_PAGE = 20
_ACTIONS = {
    "create": gettext_lazy("created"),
    "update": gettext_lazy("changed"),
    "delete": gettext_lazy("moved to the trash"),
    "restore": gettext_lazy("restored"),
    "export": gettext_lazy("exported"),
    "revoke": gettext_lazy("revoked"),
    "submit": gettext_lazy("submitted"),
    "return": gettext_lazy("returned"),
    "publish": gettext_lazy("published"),
    "watch": gettext_lazy("started to watch"),
    "unwatch": gettext_lazy("stopped watching"),
    "withdraw": gettext_lazy("withdrew"),
    "sign": gettext_lazy("signed"),
    "unsign": gettext_lazy("took the signatures back"),
    "recompute": gettext_lazy("recomputed"),
    "seed": gettext_lazy("loaded the demo"),
    "job.start": gettext_lazy("started"),
    "job.cancel": gettext_lazy("stopped"),
    "job.retry": gettext_lazy("repeated"),
    "import.upload": gettext_lazy("uploaded for import"),
    "import.commit": gettext_lazy("imported"),
    "import.undo": gettext_lazy("undid the import"),
    "import.discard": gettext_lazy("threw the import away"),
    "sign_in": gettext_lazy("signed in"),
    "sign_in_locked": gettext_lazy("locked after failed attempts"),
    "unlock": gettext_lazy("unlocked"),
    "activate": gettext_lazy("switched on"),
    "deactivate": gettext_lazy("switched off"),
    "password_change": gettext_lazy("changed the password"),
    "password_reset": gettext_lazy("reset the password"),
    "password_reset_sent": gettext_lazy("sent a link for a new password"),
    "password_temporary": gettext_lazy("gave a temporary password"),
    "mfa_add": gettext_lazy("set up a second factor"),
    "mfa_remove": gettext_lazy("removed a second factor"),
    "mfa_reset": gettext_lazy("removed all second factors"),
    "session_end": gettext_lazy("ended sessions"),
    "identity_link": gettext_lazy("linked an outside identity"),
    "identity_unlink": gettext_lazy("disconnected an outside identity"),
    "identity_create": gettext_lazy("made an account at the first sign-in"),
    "invite": gettext_lazy("invited"),
    "invite_again": gettext_lazy("sent the invitation again"),
    "invite_accept": gettext_lazy("accepted the invitation"),
    "privacy.export": gettext_lazy("exported the data of a person"),
    "privacy.ask": gettext_lazy("asked for the erasure of a person"),
    "privacy.erase": gettext_lazy("erased a person"),
    "privacy.drop": gettext_lazy("withdrew the erasure of a person"),
    "audit.trim": gettext_lazy("removed old details"),
    "plan_file.read": gettext_lazy("read the plan file"),
    "plan_file.choose": gettext_lazy("chose the project in the plan file"),
    "plan_file.commit": gettext_lazy("imported the plan file"),
    "plan_file.forget": gettext_lazy("forgot a plan file of which no project was made"),
    "plan_file.download": gettext_lazy("downloaded the plan file"),
    "plan_file.timesheets": gettext_lazy("downloaded the lines of timesheets of the plan file"),
    "plan.registers": gettext_lazy("took risks and issues from the plan file"),
    "plan.export": gettext_lazy("exported the plan"),
    "milestone.detach": gettext_lazy("took the milestone off the plan"),
    "milestone.attach": gettext_lazy("let the plan lead the milestone again"),
    "plan.expire": gettext_lazy("removed the plan version after its time"),
    "plan_file.expire": gettext_lazy("removed plan files after their time"),
    "plan.revert": gettext_lazy("undid the import of the plan"),
    "test": gettext_lazy("sent a test"),
}

# What every record has although no model has a field for it, said in plain words.
_KEPT_BESIDE = {"tags": gettext_lazy("Tags")}


@dataclass(frozen=True)
class Change:
    """One field of one act."""

    label: Text
    old: SafeString | str
    new: SafeString | str
    name: str = ""


@dataclass(frozen=True)
class Act:
    """One act on the record."""

    at: datetime.datetime
    actor: str
    action: Text
    reason: str
    changes: list[Change]
    first: bool = False


def history(register: Register, row: Any, user: Any, page: Any = 1) -> tuple[Page[Any], list[Act]]:
    """A page of the record's audit trail, newest first. `row` carries the masks of protected columns for the user.

    Queries: count, entries with their details, and one per model that changed foreign keys point to.
    """
    single, names_of = register.beside.entries_of(row.pk) if register.beside is not None else ("", {})
    whose = Q(model=register.model._meta.label_lower, object_id=row.pk)
    entries = AuditEntry.objects.filter(whose | Q(model=single, object_id__in=names_of) if names_of else whose)
    told = entries.select_related("payload", "actor__person").order_by("-id")
    found = Paginator(told, PER_PAGE).get_page(page)
    rows = [_as_of_row(register, entry, single, names_of) for entry in found.object_list]
    return found, acts_of(register, row, rows, user)


def _as_of_row(register: Register, entry: AuditEntry, single: str, names_of: dict[int, str]) -> AuditEntry:
    """An entry of a single value kept outside the model, as an entry of the row it belongs to."""
    if register.beside is None or entry.model != single:
        return entry
    name = names_of[entry.object_id or 0]
    pair = register.beside.entry_pair(name, changes_of(entry), entry.object_label)
    entry.action, entry.payload = "update", AuditPayload(changes={name: pair})
    return entry


def acts_of(register: Register, row: Any, entries: list[AuditEntry], user: Any) -> list[Act]:
    """The entries of the row's trail in words, in their order; read them with payload and actor__person."""
    masked = hidden_fields(register, row)
    names = _names(register, entries, user)
    return [_act(register, entry, masked, names) for entry in entries]


def hidden_fields(register: Register, row: Any) -> set[str]:
    """Protected fields whose value the row (from the list query) masks."""
    maker = CellMaker(register)
    return {name for name, bound in protected_fields(register).items() if maker.is_hidden(bound, row)}


def changes_of(entry: AuditEntry) -> dict[str, list[Any]]:
    """What the entry says changed; empty where the details were erased."""
    try:
        changes: dict[str, list[Any]] = entry.payload.changes
    except AuditPayload.DoesNotExist:
        return {}
    return changes


def _act(register: Register, entry: AuditEntry, masked: set[str], names: dict[Any, dict[int, str]]) -> Act:
    changes = _changes(register, entry, masked, names)
    label = action_label(entry.action)
    return Act(entry.at, who_acted(entry), label, entry.reason, changes, first=entry.action == "create")


def action_label(action: str) -> Text:
    """The act in words; acts of other rooms under their own name."""
    return _ACTIONS.get(action, action)


def known_actions() -> dict[str, Text]:
    """The acts that have a word, by their key."""
    return dict(_ACTIONS)


def entry_changes(register: Register, entry: AuditEntry, masked: set[str], user: Any) -> list[Change]:
    """What one entry changed, in words."""
    return _changes(register, entry, masked, _names(register, [entry], user))


def _changes(register: Register, entry: AuditEntry, masked: set[str], names: dict[Any, dict[int, str]]) -> list[Change]:
    changes = []
    for attname, pair in changes_of(entry).items():
        if not isinstance(pair, list) or len(pair) != 2:
            continue
        if attname in _KEPT_BESIDE:
            changes.append(Change(_KEPT_BESIDE[attname], pair[0] or "—", pair[1] or "—", attname))
        bound = _bound(register, attname)
        if bound is None:
            continue
        if bound.name in masked:
            changes.append(Change(bound.label, hidden_html(), hidden_html(), bound.name))
        elif pair[0] not in (None, "") or pair[1] not in (None, ""):
            changes.append(Change(bound.label, _word(bound, pair[0], names), _word(bound, pair[1], names), bound.name))
    return changes


def who_acted(entry: AuditEntry) -> str:
    """The person behind the login as the reader knows them, else the name kept with the act."""
    person = getattr(entry.actor, "person", None)
    return str(person) if person is not None else name_shown(entry.actor_name)


def name_shown(name: str) -> str:
    """A name kept with an act, the system's in the reader's language."""
    return _("System") if name == SYSTEM.name else name


def _bound(register: Register, attname: str) -> Bound | None:
    """The column of a changed attribute; None for one the model no longer has, and for keys, which say nothing to a reader."""
    for field in register.model._meta.concrete_fields:
        if field.attname == attname:
            return None if isinstance(field, UUIDField) else bind(register, field.name)
    past = register.beside.past_column(attname) if register.beside is not None else None
    return Bound(register, past, None) if past is not None else None


def _names(register: Register, entries: Iterable[AuditEntry], user: Any) -> dict[Any, dict[int, str]]:
    """Names of the records that changed foreign keys point to and the user may see, read once per model."""
    wanted: dict[Any, set[int]] = {}
    for entry in entries:
        for attname, pair in changes_of(entry).items():
            bound = _bound(register, attname)
            if bound is not None and bound.target is not None and isinstance(pair, list):
                wanted.setdefault(bound.target, set()).update(value for value in pair if isinstance(value, int))
    return {
        model: {pk: str(row) for pk, row in visible_rows(model, user).in_bulk(ids).items()}
        for model, ids in wanted.items()
        if ids
    }


def _word(bound: Bound, value: Any, names: dict[Any, dict[int, str]]) -> str:
    """A stored JSON value as the reader knows it."""
    if value is None or value == "":
        return formats.EMPTY
    if bound.target is not None:
        return names.get(bound.target, {}).get(value) or _("record %(id)s") % {"id": value}
    if bound.kind == "json":
        return _("changed")
    if isinstance(value, list):
        return _(", ").join(choice_label(bound, one) for one in value)
    parsed = _parsed(bound, value)
    return str(value) if parsed is None else CellMaker(bound.register).plain(bound, parsed)


def _parsed(bound: Bound, value: Any) -> Any:
    """Dates and figures are kept as text; None for one that cannot be read (the field was of another kind then)."""
    try:
        if bound.kind == "date":
            return datetime.date.fromisoformat(value)
        if bound.kind == "datetime":
            return datetime.datetime.fromisoformat(value)
        return Decimal(str(value)) if bound.kind in NUMERIC else value
    except (ValueError, TypeError, InvalidOperation):
        return None
