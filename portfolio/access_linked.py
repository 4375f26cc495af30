"""Who imports linked tables: it writes units, programmes, contracts and plans at once, so nobody but the PMO administrator.

In no bundle: the PMO administrator holds every permission. `portfolio.imports.linked` asks for each right that the import uses.
"""

from __future__ import annotations

IMPORT_LINKED = "portfolio.linkedtables.import"
