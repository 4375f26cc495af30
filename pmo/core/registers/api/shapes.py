"""The OpenAPI description of a register: what its rows look like, which parameters its list takes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import serializers

from pmo.core.registers.api.output import api_columns, has_version
from pmo.core.registers.beside import is_beside
from pmo.core.registers.conditions import lookups_of
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import NUMERIC, Bound, bind, bound_columns
from pmo.core.registers.state import search_fields

_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag the record had when it was read."
)
_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key and body give the same answer, once."
)
_LOOKUP_TEXT = {
    "gte": "at least",
    "lte": "at most",
    "gt": "more than",
    "lt": "less than",
    "isnull": "true: without a value",
    "icontains": "contains",
}


_ID = OpenApiParameter("id", int, OpenApiParameter.PATH)


class Fault(serializers.Serializer[Any]):
    """One thing that is wrong."""

    field = serializers.CharField()
    value = serializers.JSONField()
    reason = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """An error (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors: Any = Fault(many=True, required=False)
    current = serializers.JSONField(required=False)


# Among the answers of every address that can refuse.
PROBLEMS = {("4XX", "application/problem+json"): OpenApiResponse(Problem, description="RFC 9457 problem")}


def component_name(register: Register) -> str:
    """`BudgetLines` for budget-lines."""
    return "".join(part.capitalize() for part in register.key.split("-"))


def described(register: Register, collection: Any, item: Any) -> tuple[Any, Any]:
    """The two view classes with their descriptions."""
    name = component_name(register)
    row = _row_serializer(register, name)
    write = _write_serializer(register, name, partial=False)
    errors = PROBLEMS
    title, tags = str(register.model._meta.model_name), [register.key]
    listing = extend_schema(
        operation_id=f"{register.key}_list",
        summary=f"List {title} rows",
        tags=tags,
        parameters=_list_parameters(register),
        responses={200: _page_serializer(name, row), **errors},
    )
    reading = extend_schema(
        operation_id=f"{register.key}_retrieve",
        summary=f"Read one {title}",
        tags=tags,
        parameters=[_ID],
        responses={200: row, **errors},
    )
    methods: dict[str, Any] = {}
    if "post" in collection.http_method_names:
        methods["post"] = extend_schema(
            operation_id=f"{register.key}_create",
            summary=f"Create a {title}",
            tags=tags,
            parameters=[_KEY],
            request=write,
            responses={201: row, **errors},
        )
    if "patch" in collection.http_method_names:
        methods["patch"] = extend_schema(
            operation_id=f"{register.key}_bulk_update",
            summary=f"Change many {title} rows, or preview it",
            tags=tags,
            parameters=[_KEY, *_list_parameters(register, arranged=False)],
            request=inline_serializer(f"{name}Bulk", _bulk_fields(register)),
            responses={200: OpenApiTypes.OBJECT, 202: OpenApiTypes.OBJECT, **errors},
        )
    requests = {"put": write, "patch": _write_serializer(register, name, partial=True)}
    changes = _change_schemas(register, requests, row, errors, item)
    return extend_schema_view(get=listing, **methods)(collection), extend_schema_view(get=reading, **changes)(item)


def _change_schemas(register: Register, requests: dict[str, Any], row: Any, errors: Any, item: Any) -> dict[str, Any]:
    made = {}
    title, tags, parameters = str(register.model._meta.model_name), [register.key], [_ID, _IF_MATCH]
    for method, verb in (("put", "Replace"), ("patch", "Change")):
        if method in item.http_method_names:
            made[method] = extend_schema(
                operation_id=f"{register.key}_{'update' if method == 'put' else 'partial_update'}",
                tags=tags,
                summary=f"{verb} one {title}",
                parameters=parameters,
                request=requests[method],
                responses={200: row, **errors},
            )
    if "delete" in item.http_method_names:
        made["delete"] = extend_schema(
            operation_id=f"{register.key}_destroy",
            summary=f"Move one {title} to the trash",
            tags=tags,
            parameters=parameters,
            responses={204: None, **errors},
        )
    return made


def _page_serializer(name: str, row: Any) -> Any:
    return inline_serializer(
        f"{name}Page",
        {
            "next": serializers.CharField(allow_null=True),
            "results": type(row)(many=True),
        },
    )


def _row_serializer(register: Register, name: str) -> Any:
    fields: dict[str, Any] = {"id": serializers.IntegerField()}
    own = {field.name for field in register.model._meta.concrete_fields}
    if "uid" in own:
        fields["uid"] = serializers.UUIDField()
    if has_version(register):
        fields |= {
            "version": serializers.IntegerField(),
            "created_at": serializers.DateTimeField(),
            "updated_at": serializers.DateTimeField(),
        }
    for bound in api_columns(register):
        fields.setdefault(bound.name, _field(bound, written=False))
    fields["labels"] = serializers.DictField(child=serializers.CharField())
    fields["hidden"] = serializers.ListField(child=serializers.CharField())
    return inline_serializer(name, fields)


def _write_serializer(register: Register, name: str, *, partial: bool) -> Any:
    fields = {}
    for field_name in register.form_fields:
        bound = bind(register, field_name)
        shape = _field(bound, written=True)
        shape.required = not partial and _is_required(bound)
        shape.allow_null = shape.allow_null or is_beside(register, field_name)
        fields[field_name] = shape
    fields["reason"] = serializers.CharField(required=False, max_length=500)
    return inline_serializer(f"{name}{'Change' if partial else 'Write'}", fields)


def _bulk_fields(register: Register) -> dict[str, Any]:
    """The body of a change of many rows: which rows, what happens to which field."""
    fields = ", ".join(register.form_fields)
    one: dict[str, Any] = {"required": False}
    return {
        "ids": serializers.ListField(
            child=serializers.JSONField(), help_text="Ids, or objects with id and version.", **one
        ),
        "all_matching": serializers.BooleanField(help_text="All rows that the filters of the address keep.", **one),
        "preview": serializers.BooleanField(help_text="Try it with up to 200 rows and write nothing.", **one),
        "set": serializers.DictField(help_text=f"Fields: {fields}", **one),
        "clear": serializers.ListField(child=serializers.CharField(), **one),
        "add": serializers.DictField(help_text="Numbers to add.", **one),
        "shift": serializers.DictField(help_text="Days to move dates by.", **one),
        "append": serializers.DictField(help_text="Text to append.", **one),
        "put_in": serializers.DictField(help_text="Choices to add.", **one),
        "take_out": serializers.DictField(help_text="Choices to take away.", **one),
        "reason": serializers.CharField(max_length=500, **one),
    }


def _is_required(bound: Bound) -> bool:
    field = bound.model_field
    if field is None:
        return bool(bound.register.beside is not None and bound.register.beside.form_field(bound.name).required)
    return not field.blank and not field.has_default() and bound.kind != "bool"


def _field(bound: Bound, *, written: bool) -> Any:
    """A serializer field that describes the values of a column."""
    nullable = bool(getattr(bound.model_field, "null", False)) if written else True
    required: dict[str, Any] = {} if written else {"required": False}
    if bound.kind == "fk":
        return serializers.IntegerField(allow_null=nullable, **required)
    if bound.choices and not bound.computed:
        blank = not written or bool(bound.model_field.blank)
        return serializers.ChoiceField(choices=bound.choices, allow_null=nullable, allow_blank=blank, **required)
    plain = {"bool": serializers.BooleanField, "date": serializers.DateField, "datetime": serializers.DateTimeField}
    if bound.kind in plain:
        return plain[bound.kind](allow_null=nullable, **required)
    if bound.kind in NUMERIC:
        return _number_field(bound, nullable, required)
    if bound.kind == "json":
        return serializers.JSONField(allow_null=nullable, **required)
    if bound.column.several:
        return serializers.ListField(child=serializers.CharField(), allow_null=nullable, **required)
    blank = not written or bool(getattr(bound.model_field, "blank", True))
    return serializers.CharField(allow_null=nullable, allow_blank=blank, **required)


def _number_field(bound: Bound, nullable: bool, required: dict[str, Any]) -> Any:
    kind = bound.model_field.get_internal_type() if bound.model_field is not None else ""
    if kind == "DecimalField":
        digits, places = bound.model_field.max_digits, bound.model_field.decimal_places
        return serializers.DecimalField(max_digits=digits, decimal_places=places, allow_null=nullable, **required)
    if kind == "FloatField":
        return serializers.FloatField(allow_null=nullable, **required)
    if kind and kind != "DurationField":
        return serializers.IntegerField(allow_null=nullable, **required)
    return serializers.JSONField(allow_null=nullable, **required)


def _list_parameters(register: Register, *, arranged: bool = True) -> list[OpenApiParameter]:
    """Filters of the list; with `arranged` how it is sorted and paged too."""
    found = (
        []
        if not arranged
        else [
            OpenApiParameter("sort", str, description="Columns, a minus turns one round: -priority,code"),
            OpenApiParameter("columns", str, description="Only these columns: code,name"),
            OpenApiParameter("page_size", int, description="1 to 500, 100 by default"),
            OpenApiParameter("cursor", str, description="From `next` of the page before"),
        ]
    )
    if search_fields(register):
        found.append(OpenApiParameter("q", str, description="Every word must occur in one of the text fields"))
    named = {declared.field for declared in register.all_filters if declared.apply is not None}
    for bound in bound_columns(register):
        if bound.filterable and bound.name not in named:
            found += [_filter_parameter(bound, lookup) for lookup in lookups_of(bound)]
    found += [OpenApiParameter(name, str, many=True) for name in sorted(named)]
    return found


def _filter_parameter(bound: Bound, lookup: str) -> OpenApiParameter:
    name = f"{bound.name}__{lookup}" if lookup else bound.name
    if lookup == "isnull" or bound.kind == "bool":
        kind: Any = OpenApiTypes.BOOL
    else:
        kind = OpenApiTypes.NUMBER if bound.kind in NUMERIC else OpenApiTypes.STR
    return OpenApiParameter(name, kind, many=not lookup, description=_LOOKUP_TEXT.get(lookup, ""))
