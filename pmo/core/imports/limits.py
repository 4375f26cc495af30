"""How large a file may be before it is refused; every limit has its own clear message."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one import. Sizes in bytes, times in seconds; `compression_ratio` is unpacked size over packed size.

    The ratio counts only from `ratio_from_bytes` unpacked bytes on: a small file may compress as well as it likes.
    """

    upload_bytes: int = 50 * MIB
    unpacked_bytes: int = 400 * MIB
    compression_ratio: int = 200
    ratio_from_bytes: int = 20 * MIB
    zip_entries: int = 2_000
    rows: int = 200_000
    columns: int = 300
    cells: int = 6_000_000
    cell_length: int = 32_767
    line_length: int = 4 * MIB
    wall_seconds: float = 300.0
    cpu_seconds: int = 120
    memory_bytes: int = 1536 * MIB


DEFAULT_LIMITS = Limits()
