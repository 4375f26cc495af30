"""What a file is, by its content: nothing is unpacked, only names and first bytes are looked at."""

from __future__ import annotations

import io
import zipfile
import zlib

IMAGES: dict[str, str] = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
DOCUMENTS: dict[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
_TEXTS = {"md", "csv", "txt"}
_MOST_ENTRIES = 5000


def image_type(content: bytes) -> str | None:
    """The media type of a PNG, JPEG, GIF or WebP picture by its first bytes, None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return IMAGES["png"]
    if content.startswith(b"\xff\xd8\xff"):
        return IMAGES["jpeg"]
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        return IMAGES["gif"]
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return IMAGES["webp"]
    return None


def document_type(name: str, content: bytes) -> str | None:
    """The media type of an allowed document whose content is what its name says, None for anything else."""
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if extension in _OFFICE:
        return DOCUMENTS[extension] if _is_office(content, _OFFICE[extension]) else None
    if extension == "pdf":
        return DOCUMENTS["pdf"] if content.startswith(b"%PDF-") else None
    if extension in _TEXTS:
        return DOCUMENTS[extension] if _is_text(content) else None
    return None


def _is_office(content: bytes, part: str) -> bool:
    """Whether the archive's directory names the part and the content types, and no macros. Nothing is unpacked."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, UnicodeDecodeError):
        return False
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return len(names) <= _MOST_ENTRIES and part in names and "[Content_Types].xml" in names and not macros


def _is_text(content: bytes) -> bool:
    """UTF-8 or GB 18030 without control characters."""
    if b"\x00" in content:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text)
    return False


def attachment_type(name: str, content: bytes) -> str | None:
    """The media type of a document, or of a picture whose name says so; None for anything else."""
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    picture = IMAGES.get({"jpg": "jpeg"}.get(extension, extension))
    if picture is not None:
        return picture if image_type(content) == picture else None
    return document_type(name, content)


ATTACHMENTS = (*DOCUMENTS, *IMAGES, "jpg")
