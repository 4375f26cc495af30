"""Base classes of everything people keep: a record is alive or in the trash, has a version for locking and a public id."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any, ClassVar, Self, TypeGuard

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import DEFAULT_DB_ALIAS, models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 20_000
"""Characters of a text whose field names no limit of its own: a workbook's cell, where it ends up too, holds 32,767."""


class RecordQuerySet(models.QuerySet[Any]):
    """Reads every register shares."""

    def alive(self) -> Self:
        """Rows that are not in the trash."""
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """Alive rows the user may see: the only door for HTML, API, export, search and charts."""
        from pmo.core.access.api import allowed_q

        return self.alive().filter(allowed_q(user, self.model, "view"))

    def allowed_to(self, user: Any, action: str) -> Self:
        """Alive rows on which the user holds the model's permission for the action (view, add, change, delete, ...)."""
        from pmo.core.access.api import allowed_q

        return self.alive().filter(allowed_q(user, self.model, action))


class AliveManager(models.Manager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Hides the trash."""

    def get_queryset(self) -> RecordQuerySet:
        queryset: RecordQuerySet = super().get_queryset()
        return queryset.alive()


class AllManager(models.Manager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Sees the trash too: for undo, audit and foreign keys."""


class Record(models.Model):
    """A row people create and edit.

    `access_scope` says whose membership decides: ("project", "project_id"), ("portfolio", "portfolio_id"),
    ("unit", "unit_id") or ("organisation", "").
    """

    access_scope: ClassVar[tuple[str, str]] = ("organisation", "")
    # Foreign keys to records of another scope that the row names: who does not see them does not see the row.
    access_also: ClassVar[tuple[str, ...]] = ()
    # Name of the field with the id of the project the row belongs to, "" where it belongs to none.
    audit_project: ClassVar[str] = ""
    # Pattern of the code given to a row saved without one, such as "ISS-{:04d}"; the number is the row's id.
    code_pattern: ClassVar[str] = ""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(_("Version"), default=1, editable=False)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("Updated"), auto_now=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AliveManager()
    all_objects = AllManager()

    class Meta:
        abstract = True
        base_manager_name = "all_objects"
        default_permissions = ()

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """The limits of long texts hold for every way in, not for forms alone."""
        errors: dict[str, list[Any]] = {}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for field in self._meta.concrete_fields:
            if isinstance(field, models.TextField) and field.name not in (exclude or ()) and field.name not in errors:
                try:
                    MaxLengthValidator(field.max_length or LONGEST_TEXT)(getattr(self, field.attname) or "")
                except ValidationError as error:
                    errors[field.name] = [error]
        if errors:
            raise ValidationError(errors)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """A repeated key is told at its last field in the words for unique fields, not by the constraint's name."""
        errors: dict[str, list[Any]] = {}
        excluded = None if exclude is None else set(exclude)
        for model, constraints in self.get_constraints():
            for constraint in constraints:
                if _is_unique_if_alive(constraint):
                    if self._is_repeated(model, constraint.fields, excluded or set()):
                        told = self.unique_error_message(model, tuple(constraint.fields))
                        errors.setdefault(constraint.fields[-1], []).append(told)
                    continue
                try:
                    constraint.validate(model, self, exclude=excluded, using=self._state.db or DEFAULT_DB_ALIAS)
                except ValidationError as error:
                    if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
                        told = self.unique_error_message(model, tuple(constraint.fields))
                        errors.setdefault(constraint.fields[-1], []).append(told)
                    else:
                        errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def unique_error_message(self, model_class: type[models.Model], unique_check: Sequence[str]) -> ValidationError:
        """Django's sentence in words of our own, which read well in Chinese too."""
        error = super().unique_error_message(model_class, unique_check)
        fields: list[Any] = [model_class._meta.get_field(name) for name in unique_check]
        labels = [str(field.verbose_name) for field in fields]
        told = {"record": model_class._meta.verbose_name, "fields": gettext(", ").join(labels)}
        text = _("%(record)s with this %(fields)s already exists.")
        return ValidationError(text, code=error.code, params={**(error.params or {}), **told})

    def _is_repeated(self, model: type[models.Model], fields: Collection[str], excluded: set[str]) -> bool:
        """What UniqueConstraint.validate asks for `unique_if_alive`, without sending every column of the row as a value."""
        if self.deleted_at is not None or excluded & {"deleted_at", *fields}:
            return False
        values = {f.name: getattr(self, f.attname) for f in model._meta.concrete_fields if f.name in fields}
        if None in values.values():
            return False
        manager: Any = model._default_manager
        others = manager.using(self._state.db or DEFAULT_DB_ALIAS).filter(_ALIVE, **values)
        if not self._state.adding and self.pk is not None:
            others = others.exclude(pk=self.pk)
        return bool(others.exists())


_ALIVE = models.Q(deleted_at__isnull=True)


def unique_if_alive(*fields: str, name: str) -> models.UniqueConstraint:
    """A unique constraint that rows in the trash do not hold."""
    return models.UniqueConstraint(fields=list(fields), condition=_ALIVE, name=name)


def _is_unique_if_alive(constraint: Any) -> TypeGuard[models.UniqueConstraint]:
    return (
        isinstance(constraint, models.UniqueConstraint) and bool(constraint.fields) and constraint.condition == _ALIVE
    )
