"""Relations that become records of their own: found again by their ends, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps

from pmo.core.imports.messages import Message
from portfolio.linked.declaration import Join, RelationOf
from portfolio.linked.graph import Edge
from portfolio.services.linked.wants import Link, Want, Wanted

_BATCH = 500


def plan_links(wanted: Wanted) -> None:
    """The records that join others, for every relation that is one; one statement per relation and 500 rows."""
    seen: dict[tuple[Any, ...], Link] = {}
    for relation in wanted.graph.declared.relations:
        if relation.join is not None:
            links = [link for edge in wanted.graph.of(relation.place) if (link := _link(wanted, relation, edge, seen))]
            _find(relation.join, links)
            count = wanted.count(relation)
            count.linked += len(links)
            count.new += sum(1 for one in links if one.row is None or one.changes)
            count.refused += count.rows - len(wanted.graph.of(relation.place))
            wanted.links += links


def _link(wanted: Wanted, relation: RelationOf, edge: Edge, seen: dict[tuple[Any, ...], Link]) -> Link | None:
    """The record of one relation; None for one whose ends were refused or that says what another one said."""
    join, count = relation.join, wanted.count(relation)
    if join is None:
        return None
    ends: dict[str, Want] = {}
    for name, key in join.ends.items():
        source = key in {made.key for made in edge.source.table.made}
        node = edge.source if source else edge.target
        end = wanted.want(key, node)
        if end is None or end.refused:
            count.refused += 1
            told = {"label": node.table.label, "value": node.id}
            wanted.refuse_edge(edge, Message("relation_refused", told), end=0 if source else 3)
            return None
        ends[name] = end
    link = Link(join, edge, ends)
    key_of = (join.model, *(id(ends[name]) for name in join.unique))
    earlier = seen.setdefault(key_of, link)
    if earlier is link:
        return link
    if all(earlier.ends[name] is end for name, end in ends.items()):
        count.repeated += 1
    else:
        count.refused += 1
        wanted.refuse_edge(edge, Message("relation_second", {"earlier": earlier.edge.number}))
    return None


def _find(join: Join, links: Sequence[Link]) -> None:
    """The records on file, and which of their other ends differ."""
    model: Any = apps.get_model(join.model)
    first = join.unique[0]
    known = {end.row.pk for link in links if (end := link.ends[first]).row is not None}
    columns = [f"{name}_id" for name in join.unique]
    own: dict[tuple[int, ...], Any] = {}
    for ids in _chunks(sorted(known)):
        for row in model.objects.filter(**{f"{first}__in": ids}).order_by("pk"):
            own[tuple(getattr(row, column) for column in columns)] = row
    for link in links:
        ends = [link.ends[name].row for name in join.unique]
        if all(row is not None for row in ends):
            link.row = own.get(tuple(row.pk for row in ends))
        if link.row is not None:
            link.changes = {
                name: end
                for name, end in link.ends.items()
                if end.row is None or getattr(link.row, f"{name}_id") != end.row.pk
            }


def _chunks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))
