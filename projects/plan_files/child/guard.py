"""Checks before Java sees a file: size when unpacked, declarations, depth, number of elements, and what is in it by its own count."""

from __future__ import annotations

import zipfile
from pathlib import Path

from projects.plan_files.child import ole
from projects.plan_files.child.counts import Inventory
from projects.plan_files.child.delimited import mpx_inventory, xer_inventory
from projects.plan_files.child.xml_inventory import gan_inventory, mspdi_inventory, pmxml_inventory
from projects.plan_files.detect import PLAN_ENDINGS, detect
from projects.plan_files.errors import DAMAGED_ARCHIVE, PlanFileError
from projects.plan_files.limits import MEGABYTE, Limits

CHUNK = 1 << 20
# zipfile says so of a password with RuntimeError.
_DAMAGED = (*DAMAGED_ARCHIVE, RuntimeError)
INVENTORIES = {
    "mspdi": mspdi_inventory,
    "pmxml": pmxml_inventory,
    "gan": gan_inventory,
    "xer": xer_inventory,
    "mpx": mpx_inventory,
    "mpp": ole.checked,
}


def checked(path: Path, format: str, limits: Limits) -> Inventory:
    """The inventory of a file that may go on to Java. Raises PlanFileError."""
    held = INVENTORIES[format](path, limits)
    if held.tasks > limits.tasks:
        raise PlanFileError("too_many_tasks", limit=limits.tasks)
    return held


def unpacked(path: Path, folder: Path, limits: Limits) -> tuple[Path, str]:
    """The only plan of an archive, unpacked into the folder as far as the limit allows, and its format."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [one for one in archive.infolist() if one.filename.lower().endswith(PLAN_ENDINGS)]
            if len(entries) != 1:
                raise PlanFileError("archive_many" if entries else "unknown_format")
            target = folder / ("plan" + Path(entries[0].filename).suffix.lower())
            _unpack(archive, entries[0], target, limits.unpacked)
    except _DAMAGED as error:
        raise PlanFileError("archive_damaged", detail=repr(error)) from error
    format = detect(target, target.name)
    if format not in INVENTORIES:
        raise PlanFileError("unknown_format")
    return target, format


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, limit: int) -> None:
    """Count what really comes out: what the directory says is not believed."""
    too_large = PlanFileError("unpacks_too_large", limit=limit // MEGABYTE)
    if entry.file_size > limit:
        raise too_large
    total = 0
    with archive.open(entry) as source, target.open("wb") as sink:
        while chunk := source.read(CHUNK):
            total += len(chunk)
            if total > limit:
                raise too_large
            sink.write(chunk)
