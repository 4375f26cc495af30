"""From nodes and relations to records: values parsed, references followed, what exists found by its key, the rest refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps

from pmo.core.imports.messages import CellProblem, Message
from pmo.core.imports.texts import in_all_languages, refused_by
from pmo.core.imports.validity import check_row
from portfolio.linked.declaration import Fill, Made, RelationOf, TableOf
from portfolio.linked.graph import Edge, Graph, Node
from portfolio.linked.values import field_value
from portfolio.services.linked.kept import plan_kept
from portfolio.services.linked.links import plan_links
from portfolio.services.linked.tasks import plan_tasks
from portfolio.services.linked.trash import note_trashed
from portfolio.services.linked.wants import Want, Wanted

_BATCH = 500


def plan_graph(graph: Graph, *, may_add_fields: bool) -> Wanted:
    """What the archive would do. Reads a constant number of statements per table and 500 rows; writes nothing."""
    wanted = Wanted(graph, refused=list(graph.refused))
    for relation in graph.declared.relations:
        wanted.count(relation).rows = graph.rows.get(relation.place, 0)
    for table, made in graph.declared.made():
        wanted.wants[made.key] = {}
        if table.label in graph.tables:
            for node in graph.tables[table.label].nodes:
                _read(wanted, table, made, node)
    for relation in graph.declared.relations:
        _fill(wanted, relation)
    for table, made in graph.declared.made():
        _settle(wanted, table, made)
    note_trashed(wanted)
    plan_links(wanted)
    plan_tasks(wanted)
    plan_kept(wanted, may_add_fields=may_add_fields)
    for relation in graph.declared.relations:
        _count_fills(wanted, relation)
    return wanted


# -- values ----------------------------------------------------------------------------------------


def _read(wanted: Wanted, table: TableOf, made: Made, node: Node) -> None:
    """The record of one row, with its values; a refused row becomes none."""
    if node.refused or (made.needs and not node.text(made.needs)):
        return
    want = Want(made, node)
    model = want.model
    for name, source in made.fields.items():
        longest = getattr(model._meta.get_field(name), "max_length", None)
        value, column = field_value(node, source, longest)
        if isinstance(value, CellProblem):
            wanted.refuse(node, column, value, whole_row=name in made.unique)
            want.refused |= name in made.unique
        elif value is not None:
            want.values[name] = value
        elif name in made.unique:
            wanted.refuse(node, column, Message("key_empty", {"column": column}))
            want.refused = True
        elif source.otherwise and not want.refused:
            want.fresh[name] = source.otherwise % {key: node.text(key) for key in node.cells}
    for name, value in made.fixed.items():
        (want.values if name == "currency" else want.fresh)[name] = value
    for name, other in made.points.items():
        pointed = wanted.want(other, node)
        if pointed is not None:
            want.refs[name] = pointed
    wanted.wants[made.key][node.serial] = want
    node.refused |= want.refused and made is table.made[0]


# -- references ------------------------------------------------------------------------------------


def ends_of(graph: Graph, edge: Edge, key: str) -> Node:
    """The end of a relation whose row becomes the record of the key."""
    makes = {made.key for made in edge.source.table.made}
    return edge.source if key in makes else edge.target


def _fill(wanted: Wanted, relation: RelationOf) -> None:
    """What the relations of one kind say of foreign keys."""
    for fill in relation.fills:
        said: dict[int, Edge] = {}
        for edge in wanted.graph.of(relation.place):
            _fill_one(wanted, relation, fill, edge, said)


def _fill_one(wanted: Wanted, relation: RelationOf, fill: Fill, edge: Edge, said: dict[int, Edge]) -> None:
    owner = wanted.want(fill.owner, ends_of(wanted.graph, edge, fill.owner))
    other = wanted.want(fill.to, ends_of(wanted.graph, edge, fill.to))
    if owner is None or other is None:
        return
    earlier = said.setdefault(owner.serial, edge)
    if earlier is not edge:
        if not relation.join:
            count = wanted.count(relation)
            same = earlier.source is edge.source and earlier.target is edge.target
            if same:
                count.repeated += 1
            else:
                count.refused += 1
                wanted.refuse_edge(edge, Message("relation_second", {"earlier": earlier.number}))
        return
    if fill.through:
        owner.through[fill.field] = (other, fill.through)
    else:
        owner.refs[fill.field] = other


def _count_fills(wanted: Wanted, relation: RelationOf) -> None:
    """How many relations of a kind became foreign keys; those whose ends were refused are named."""
    if relation.join or relation.plan:
        return
    count = wanted.count(relation)
    fill = relation.fills[0]
    seen: set[int] = set()
    for edge in wanted.graph.of(relation.place):
        owner = wanted.want(fill.owner, ends_of(wanted.graph, edge, fill.owner))
        if owner is not None and owner.serial in seen:
            continue
        gone = refused_end(wanted, edge)
        if gone is not None:
            count.refused += 1
            _refuse_gone(wanted, edge, gone)
            continue
        if owner is None:
            continue
        seen.add(owner.serial)
        count.linked += 1
        count.new += owner.row is None or fill.field in owner.changes
    outside = count.rows - len(wanted.graph.of(relation.place))
    count.refused += outside


def refused_end(wanted: Wanted, edge: Edge) -> Node | None:
    """The end of a relation whose row was refused."""
    return next((node for node in (edge.source, edge.target) if node.refused), None)


def _refuse_gone(wanted: Wanted, edge: Edge, node: Node) -> None:
    told = {"label": node.table.label, "value": node.id}
    wanted.refuse_edge(edge, Message("relation_refused", told), end=0 if node is edge.source else 3)


# -- what exists -----------------------------------------------------------------------------------


def _settle(wanted: Wanted, table: TableOf, made: Made) -> None:
    """Follow references, find what exists, and compare; in the order of writing, so that what is pointed to is settled."""
    wants = [one for one in wanted.wants[made.key].values() if not one.refused]
    for want in wants:
        _refer(wanted, want)
    spare = [one for one in wanted.spare.values() if one.made is made and not one.refused]
    keyed = _keyed(wanted, table, made, [one for one in wants if not one.refused])
    for one in spare:
        keyed[_key_of(one)] = one
    _find(made, keyed)
    for want in keyed.values():
        _fall_back(wanted, want)
        _compare(wanted, table, want)


def _refer(wanted: Wanted, want: Want) -> None:
    """References to refused records are none; those that follow another record's are looked up there."""
    for name, (named, field) in want.through.items():
        other = named.same or named
        if other.refused:
            continue
        followed = other.refs.get(field) or other.fresh_refs.get(field) if other.row is None else other.refs.get(field)
        if followed is not None:
            want.refs[name] = followed
        elif other.row is not None:
            want.fixed_ids[name] = getattr(other.row, f"{field}_id")
    want.refs = {name: other.same or other for name, other in want.refs.items() if not other.refused}
    for name, key in want.made.fallback.items():
        if name not in want.refs and name not in want.fixed_ids:
            want.fresh_refs[name] = _spare(wanted, key)


