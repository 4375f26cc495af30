"""Names for comparing: what two spellings of one project have in common, and nothing more."""

import re
import unicodedata

_BRACKETS = re.compile(r"\(([^()]*)\)")
_ACRONYM = re.compile(r"[A-Z0-9][A-Za-z0-9&/+.\-]{1,11}\Z")
_FORMER = re.compile(
    r"(?:originally|formerly|previously|former|renamed|aka|a\.k\.a|also known as)\b|原|曾用名|曾称|又名|又称|简称",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?<=\S)\s+(?:programme|program|project)\Z")
_CHINESE_SUFFIX = re.compile(r"(?<=[\u3400-\u9fff]{2})(?:建设项目|建设工程|工程项目|项目|工程)\Z")
_APART = re.compile(r"[\W_]+")
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_NUMBERS = re.compile(
    r"\d+|(?<=第)[一二三四五六七八九十]+|[一二三四五六七八九十]+(?=期|阶段|批|标段)|\biii\b|\bviii\b|\bvii\b"
)
_SHORT = re.compile(r"\b[a-z]{1,2}\b")
_SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "as",
        "at",
        "by",
        "de",
        "e",
        "g",
        "in",
        "is",
        "it",
        "la",
        "le",
        "no",
        "of",
        "on",
        "or",
        "s",
        "t",
        "to",
        "up",
        "vs",
        "we",
    ]
)


def normalise_name(name: str) -> str:
    """The name without case, width, punctuation, its own acronym, a remark on a former name, and a final "Project".

    "&" counts as "and", 项目 and 工程 at the end as nothing. A name of which nothing would be left stays as it is.
    """
    wide = unicodedata.normalize("NFKC", name)
    text = _evened(_BRACKETS.sub(_keep_or_drop, wide))
    shorter = _CHINESE_SUFFIX.sub("", _SUFFIX.sub("", text))
    return shorter or text or _evened(wide) or " ".join(wide.casefold().split())


def _keep_or_drop(match: re.Match[str]) -> str:
    """A bracket goes if it holds the acronym of the words before it or a former name; all else tells projects apart."""
    inner = match[1].strip()
    if not inner or _FORMER.match(inner) or _abbreviates(inner, match.string[: match.start()]):
        return " "
    return f" {inner} "


def _abbreviates(text: str, words: str) -> bool:
    """Is the text an acronym of the words: (ESMCP), (DSAB), but not (UK) or (Phase 2)?

    Its letters have to appear in the words in that order, the first one at the start of a word.
    """
    if _ACRONYM.match(text) is None or sum(1 for char in text if char.isupper()) * 2 <= len(text):
        return False
    wanted = [char for char in text.casefold() if char.isalnum()]
    spelled = f" {_evened(words)}"
    start = spelled.find(f" {wanted[0]}")
    if start < 0:
        return False
    position = start + 1
    for char in wanted:
        position = spelled.find(char, position) + 1
        if position == 0:
            return False
    return True


def _evened(text: str) -> str:
    text = text.casefold().replace("&", " and ").replace("'", "").replace("’", "")
    return _BETWEEN_CHINESE.sub("", _APART.sub(" ", text).strip())


def telling_parts(name: str) -> frozenset[str]:
    """What tells apart names that look alike: numbers, 一期, Phase II, and short words such as UK and US."""
    return frozenset(_NUMBERS.findall(name)) | (frozenset(_SHORT.findall(name)) - _SMALL_WORDS)
