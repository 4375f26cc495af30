"""The three registers of the administration: custom fields, lookup tables, lookup values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import BigIntegerField, Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.custom_fields.models import CustomField, CustomValue, LookupTable, LookupValue
from pmo.core.custom_fields.services.definitions import create_field, update_field
from pmo.core.custom_fields.services.lookups import create_lookup, update_lookup
from pmo.core.custom_fields.views import preview
from pmo.core.registers.declaration import Column, FieldGroup, Register, Tab, register
from pmo.core.registers.forms import RegisterForm

TRIAL = "formula-trial"
_TONES = {"info": "info", "good": "good", "warn": "warn", "bad": "bad", "quiet": "quiet"}


class DefinitionForm(RegisterForm):
    """The form of a definition: roles are chosen from all there are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in _ROLE_HELP.items():
            if name in self.fields:
                self.fields[name] = forms.MultipleChoiceField(
                    label=self.fields[name].label,
                    choices=Role.choices,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    help_text=words,
                )
        for name, words in _HELP.items():
            if name in self.fields:
                self.fields[name].help_text = words
        if "formula" in self.fields and not self.by_id:
            self._try_while_typing()

    def _try_while_typing(self) -> None:
        """What is wrong with the formula, or what it gives in the first rows, stands below it while it is typed."""
        field = self.fields["formula"]
        field.widget.attrs |= {
            "spellcheck": "false",
            "hx-get": reverse("custom-field-try"),
            "hx-include": "[name=register],[name=code]",
            "hx-trigger": "load, input changed delay:400ms, change from:[name=register]",
            "hx-target": f"#{TRIAL}",
            "hx-sync": "this:replace",
        }
        field.help_text = format_html(
            '{}<span id="{}" class="formula-trial" aria-live="polite"></span>', field.help_text, TRIAL
        )


_ROLE_HELP = {
    "seen_by": _("None: everybody who sees the row. Others see that the value is hidden."),
    "edited_by": _("None: everybody who may change the row."),
}
_HELP = {
    "code": _("For addresses, files and formulas, with cf_ before it. It cannot be changed later."),
    "formula": _(
        "For example: forecast_cost / max(1, days(planned_start, planned_finish) / 30). Fields are written by their keys; the tab Preview lists them."
    ),
    "lookup": _("For choices."),
    "default": _("What the form of a new row begins with."),
    "places": _("For numbers and formulas."),
    "unique": _("Two rows of the register may not have the same value."),
    "active": _("Out of use, the field disappears from lists and forms; its values are kept."),
}


def _count_of_values() -> Any:
    rows = CustomValue.objects.filter(field_id=OuterRef("pk")).order_by().values("field_id")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")[:1], output_field=BigIntegerField()), 0)


def _count_of(model: Any, link: str) -> Any:
    rows = model.objects.filter(**{link: OuterRef("pk")}).order_by().values(link)
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")[:1], output_field=BigIntegerField()), 0)


CUSTOM_FIELDS = Register(
    key="custom-fields",
    model=CustomField,
    group="administration",
    icon="list",
    order=50,
    columns=[
        Column("name", label=_("Field"), primary=True),
        Column("register"),
        Column("code", width="narrow"),
        Column("kind"),
        Column("lookup", link=True),
        Column("required"),
        Column("order"),
        Column("active"),
        Column("held", label=_("Values"), kind="number", annotate=_count_of_values(), how=_("How many rows have one.")),
        Column("updated_at"),
    ],
    default_columns=["name", "register", "code", "kind", "required", "active", "held"],
    default_sort=["register", "order", "code"],
    group_by=["register", "kind", "active"],
    search_fields=["code", "name_zh", "name_en"],
    form_fields=[
        "register", "code", "name_zh", "name_en", "kind", "lookup", "currency", "places", "formula", "required", "unique",
        "default", "help_zh", "help_en", "section_zh", "section_en", "order", "in_list", "in_form", "in_filter",
        "seen_by", "edited_by", "active",
    ],
    inline_fields=["name_zh", "name_en", "order", "active", "required"],
    field_groups=[
        FieldGroup(_("What it is"), ("register", "code", "name_zh", "name_en", "kind")),
        FieldGroup(_("What belongs to the type"), ("lookup", "currency", "places", "formula", "required", "unique", "default")),
        FieldGroup(
            _("Where it shows"),
            ("help_zh", "help_en", "section_zh", "section_en", "order", "in_list", "in_form", "in_filter"),
        ),
        FieldGroup(_("Who sees and edits it"), ("seen_by", "edited_by", "active")),
    ],
    create=create_field,
    update=update_field,
    form_class=DefinitionForm,
    deletable=False,
    tabs=[Tab("preview", _("Preview"), view=preview, order=10)],
    empty=_("No custom fields yet. Add one to any register: it becomes a column, a filter, a form field and part of the API."),
)  # fmt: skip

LOOKUP_TABLES = Register(
    key="lookup-tables",
    model=LookupTable,
    group="administration",
    icon="list",
    order=51,
    columns=[
        Column("name", label=_("Lookup table"), primary=True),
        Column("code", width="narrow"),
        Column("offers", label=_("Values"), kind="number", annotate=_count_of(LookupValue, "table")),
        Column("used", label=_("Used by fields"), kind="number", annotate=_count_of(CustomField, "lookup")),
        Column("active"),
        Column("updated_at"),
    ],
    default_columns=["name", "code", "offers", "used", "active"],
    default_sort=["code"],
    group_by=["active"],
    search_fields=["code", "name_zh", "name_en"],
    form_fields=["code", "name_zh", "name_en", "note", "active"],
    inline_fields=["name_zh", "name_en", "active"],
    create=create_lookup,
    update=update_lookup,
    deletable=False,
    empty=_("No lookup tables yet. A lookup table holds the values that choice fields offer."),
)
LOOKUP_VALUES = Register(
    key="lookup-values",
    model=LookupValue,
    group="administration",
    icon="list",
    order=52,
    columns=[
        Column("table", link=True),
        Column("name", label=_("Value"), primary=True),
        Column("code", width="narrow"),
        Column("tone", tones=_TONES),
        Column("order"),
        Column("active"),
        Column("used", label=_("Rows"), kind="number", annotate=_count_of(CustomValue, "choice")),
        Column("updated_at"),
    ],
    default_columns=["table", "name", "code", "tone", "order", "active", "used"],
    default_sort=["table", "order", "code"],
    group_by=["table", "tone", "active"],
    search_fields=["code", "name_zh", "name_en", "table__name_zh", "table__name_en"],
    form_fields=["table", "code", "name_zh", "name_en", "tone", "order", "active"],
    inline_fields=["name_zh", "name_en", "tone", "order", "active"],
    create=create_lookup,
    update=update_lookup,
    deletable=False,
    empty=_("No values yet. Add the values of a lookup table with a colour and an order."),
)


def declare() -> None:
    """Make the three known."""
    for declared in (CUSTOM_FIELDS, LOOKUP_TABLES, LOOKUP_VALUES):
        register(declared)