def _spare(wanted: Wanted, key: str) -> Want:
    """The record for what no relation places. It is settled here, because its own kind came before."""
    if key not in wanted.spare:
        declared = wanted.graph.declared
        spare = declared.spare[key]
        want = Want(declared.by_key(spare.made), None)
        code = {name: value for name, value in spare.values.items() if name in want.made.unique}
        want.values, want.fresh = code, {name: value for name, value in spare.values.items() if name not in code}
        _find(want.made, {_key_of(want): want})
        _candidate(want)
        wanted.spare[key] = want
    return wanted.spare[key]


def _fall_back(wanted: Wanted, want: Want) -> None:
    if want.row is None and want.fresh_refs:
        wanted.spared[want.made.key] += 1
    if want.row is None and want.fresh and any(source.otherwise for source in want.made.fields.values()):
        wanted.named[want.made.key] += any(name in want.fresh for name in want.made.fields)


def _key_of(want: Want) -> tuple[Any, ...]:
    """What the record is found by; references count as the records themselves."""
    return tuple(id(want.refs[name]) if name in want.refs else want.values.get(name) for name in want.made.unique)


def _keyed(wanted: Wanted, table: TableOf, made: Made, wants: Sequence[Want]) -> dict[tuple[Any, ...], Want]:
    """The records by key; a second one of a key is refused."""
    keyed: dict[tuple[Any, ...], Want] = {}
    for want in wants:
        missing = next((name for name in made.unique if name not in want.values and name not in want.refs), "")
        if missing:
            _refuse(wanted, table, want, _needed(want, missing))
            continue
        earlier = keyed.setdefault(_key_of(want), want)
        if earlier is not want and want.node is not None and earlier.node is not None:
            if _same_row(earlier.node, want.node, wanted.graph.declared.node):
                # The same record once more: relations of either row mean it.
                want.same = wanted.wants[made.key][want.serial] = earlier
                wanted.merged[made.key] += 1
                continue
            value = want.node.text(table.identity)
            _refuse(wanted, table, want, Message("key_repeated", {"value": value, "earlier": earlier.node.number}))
    return keyed


