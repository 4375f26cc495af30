"""Reading a file back: the text of each page, in the order in which it was drawn."""

from __future__ import annotations

import base64
import re
import zlib

_OBJECT = re.compile(rb"\n(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_TOKEN = re.compile(rb"/(F\d+)(?:\+\d+)? [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj|\n?(T\*|ET)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_SYMBOL = {0x2D: "−", 0xAE: "→", 0xAD: "↑", 0xAF: "↓", 0xAC: "←", 0xA3: "≤", 0xB3: "≥"}
# Fonts that every reader of PDF has, and the one for Chinese, which it brings.
STANDARD = {"Helvetica", "Helvetica-Bold", "Symbol", "ZapfDingbats", "STSong-Light"}


def pages(content: bytes) -> list[str]:
    """The text of each page; a break stands where another piece begins."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    fonts = _fonts(objects)
    found = []
    for body in objects.values():
        if b"/Type /Page\n" not in body:
            continue
        reference = re.search(rb"/Contents (\d+) 0 R", body)
        assert reference, body
        found.append(_text(_stream(objects[int(reference[1])]), fonts))
    return found


def text(content: bytes) -> str:
    """All text without breaks and spaces, so that a line's end hides nothing."""
    return squeezed("".join(pages(content)))


def squeezed(words: str) -> str:
    """The words as `text` gives them."""
    return "".join(words.split())


def fonts_used(content: bytes) -> set[str]:
    """The names of the fonts."""
    return {name.decode() for name in re.findall(rb"/BaseFont /([A-Za-z0-9+-]+)", content)}


def box(content: bytes) -> tuple[float, float]:
    """Width and height of the first page."""
    found = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", content)
    assert found
    return float(found[1]), float(found[2])


def _fonts(objects: dict[int, bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for body in objects.values():
        name = re.search(rb"/Name /(F\d+)", body)
        base = re.search(rb"/BaseFont /([A-Za-z0-9-]+)", body)
        if name and base:
            found[name[1]] = base[1]
    return found


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found, body
    data = found[1]
    if b"/ASCII85Decode" in body:
        data = base64.a85decode(data.strip().removesuffix(b"~>"))
    return zlib.decompress(data) if b"/FlateDecode" in body else data


def _text(stream: bytes, fonts: dict[bytes, bytes]) -> str:
    words, font = [], b""
    for name, literal, end in _TOKEN.findall(stream):
        if name:
            font = fonts[name]
        elif end:
            words.append("\n")
        else:
            words.append(_decoded(_ESCAPE.sub(_unescaped, literal), font))
    return re.sub(r"\n+", "\n", "".join(words))


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if len(code) == 3 else {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(code, code)


def _decoded(raw: bytes, font: bytes) -> str:
    if font == b"STSong-Light":
        return raw.decode("utf-16-be")
    if font == b"Symbol":
        return "".join(_SYMBOL.get(byte, chr(byte)) for byte in raw)
    return raw.decode("cp1252")
