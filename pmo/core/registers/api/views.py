"""List, read, create, change and delete the rows of any register."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pmo.core.audit.actor import Actor, actor_of
from pmo.core.calendars.queries import organisation_zone
from pmo.core.records.services import StaleRecord
from pmo.core.registers.access import may_add, may_change, may_delete
from pmo.core.registers.api.bulk import change_many
from pmo.core.registers.api.changes import with_undo
from pmo.core.registers.api.idempotency import once
from pmo.core.registers.api.input import REASON, read_body, refuse_hidden, unreadable, valid_form
from pmo.core.registers.api.output import api_columns, as_json, has_version
from pmo.core.registers.api.paging import page_of, read_size
from pmo.core.registers.api.problems import ProblemError, entry, validation_entries
from pmo.core.registers.beside import is_beside
from pmo.core.registers.cells import CellMaker
from pmo.core.registers.declaration import Register, UnknownRegisterError, get_register
from pmo.core.registers.history import hidden_fields
from pmo.core.registers.queries import check_list, filtered, get_row
from pmo.core.registers.saved_views.queries import expanded, note_view_errors
from pmo.core.registers.services import create_row, writable_at_all
from pmo.core.registers.state import ListState, read_state
from pmo.core.registers.undo.edits import delete_remembered, edit_remembered
from pmo.core.registers.undo.services import undoable


class RegisterView(APIView):
    """What both addresses of a register share."""

    register: Register

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Days are the organisation's days, whoever asks."""
        with timezone.override(organisation_zone()):
            response: Any = super().dispatch(request, *args, **kwargs)
        return response  # type: ignore[no-any-return]

    def actor(self, request: Request) -> Actor:
        """Who acts."""
        return actor_of(request.user, getattr(request._request, "request_id", ""))

    def answer(self, pk: int, status: HTTPStatus = HTTPStatus.OK) -> Response:
        """The row as it stands, with its ETag."""
        body = self.represent(pk)
        response = Response(body, status=status)
        if has_version(self.register):
            response["ETag"] = f'"{body["version"]}"'
        return response

    def represent(self, pk: int) -> dict[str, Any]:
        """The row as JSON. Raises Http404."""
        columns = api_columns(self.register)
        row = get_row(self.register, self.request.user, pk, columns=columns)
        maker = CellMaker(self.register)
        maker.prepare(columns, [row])
        return as_json(self.register, columns, maker, row)


class CollectionView(RegisterView):
    """The list."""

    def get(self, request: Request) -> Response:
        """A page of rows, with the filters and sorting of the page's address."""
        register = self.register
        check_list(register, request.user)
        params = request._request.GET.copy()
        size = read_size("".join(params.pop("page_size", [])[-1:]))
        opened = expanded(register, request.user, params)
        state = read_state(register, request.user, opened.params)
        note_view_errors(state, opened)
        if "columns" not in opened.params:
            state.columns = api_columns(register)
        rows = _checked(state)
        found, following = page_of(state, rows, size, params.get("cursor", ""))
        maker = CellMaker(register)
        maker.prepare(state.columns, found)
        results = [as_json(register, state.columns, maker, row) for row in found]
        return Response({"next": self._next(following), "results": results})

    def _next(self, cursor: str) -> str | None:
        if not cursor:
            return None
        query = self.request._request.GET.copy()
        query["cursor"] = cursor
        return str(self.request.build_absolute_uri(f"?{query.urlencode()}"))

    def post(self, request: Request) -> Response:
        """A new row; with Idempotency-Key at most one."""
        return once(request, lambda: self._create(request))

    def patch(self, request: Request) -> Response:
        """Change many rows: those named, or all that the filters keep. `preview` writes nothing."""
        return once(
            request,
            lambda: change_many(
                actor=self.actor(request),
                register=self.register,
                body=request.data,
                query=request._request.GET.urlencode(),
            ),
        )

    def _create(self, request: Request) -> Response:
        register = self.register
        may_add(register, request.user).or_raise()
        data = read_body(register, request.data)
        names = writable_at_all(register, request.user)
        refuse_hidden(register, data, unreadable(register, names))
        filled = {**_defaults(register, names), **data}
        form = valid_form(register, request.user, register.model(), filled, names)
        given = [name for name in data if name != REASON and data[name] not in (None, "")]
        row = _saving(
            data,
            lambda: create_row(
                register=register,
                actor=self.actor(request),
                row=form.instance,
                given=given,
                reason=data.get(REASON, "")[:500],
            ),
        )
        response = self.answer(row.pk, HTTPStatus.CREATED)
        response["Location"] = reverse("api-register-item", kwargs={"key": register.key, "pk": row.pk})
        return response