def _same_row(one: Node, other: Node, node: str) -> bool:
    """Whether two rows say the same in every column but their id; how many blanks they use says nothing."""
    columns = [name for name in one.cells if name.casefold() != node.casefold()]
    return all(" ".join(one.text(name).split()) == " ".join(other.text(name).split()) for name in columns)


def _needed(want: Want, name: str) -> Message:
    field = want.model._meta.get_field(name)
    return Message("relation_needed", {"field": in_all_languages(lambda: str(field.verbose_name))})


def _refuse(wanted: Wanted, table: TableOf, want: Want, reason: Message, name: str = "") -> None:
    """Refuse the record, and with the first record of a row the row; `name` is the field that it is about."""
    want.refused = True
    first = want.made is table.made[0]
    if want.node is not None and (first or not want.node.refused):
        column = want.made.fields[name].column if name in want.made.fields else table.identity
        wanted.refuse(want.node, column, reason, whole_row=first)
        want.node.refused |= first


def _find(made: Made, keyed: dict[tuple[Any, ...], Want]) -> None:
    """The records on file by their keys: one statement per 500."""
    model: Any = apps.get_model(made.model)
    first = made.unique[0]
    pointed = {want.refs[first].row.pk: 0 for want in keyed.values() if first in want.refs and want.refs[first].row}
    texts = {want.values[first]: 0 for want in keyed.values() if first in want.values}
    own: dict[tuple[Any, ...], Any] = {}
    for found in _chunks([*pointed, *texts]):
        for row in model.objects.filter(**{f"{first}__in": found}).order_by("pk"):
            own[tuple(getattr(row, _column(model, name)) for name in made.unique)] = row
    for want in keyed.values():
        key = _stored_key(want)
        want.row = own.get(key) if key is not None else None


def _stored_key(want: Want) -> tuple[Any, ...] | None:
    parts: list[Any] = []
    for name in want.made.unique:
        if name in want.refs:
            if want.refs[name].row is None:
                return None
            parts.append(want.refs[name].row.pk)
        else:
            parts.append(want.values[name])
    return tuple(parts)


def _column(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).attname)


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))


# -- comparing -------------------------------------------------------------------------------------


def _compare(wanted: Wanted, table: TableOf, want: Want) -> None:
    """The record as it would be, once cells that make it invalid are refused; what of it differs from what is on file."""
    while not want.refused:
        _candidate(want)
        if want.row is not None and not want.changes:
            return
        missing = _missing(want)
        if missing:
            _refuse(wanted, table, want, _needed(want, missing))
            return
        problems = refused_by(lambda: check_row(want.candidate))
        if not problems:
            return
        name = next((name for name in problems if name in want.values and name not in want.made.unique), "")
        if name and want.node is not None:
            column = want.made.fields[name].column if name in want.made.fields else table.identity
            wanted.refuse(want.node, column, problems[name], whole_row=False)
            del want.values[name]
        else:
            about, reason = next(iter(problems.items()))
            _refuse(wanted, table, want, reason, about)


def _candidate(want: Want) -> None:
    model = want.model
    if want.row is None:
        want.candidate = model(**want.fresh, **want.values)
        for name, pk in want.fixed_ids.items():
            setattr(want.candidate, f"{name}_id", pk)
        return
    want.candidate = model._base_manager.model(
        **{f.attname: getattr(want.row, f.attname) for f in model._meta.concrete_fields}
    )
    want.changes = {name: value for name, value in want.values.items() if getattr(want.row, name) != value}
    for name, value in want.changes.items():
        setattr(want.candidate, name, value)
    for name, other in want.refs.items():
        if other.row is None or getattr(want.row, f"{name}_id") != other.row.pk:
            want.changes[name] = other
    for name, pk in want.fixed_ids.items():
        if getattr(want.row, f"{name}_id") != pk:
            want.changes[name] = pk


def _missing(want: Want) -> str:
    """A foreign key that the record needs and nothing says."""
    if want.row is not None:
        return ""
    known = {*want.refs, *want.fresh_refs, *want.fixed_ids}
    fields = [f for f in want.model._meta.concrete_fields if f.is_relation and not f.null]
    return next((f.name for f in fields if f.name not in known and not getattr(want.candidate, f.attname)), "")
