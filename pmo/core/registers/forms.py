"""The form of a register: made from its form fields, limited to what the user may see and choose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.access.api import permission_of, scoped_q
from pmo.core.registers.beside import is_beside
from pmo.core.registers.controls import record_label
from pmo.core.registers.declaration import FieldGroup, Fixed, Register
from pmo.core.registers.fields import bind
from pmo.core.registers.values import find_by_label, visible_rows

# Above this many rows a foreign key is chosen by typing its code or name instead of from a list.
LONG_LIST = 200
_SEPARATED = re.compile(r"^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$")


class RecordField(forms.ModelChoiceField):
    """A foreign key typed as code or name, with suggestions; accepts what `record_label` writes."""

    widget = forms.TextInput
    queryset: Any
    user: Any = None
    default_error_messages = {
        "unknown": gettext_lazy("No record you may choose is called “%(value)s”; give its code or full name."),
        "ambiguous": gettext_lazy("Several records are called “%(value)s”; give the code."),
    }

    def prepare_value(self, value: Any) -> Any:
        """Show code and name of a record that may be chosen; what was typed stays."""
        if isinstance(value, int):
            row = self.queryset.filter(pk=value).first()
            return record_label(row) if row is not None else ""
        return record_label(value) if isinstance(value, models.Model) else value

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, models.Model):
            return value
        found = [row for row in find_by_label(self.queryset.model, str(value).strip(), self.user)]
        allowed = list(self.queryset.filter(pk__in=[row.pk for row in found])[:2])
        if len(allowed) == 1:
            return allowed[0]
        raise ValidationError(
            self.error_messages["ambiguous" if allowed else "unknown"], code="invalid_choice", params={"value": value}
        )


class FigureInput(forms.TextInput):
    """A figure typed as text, so that what was typed stays when it is wrong; thousands separators are taken away."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text = super().value_from_datadict(data, files, name)
        if isinstance(text, str) and _SEPARATED.match(text.strip()):
            return text.strip().replace(",", "")
        return text


class RegisterForm(forms.ModelForm):
    """Base of every register's form. `user` limits foreign keys; `by_id` takes them as ids (API)."""

    beside_names: tuple[str, ...] = ()

    def __init__(self, *args: Any, register: Register, user: Any, by_id: bool = False, **kwargs: Any) -> None:
        self.register, self.user, self.by_id = register, user, by_id
        super().__init__(*args, **kwargs)
        if self.beside_names:
            self._add_beside()
        for name, form_field in list(self.fields.items()):
            self._fit(name, form_field)
        if register.fixed is not None and self.instance.pk:
            for name, fixed in register.fixed([self.instance]).get(self.instance.pk, {}).items():
                if name in self.fields:
                    _fix(self.fields[name], fixed, getattr(self.instance, f"{name}_id", None))

    def _add_beside(self) -> None:
        """The fields kept outside the model, with what the row holds or a new one begins with."""
        beside: Any = self.register.beside
        pk = self.instance.pk
        held = beside.values([pk], self.beside_names)[pk] if pk else beside.defaults(self.beside_names)
        self.initial = {**held, **self.initial}
        for name in self.beside_names:
            self.fields[name] = beside.form_field(name)

    def _post_clean(self) -> None:
        """Values kept outside the model travel with the instance to the service."""
        super()._post_clean()  # type: ignore[misc]
        self.instance.beside_values = {n: self.cleaned_data[n] for n in self.beside_names if n in self.cleaned_data}

    def _fit(self, name: str, form_field: Any) -> None:
        if isinstance(form_field, forms.ModelChoiceField):
            form_field.queryset = self._choices(name, form_field.queryset)
            if not self.by_id:
                self._shorten(name, form_field)
        elif isinstance(form_field, forms.DateField):
            form_field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        elif isinstance(form_field, forms.DecimalField | forms.FloatField | forms.IntegerField):
            form_field.widget = FigureInput(attrs={"inputmode": "decimal", "class": "num-input"})
            initial = self.initial.get(name)
            if isinstance(initial, Decimal) and bind(self.register, name).kind != "money":
                self.initial[name] = _without_zeros(initial)

    def _choices(self, name: str, queryset: Any) -> Any:
        """Rows the user may choose, with the present one even where he could not choose it anew."""
        if name in self.register.choices_for:
            rows = self.register.choices_for[name](self.user)
        else:
            rows = visible_rows(queryset.model, self.user)
            kind, scope = getattr(self.register.model, "access_scope", ("organisation", ""))
            if kind != "organisation" and scope == f"{name}_id":
                rows = rows.filter(scoped_q(self.user, kind, permission_of(self.register.model, "add"), "pk"))
        present = getattr(self.instance, f"{name}_id", None)
        return (
            rows
            if present is None
            else queryset.model._base_manager.filter(
                models.Q(pk=present) | models.Q(pk__in=rows.order_by().values("pk"))
            )
        )

    def _shorten(self, name: str, form_field: Any) -> None:
        """Replace the list by a text field with suggestions where it would be too long."""
        if form_field.queryset.order_by().values("pk")[: LONG_LIST + 1].count() <= LONG_LIST:
            form_field.queryset = _in_order(form_field.queryset)
            return
        typed = RecordField(
            queryset=form_field.queryset,
            required=form_field.required,
            label=form_field.label,
            help_text=form_field.help_text or _("Type a code or name."),
        )
        typed.user = self.user
        typed.widget.attrs |= {"autocomplete": "off", "data-lookup": name, "list": f"lookup-{name}"}
        self.fields[name] = typed

    @property
    def lookups(self) -> list[str]:
        """Names of the fields that are typed with suggestions."""
        return [name for name, form_field in self.fields.items() if isinstance(form_field, RecordField)]

    def changed_values(self) -> dict[str, Any]:
        """Cleaned values of the form's model fields, for the service."""
        return {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}

    def take_errors(self, error: ValidationError) -> None:
        """Add what a service refused: by field where the form has it, else for the whole form."""
        self.add_error(None, error)

    def add_error(self, field: str | None, error: Any) -> None:
        """An error of a field that this form does not have (a cell is a form of one) stands for the whole form."""
        if field is not None or not hasattr(error, "error_dict"):
            super().add_error(field, error)
            return
        for name, messages in error.error_dict.items():
            super().add_error(name if name in self.fields else None, messages)


