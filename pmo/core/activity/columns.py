"""The column "Tags" that every register of records has: off at first, in exports, saved views and the API like any other."""

from __future__ import annotations

import functools
from typing import Any

from django.db.models import Aggregate, Model, OuterRef, Subquery, TextField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.activity.models import Tagging
from pmo.core.registers.declaration import Column, Register

NAME = "tags"
# No tag holds a comma.
_BETWEEN = ","


class Joined(Aggregate):
    """The texts of a group in one, with commas between them."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """See `Expression.as_sql`."""
        return self.as_sql(compiler, connection, function="STRING_AGG", **extra)


def words(joined: str | None) -> list[str]:
    """The tags of such a text, in their order."""
    return sorted((word for word in (joined or "").split(_BETWEEN) if word), key=str.casefold)


def _written(value: Any, row: Any, lang: str) -> SafeString | str:
    return format_html_join(_(", "), "{}", ((word,) for word in words(value)))


@functools.cache
def _column_of(model: type[Model]) -> Column:
    tags = Tagging.objects.filter(model=model._meta.label_lower, object_id=OuterRef("pk")).order_by()
    joined = tags.values("object_id").annotate(joined=Joined("word")).values("joined")
    return Column(
        NAME,
        label=gettext_lazy("Tags"),
        kind="text",
        annotate=Subquery(joined, output_field=TextField()),
        format=_written,
        several=True,
        to_api=words,
        sortable=False,
        filterable=False,
    )


def tags_column(declared: Register) -> Column | None:
    """The column for a register; None where its rows have tags of another kind."""
    own = {field.name for field in declared.model._meta.get_fields()} | {column.field for column in declared.columns}
    return None if NAME in own else _column_of(declared.model)
