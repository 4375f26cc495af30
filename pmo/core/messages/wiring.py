"""What the messages room registers with the kernel."""

from __future__ import annotations


def wire() -> None:
    """The kernel's own kinds of events."""
    from pmo.core.messages import kinds

    kinds.declare()
