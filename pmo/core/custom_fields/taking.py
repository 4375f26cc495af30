"""Which registers take custom fields."""

from __future__ import annotations

from pmo.core.records.models import Record
from pmo.core.registers.declaration import Register

OWN = frozenset(["custom-fields", "lookup-tables", "lookup-values"])


def takes_fields(declared: Register) -> bool:
    """Whether fields can be added to a register: people write its rows, and they are records."""
    written = bool(declared.form_fields) and not declared.read_only
    return written and issubclass(declared.model, Record) and declared.key not in OWN
