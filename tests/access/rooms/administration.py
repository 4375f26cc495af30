"""The administration in the access table: the PMO administrator changes, the auditor reads; calendars and mappings are the PMO's."""

from __future__ import annotations

import io
from typing import Any

from django.utils import timezone

from pmo.core.calendars.models import Organisation
from pmo.core.imports.models import ImportMapping
from pmo.core.messages.models import MessageDelivery
from tests.access.rights import ROLES, Rights

RIGHTS: dict[str, Rights] = {}
TABS: dict[tuple[str, str], dict[str, int]] = {}
SETTINGS = {
    "name_zh": "甲",
    "name_en": "A",
    "time_zone": "Asia/Shanghai",
    "base_currency": "CNY",
    "fiscal_start_month": "1",
    "working_weekdays": ["1", "2", "3", "4", "5"],
    "nightly_time": "02:00",
    "version": "1",
}


class Upload(io.BytesIO):
    """A file that every browser sends from its beginning."""

    name = "mapping.json"

    def read(self, *args: Any) -> bytes:
        self.seek(0)
        return super().read()


MAPPING = Upload(b'{"version": 1, "name": "From a file", "fields": {"name": {"column": "N"}}}')
ROUTES: dict[str, dict[str, Any]] = {
    "administration": {"get": "AU"},
    "organisation-settings": {"get": "AU", "post": "A", "form": SETTINGS},
    "role-matrix": {"get": "AU"},
    "role-matrix-csv": {"get": "AU"},
    "access-why": {"get": "AU"},
    "working-calendar": {"get": ROLES},
    "working-calendar-take": {"post": "AN", "form": {"year": "2026", "country": "CN", "day": "2026-10-01"}},
    "lookups": {"get": "AU"},
    "import-mappings": {"get": "AN"},
    "import-mapping-upload": {"get": "AN", "post": "AN", "form": {"target": "projects", "file": MAPPING}},
    "import-preset-json": {"get": "AN", "args": "preset"},
    "mail-settings": {"get": "AU"},
    "mail-test": {"post": "A"},
    "mail-again": {"post": "A", "args": "lost_mail"},
    "retention": {"get": "AU"},
    "retention-change": {"post": "A", "args": "rule", "form": {"days": "120"}},
    "features": {"get": "AU"},
    "feature-switch": {"post": "A", "args": "feature", "form": {"on": "1"}},
}
_made: dict[str, dict[str, Any]] = {}


def rows(world: Any) -> dict[str, Any]:
    """A mail that was given up and a kept mapping. No register of its own."""
    now = timezone.now()
    if not Organisation.objects.exists():
        Organisation.objects.create(name_zh="甲", name_en="A")
    lost = MessageDelivery.objects.create(
        channel="email",
        once="lost",
        event="report.due",
        user=world.users["A"],
        state="dead",
        next_at=now,
        created_at=now,
    )
    ImportMapping.objects.create(
        name="Kept", target="projects", spec={"version": 1, "fields": {"name": {"column": "N"}}}
    )
    _made.update(
        lost_mail={"pk": lost.pk}, rule={"key": "jobs"}, feature={"key": "webhooks"}, preset={"name": "uk_gmpp"}
    )
    return {}


def form(world: Any, key: str) -> dict[str, Any]:
    """Nothing is added through a register."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The URL arguments that ROUTES names."""
    return _made.get(args)