def _fix(form_field: Any, fixed: Fixed, chosen: Any) -> None:
    """Shown, not edited, with the reason. It is still sent: what a page opened earlier sends is refused by name, not lost."""
    if isinstance(form_field, forms.ModelChoiceField):
        choices: Any = form_field.queryset
        form_field.queryset = choices.filter(pk=chosen)
        form_field.empty_label = None
    form_field.widget.attrs["readonly"] = True
    link = format_html(' <a href="{}">{}</a>', fixed.url, fixed.link) if fixed.url else ""
    form_field.help_text = format_html("{}{}", fixed.why, link)


def _without_zeros(number: Decimal) -> Decimal:
    """17 for 17.0000, without an exponent."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _in_order(rows: Any) -> Any:
    return rows if rows.query.order_by or rows.model._meta.ordering else rows.order_by("pk")


def form_class(register: Register, names: Iterable[str]) -> type[RegisterForm]:
    """The form class with just these fields."""
    base = register.form_class or RegisterForm
    given = list(names)
    own = [name for name in given if not is_beside(register, name)]
    made: Any = forms.modelform_factory(register.model, form=base, fields=own)
    made.beside_names = tuple(name for name in given if name not in own)
    return made  # type: ignore[no-any-return]


def make_form(
    register: Register,
    user: Any,
    instance: Any,
    *,
    names: Iterable[str],
    data: Any = None,
    by_id: bool = False,
    initial: Any = None,
) -> RegisterForm:
    """A form on the instance with the named fields."""
    made = form_class(register, names)
    return made(data=data, instance=instance, register=register, user=user, by_id=by_id, initial=initial)


def editable_names(register: Register, masked: Iterable[str]) -> list[str]:
    """Form fields the user may read, and so write."""
    hidden = set(masked)
    return [name for name in register.form_fields if name not in hidden]


def grouped_fields(register: Register, form: RegisterForm) -> list[tuple[Any, list[Any]]]:
    """(title, bound fields) of the form: by the register's groups, the rest at the end without a title."""
    left = [name for name in form.fields if name in register.form_fields]
    found: list[tuple[Any, list[Any]]] = []
    for group in register.field_groups or [FieldGroup("", tuple(left))]:
        names = [name for name in group.fields if name in left]
        left = [name for name in left if name not in names]
        if names:
            found.append((group.title, [form[name] for name in names]))
    if left:
        found.append(("", [form[name] for name in left]))
    return found
