"""Putting an uploaded file into the storage, checked by its content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Stored:
    """A file in the storage: its name there, media type, size in bytes, SHA-256 in hex."""

    name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Limits:
    """What is taken: `kinds` are the file name endings to name in a refusal, `sniff(name, content)` gives the media type."""

    sniff: Callable[[str, bytes], str | None]
    kinds: tuple[str, ...]
    most_bytes: int = 20 * MEGABYTE
    longest_name: int = 200


def checked(name: str, content: bytes, limits: Limits, field: str = "file") -> str:
    """The media type of an acceptable file. Raises ValidationError on `field`: empty, too large, long name, wrong content."""
    if not content:
        raise ValidationError({field: _("The file is empty.")})
    if len(content) > limits.most_bytes:
        text = _("The file is larger than %(size)s MB.") % {"size": limits.most_bytes // MEGABYTE}
        raise ValidationError({field: text})
    if len(name) > limits.longest_name:
        raise ValidationError({field: _("The file's name is too long.")})
    media = limits.sniff(name, content)
    if media is None:
        text = _("Only these files are taken, and only if their content is what the name says: %(kinds)s.")
        raise ValidationError({field: text % {"kinds": ", ".join(limits.kinds)}})
    return media


def store(name: str, content: bytes, folder: str, limits: Limits) -> Stored:
    """Keep the file under its own checksum; the same content is kept once. Raises ValidationError on `file`."""
    media = checked(name, content, limits)
    digest = hashlib.sha256(content).hexdigest()
    place = f"{folder}/{digest}.{name.rsplit('.', 1)[-1].lower()}"
    kept = place if default_storage.exists(place) else default_storage.save(place, ContentFile(content))
    return Stored(kept, media, len(content), digest)
