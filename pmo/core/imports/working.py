"""The planner and the writer of a target: one kind for targets with parts of their own, one for registers."""

from __future__ import annotations

from typing import Any

from pmo.core.imports.commit_writer import ChunkWriter
from pmo.core.imports.planning import Planner
from pmo.core.imports.register_planning import RegisterPlanner
from pmo.core.imports.register_target import RegisterTarget
from pmo.core.imports.register_writer import RegisterWriter
from pmo.core.imports.targets import ImportTarget


def planner_for(target: ImportTarget, *args: Any, owner: Any, **kwargs: Any) -> Planner:
    """See `Planner`; `owner` is the user whose rights count for the rows of a register."""
    if isinstance(target, RegisterTarget):
        return RegisterPlanner(target, *args, owner=owner, **kwargs)
    return Planner(target, *args, **kwargs)


def writer_for(target: ImportTarget, **kwargs: Any) -> ChunkWriter:
    """See `ChunkWriter`."""
    return (RegisterWriter if isinstance(target, RegisterTarget) else ChunkWriter)(target=target, **kwargs)
