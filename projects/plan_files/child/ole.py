"""A first look into Microsoft's binary container: damaged or endless chains are refused before Java follows them."""

from __future__ import annotations

import struct
from pathlib import Path

from projects.plan_files.child.counts import Inventory
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import MEGABYTE, Limits

HEADER = 512
FREE = 0xFFFFFFFA  # this and above: no sector
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def checked(path: Path, limits: Limits) -> Inventory:
    """Nothing is counted in a binary plan; streams that claim more than the file can hold are refused."""
    size = path.stat().st_size
    with path.open("rb") as source:
        header = source.read(HEADER)
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise PlanFileError("damaged")
    shift, _ = struct.unpack_from("<HH", header, 30)
    fat_sectors, directory = struct.unpack_from("<I", header, 44)[0], struct.unpack_from("<I", header, 48)[0]
    if shift not in (9, 12) or fat_sectors > (size >> shift) + 1:
        raise PlanFileError("damaged")
    if directory >= FREE or (directory + 1) << shift >= size:
        raise PlanFileError("damaged")
    if size > limits.unpacked:
        raise PlanFileError("unpacks_too_large", limit=limits.unpacked // MEGABYTE)
    return Inventory()
