"""Bytes to text without guessing silently: strict decoding, the encoding is reported, bad bytes are named."""

import codecs
from collections import Counter

from charset_normalizer import from_bytes

from pmo.core.imports.messages import ReadError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = ("gb18030", "big5", "cp1252")
OFFERED = ("utf-8", "utf-16", "gb18030", "big5", "cp1252")
SAMPLE = 256 * 1024
MOSTLY_UTF8 = 0.75
# A short text may be everyday Chinese in both; GB18030 is by far the commoner encoding.
BIG5_WEIGHT = 0.9
# A stray control character is the cell's problem; many of them mean that this is no text.
MOST_STRANGE = 0.05
NOT_IN_TEXT = {chr(code) for code in range(32)} - set("\t\n\x0b\x0c\r\x1a\x1c\x1d\x1e\x1f")
WESTERN_SIGNS = "£€¥§©®°±²³·¼½¾×÷–—‘’‚“”„•…™ªº«»¿¡ß\u00a0"


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Text and the encoding used. Raises ReadError that names the offset and line of the first bad byte.

    Without an order from the user: byte order mark, UTF-16 by its zero bytes, UTF-8, then GB18030, Big5 and cp1252, of
    which the one whose result reads most like written language wins.
    """
    text, used = _decode(data, encoding)
    sample = text[:SAMPLE]
    strange = sum(sample.count(char) for char in NOT_IN_TEXT)
    if "\0" in text or strange > MOST_STRANGE * len(sample):
        raise ReadError("is_binary")
    return text, used


def _decode(data: bytes, encoding: str | None) -> tuple[str, str]:
    if encoding is not None:
        return _strict(data, _known(encoding))
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strict(data, name)
    if b"\0" in data:
        return _strict(data, _utf16_by_zeros(data))
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data):
            raise _bad_bytes(data, error, "utf-8") from error
    return _legacy(data)


def _known(encoding: str) -> str:
    """The codec's name; only text encodings that make sense for a table are accepted."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise ReadError("unknown_encoding", encoding=encoding, offered=", ".join(OFFERED)) from error
    allowed = {codecs.lookup(one).name for one in (*OFFERED, "utf-8-sig", "utf-32", "gbk", "gb2312", "latin-1")}
    if name not in allowed:
        raise ReadError("unknown_encoding", encoding=encoding, offered=", ".join(OFFERED))
    return "utf-8-sig" if name == "utf-8" else name


def _strict(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _bad_bytes(data, error, encoding) from error
    return text, "utf-8" if encoding == "utf-8-sig" else encoding


def _utf16_by_zeros(data: bytes) -> str:
    """UTF-16 without a mark has its zero bytes all on one side; zero bytes elsewhere mean that it is no text."""
    sample = data[:SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 10 * even and odd * 20 > len(sample):
        return "utf-16-le"
    if even > 10 * odd and even * 20 > len(sample):
        return "utf-16-be"
    raise ReadError("is_binary")


def _is_mostly_utf8(data: bytes) -> bool:
    """Do most of the non-ASCII characters stand as proper UTF-8, so that a bad byte is damage, not another encoding?"""
    sample = data[:SAMPLE]
    loose = sample.decode("utf-8", errors="replace")
    broken = loose.count("\ufffd")
    proper = sum(1 for char in loose if ord(char) > 127) - broken
    return proper > MOSTLY_UTF8 * (proper + broken)


def _legacy(data: bytes) -> tuple[str, str]:
    """The most plausible of the older encodings that decode every byte."""
    texts: dict[str, str] = {}
    errors: dict[str, UnicodeDecodeError] = {}
    for name in LEGACY:
        try:
            texts[name] = data.decode(name)
        except UnicodeDecodeError as error:
            errors[name] = error
    if not texts:
        furthest = max(errors, key=lambda name: errors[name].start)
        raise _bad_bytes(data, errors[furthest], furthest)
    scores = {name: _plausibility(text, name) for name, text in texts.items()}
    best = max(scores.values())
    close = [name for name in texts if scores[name] > best - 0.05]
    chosen = close[0] if len(close) == 1 else _helped(data, close)
    return texts[chosen], chosen


def _helped(data: bytes, candidates: list[str]) -> str:
    """Let charset_normalizer break a tie; where it names none of the candidates, our own order decides."""
    families = {"gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "big5": "big5", "cp950": "big5"}
    for match in from_bytes(data[:SAMPLE], cp_isolation=["gb18030", "big5", "cp1252"]):
        name = families.get(match.encoding, match.encoding)
        if name in candidates:
            return name
    return candidates[0]


def _plausibility(text: str, encoding: str) -> float:
    """Share of the non-ASCII characters that are everyday characters of that encoding, 0 to 1."""
    counts = Counter(char for char in text[:SAMPLE] if ord(char) > 127)
    total = counts.total()
    if total == 0:
        return 0.0
    everyday = _is_everyday_western if encoding == "cp1252" else _is_everyday_chinese
    good: float = sum(count for char, count in counts.items() if everyday(char, encoding))
    if encoding == "big5":
        good *= BIG5_WEIGHT
    lonely = _share_of_runs_of_one(text[:SAMPLE])
    return good / total * (1 - lonely if encoding != "cp1252" else 0.5 + lonely / 2)


def _is_everyday_western(char: str, encoding: str) -> bool:
    return char in WESTERN_SIGNS or (char.isalpha() and ord(char) < 0x180)


def _is_everyday_chinese(char: str, encoding: str) -> bool:
    """A frequent character (level 1 of GB 2312 or of Big5) or Chinese punctuation; rare ones tell of a wrong guess."""
    if "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef":
        return True
    try:
        lead = char.encode("gb2312" if encoding == "gb18030" else "big5")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= lead <= 0xD7 if encoding == "gb18030" else 0xA4 <= lead <= 0xC6


def _share_of_runs_of_one(text: str) -> float:
    """How many of the runs of non-ASCII characters are a single character between ASCII letters, as in "café"."""
    runs = lonely = 0
    length = 0
    before = " "
    for char in f"{text} ":
        if ord(char) > 127:
            length += 1
            continue
        if length:
            runs += 1
            lonely += length == 1 and (before.isalpha() or char.isalpha())
        length, before = 0, char
    return lonely / runs if runs else 0.0


def _bad_bytes(data: bytes, error: UnicodeDecodeError, encoding: str) -> ReadError:
    line = data.count(b"\n", 0, error.start) + 1
    found = " ".join(f"{byte:02X}" for byte in data[error.start : error.start + 4])
    return ReadError("undecodable", encoding=encoding, offset=error.start, line=line, found=found)