class ItemView(RegisterView):
    """One row."""

    def get(self, request: Request, pk: int) -> Response:
        """The row and its ETag."""
        return self.answer(pk)

    def patch(self, request: Request, pk: int) -> Response:
        """Change the fields sent."""
        return self._change(request, pk, whole=False)

    def put(self, request: Request, pk: int) -> Response:
        """Replace every writable field."""
        return self._change(request, pk, whole=True)

    def delete(self, request: Request, pk: int) -> Response:
        """Move the row to the trash."""
        row = get_row(self.register, request.user, pk)
        may_delete(self.register, request.user, row).or_raise()
        expected = if_match(request, row)
        plain = self.register.model._base_manager.get(pk=pk)
        try:
            entry = _saving(
                {},
                lambda: delete_remembered(
                    register=self.register, actor=self.actor(request), row=plain, expected_version=expected
                ),
            )
        except StaleRecord:
            raise self._stale(pk) from None
        return with_undo(Response(status=HTTPStatus.NO_CONTENT), entry)

    def _change(self, request: Request, pk: int, *, whole: bool) -> Response:
        register = self.register
        masks = [bound for bound in api_columns(register) if bound.protected]
        seen = get_row(register, request.user, pk, columns=masks)
        may_change(register, request.user, seen).or_raise()
        expected = if_match(request, seen)
        data = read_body(register, request.data)
        masked = hidden_fields(register, seen)
        refuse_hidden(register, data, masked)
        if whole:
            _complete(register, data, masked)
        if expected != seen.version:
            raise self._stale(pk)
        plain: Any = register.model._base_manager.get(pk=pk)
        names = [name for name in register.form_fields if name in data]
        form = valid_form(register, request.user, register.model._base_manager.get(pk=pk), data, names)
        try:
            _row, entry = _saving(
                data,
                lambda: edit_remembered(
                    register=register,
                    actor=self.actor(request),
                    row=plain,
                    values=form.changed_values(),
                    expected_version=expected,
                    reason=data.get(REASON, "")[:500],
                ),
            )
        except StaleRecord:
            raise self._stale(pk) from None
        return with_undo(self.answer(pk), entry)

    def _stale(self, pk: int) -> ProblemError:
        """412 with the row as it stands now."""
        detail = _("Somebody changed this record after you read it; `current` is how it stands now.")
        return ProblemError(HTTPStatus.PRECONDITION_FAILED, detail, current=self.represent(pk))


def _checked(state: ListState) -> Any:
    """The filtered rows. Raises ProblemError that names every parameter that cannot be used."""
    rows = filtered(state)
    if state.errors:
        faults = [entry(error.parameter, error.value, error.expected) for error in state.errors]
        sentences = " ".join(error.sentence for error in state.errors)
        raise ProblemError(HTTPStatus.BAD_REQUEST, sentences, faults, kind="parameter")
    return rows


def _saving(data: dict[str, Any], work: Callable[[], Any]) -> Any:
    """Run a service; what it refuses becomes a 400 with an entry per message."""
    try:
        return work()
    except ValidationError as error:
        entries = validation_entries(error, data)
        raise ProblemError(
            HTTPStatus.BAD_REQUEST, _("The record was not saved."), entries, kind="validation"
        ) from error


def _defaults(register: Register, names: list[str]) -> dict[str, Any]:
    """The model's defaults for fields that are not sent."""
    found = {}
    outside = [name for name in names if is_beside(register, name)]
    for name in names:
        field: Any = register.model._meta.get_field(name) if name not in outside else None
        if field is not None and field.has_default():
            found[name] = field.get_default()
    return found | (register.beside.defaults(outside) if register.beside is not None else {})


def _complete(register: Register, data: dict[str, Any], masked: set[str]) -> None:
    missing = [name for name in register.form_fields if name not in data and name not in masked]
    if missing:
        faults = [entry(name, None, _("A PUT names every field.")) for name in missing]
        raise ProblemError(HTTPStatus.BAD_REQUEST, _("The record was not saved."), faults, kind="validation")


def if_match(request: Request, row: Any) -> int:
    """The version named by If-Match. Raises 428 without one, 412 for one that cannot be the row's."""
    text = request.headers.get("If-Match", "").strip()
    if not text:
        raise ProblemError(
            HTTPStatus.PRECONDITION_REQUIRED, _("Send If-Match with the ETag the record had when you read it.")
        )
    if text == "*":
        return int(row.version)
    digits = text.strip('"')
    return int(digits[:9]) if digits.isascii() and digits.isdigit() else 0


_views: dict[str, tuple[Register, tuple[Any, Any]]] = {}


def views_of(register: Register) -> tuple[type[CollectionView], type[ItemView]]:
    """The view classes of a register, described for OpenAPI; made once."""
    from pmo.core.registers.api.shapes import component_name, described

    known = _views.get(register.key)
    if known is None or known[0] is not register:
        name = component_name(register)
        reads = ["get", "head", "options"]
        adds = not register.read_only and register.creatable and bool(register.form_fields)
        writes = not register.read_only and bool(register.form_fields)
        removes = not register.read_only and register.deletable
        many = writes and undoable(register)
        item_methods = [*reads, *(["put", "patch"] if writes else []), *(["delete"] if removes else [])]
        parts = {"register": register, "__doc__": str(register.description or register.model.__doc__ or "")}
        collection: Any = type(
            f"{name}Collection",
            (CollectionView,),
            {**parts, "http_method_names": [*reads, *(["post"] if adds else []), *(["patch"] if many else [])]},
        )
        item: Any = type(f"{name}Item", (ItemView,), {**parts, "http_method_names": item_methods})
        known = _views[register.key] = register, described(register, collection, item)
    return known[1]


def known_register(key: str) -> Register | None:
    """The register of a key that has an API, None where there is none."""
    try:
        register = get_register(key)
    except UnknownRegisterError:
        return None
    return register if register.api else None
