"""What the kernel registers with itself when the app loads."""

from __future__ import annotations


def wire() -> None:
    """Declare the kernel's permissions and scope providers."""
    from pmo.core.access import core_roles, scopes, units
    from pmo.core.activity import wiring as activity
    from pmo.core.administration import wiring as administration
    from pmo.core.custom_fields import wiring as custom_fields
    from pmo.core.features import wiring as features
    from pmo.core.imports import wiring as imports
    from pmo.core.jobs import wiring as jobs
    from pmo.core.messages import wiring as messages
    from pmo.core.ops import wiring as ops
    from pmo.core.privacy import wiring as privacy
    from pmo.core.registers import core as registers
    from pmo.core.registers.undo import wiring as undo
    from pmo.core.report_builder import wiring as report_builder
    from pmo.core.search import wiring as search
    from pmo.core.sign_in import wiring as sign_in

    core_roles.declare()
    features.wire()
    scopes.register_provider("unit", units.unit_ids)
    messages.wire()
    jobs.wire()
    registers.declare()
    custom_fields.wire()
    imports.wire()
    undo.wire()
    search.wire()
    activity.wire()
    report_builder.wire()
    sign_in.wire()
    administration.wire()
    ops.wire()
    privacy.wire()
