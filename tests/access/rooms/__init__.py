"""The rooms above the registry: each says its rights, its sample rows, its forms and its other routes in a module of its own.

A module has `RIGHTS` {register key: Rights}, `rows(world)` {register key: the row everybody meets}, `form(world, key)` what is
typed into the form of a new row, `ROUTES` (as in test_matrix) and `address(world, args)` the URL arguments that ROUTES name;
`TABS` {(register key, tab): {letter: status}} for tabs that need more than seeing the row.
"""

from __future__ import annotations

from typing import Any

from tests.access.rooms import (
    activity,
    administration,
    boards,
    custom_fields,
    knowledge,
    linked,
    lists,
    messages,
    office,
    outline,
    plan_files,
    plans,
    projects,
    report_builder,
    reporting,
    reports,
    resources,
    risks,
    search,
    sign_in,
    suppliers,
    trust,
    upkeep,
)

ROOMS: tuple[Any, ...] = (
    administration,
    boards,
    projects,
    plan_files,
    linked,
    plans,
    outline,
    suppliers,
    resources,
    risks,
    knowledge,
    office,
    reporting,
    reports,
    search,
    sign_in,
    activity,
    messages,
    lists,
    upkeep,
    custom_fields,
    report_builder,
    trust,
)
