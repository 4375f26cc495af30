"""What the switches register with the kernel."""

from __future__ import annotations


def wire() -> None:
    """The kernel's features, and their state in the statement that reads a login."""
    from pmo.core.features import api, declaration
    from pmo.core.people.backend import read_with_login

    declaration.declare()
    read_with_login("features", api.expression, api.take)
