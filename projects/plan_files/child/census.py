"""One pass over an XML plan before Java sees it: refuse what is dangerous, count what is there.

The pass keeps counters and the few values that are asked for, never the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import MEGABYTE, Limits

Wanted = Mapping[str, frozenset[str]]


class Census(ContentHandler):
    """Counts elements by (parent, name), within each child of the root named in `scopes`; records the wanted leaves."""

    def __init__(self, wanted: Wanted, limits: Limits, scopes: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.wanted = wanted
        self.limits = limits
        self.scopes = scopes
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.scoped: list[tuple[str, dict[str, str], Counter[tuple[str, str]]]] = []
        self.records: dict[str, list[dict[str, str]]] = {name: [] for name in wanted}
        self.path: list[str] = [""]
        self._open: list[dict[str, str]] = []
        self._text: list[str] | None = None
        self._nodes = 0
        self._scope: Counter[tuple[str, str]] | None = None

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        name = name.rpartition(":")[2]
        path = self.path
        self._nodes += 1
        if len(path) > self.limits.depth:
            raise PlanFileError("too_deep", limit=self.limits.depth)
        if self._nodes > self.limits.nodes:
            raise PlanFileError("too_many_nodes", limit=self.limits.nodes)
        parent = path[-1]
        self.pairs[parent, name] += 1
        path.append(name)
        self._text = [] if name in self.wanted.get(parent, ()) else None
        if self._text is None and name in self.wanted:
            self._open.append(dict(attrs))
        if len(path) == 3 and name in self.scopes:
            self._scope = Counter()
            self.scoped.append((name, self._open[-1], self._scope))
        elif self._scope is not None:
            self._scope[parent, name] += 1

    def characters(self, content: str) -> None:
        if self._text is not None:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        name = self.path.pop()
        if self._text is not None:
            self._open[-1].setdefault(name, "".join(self._text).strip())
            self._text = None
        elif name in self.wanted:
            self.records[name].append(self._open.pop())
        if len(self.path) == 2 and name in self.scopes:
            self._scope = None


def parsed(path: Path, handler: Census) -> None:
    """Count the document. Raises PlanFileError for declarations, depth, size and what is not well formed."""
    limit = handler.limits.unpacked
    if path.stat().st_size > limit:
        raise PlanFileError("unpacks_too_large", limit=limit // MEGABYTE)
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, False)
    parser.setContentHandler(handler)
    try:
        with path.open("rb") as source:
            parser.parse(source)
    except DefusedXmlException as error:
        raise PlanFileError("has_entities") from error
    except SAXParseException as error:
        raise PlanFileError("bad_xml", line=error.getLineNumber()) from error
    except (SAXException, ValueError, LookupError) as error:
        raise PlanFileError("damaged", detail=repr(error)) from error
