"""Effective-dated version rows: what a record said at the end of any past day.

`version_model(Milestone)` makes the table `MilestoneVersion`: every concrete field of the record, foreign keys as plain ids,
and the half-open interval [valid_from, valid_to) of organisation days in which the row held. One row per record and day at
most: within a day the last word counts.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models

_BOOKKEEPING = {"id", "uid", "version", "created_at", "updated_at", "deleted_at"}
_versions: dict[type[models.Model], type[models.Model]] = {}


class VersionQuerySet(models.QuerySet[Any]):
    """Reads of version rows."""

    def as_of(self, day: datetime.date) -> models.QuerySet[Any]:
        """The rows as they stood at the end of the day."""
        return self.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=day), valid_from__lte=day)


def versioned_fields(model: type[models.Model]) -> list[str]:
    """Attribute names (foreign keys as `_id`) that a version row carries, in model order."""
    return [f.attname for f in model._meta.concrete_fields if f.name not in _BOOKKEEPING]


def _copy_of(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    if isinstance(field, models.ForeignKey | models.OneToOneField):
        return models.BigIntegerField(null=True, db_index=field.name == "project")
    clone: Any = field.clone()
    clone._unique = False
    clone.auto_created = False
    copied: models.Field[Any, Any] = clone
    return copied


def version_model(model: type[models.Model]) -> type[models.Model]:
    """Declare the version table of a record model; call it once, right below the model."""
    name = f"{model.__name__}Version"
    label = model._meta.label_lower.replace(".", "_")
    attributes: dict[str, Any] = {
        "__module__": model.__module__,
        "__doc__": f"{model.__name__} as it stood on past days.",
        "row_id": models.BigIntegerField(),
        "valid_from": models.DateField(),
        "valid_to": models.DateField(null=True),
        "objects": VersionQuerySet.as_manager(),
        "Meta": type(
            "Meta",
            (),
            {
                "app_label": model._meta.app_label,
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=["row_id", "valid_from"], name=f"{label}_ver_day")],
                "indexes": [models.Index(fields=["valid_from", "valid_to"], name=f"{label[:20]}_ver_span")],
            },
        ),
    }
    for field in model._meta.concrete_fields:
        if field.name not in _BOOKKEEPING:
            attributes[field.attname] = _copy_of(field)
    version = type(name, (models.Model,), attributes)
    _versions[model] = version
    return version


def version_of(model: type[models.Model]) -> type[models.Model] | None:
    """The version table of a record model, None where it keeps no history."""
    return _versions.get(model)


def versioned_models() -> dict[type[models.Model], type[models.Model]]:
    """All record models that keep history, with their version tables."""
    return dict(_versions)
