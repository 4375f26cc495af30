"""Encodings are recognised by strict decoding, reported, and never guessed into mojibake."""

import pytest

from pmo.core.imports.decoding import decode
from pmo.core.imports.messages import ReadError
from tests.imports.helpers import read, refusal

CHINESE = (
    "项目编号,项目名称,所属部门,计划完成\n"
    "P-001,新能源平台开发,研发中心,2026年11月21日\nP-002,智能座舱升级（二期）,产品部,2027年3月1日\n"
)
TRADITIONAL = "專案編號,專案名稱,負責部門\nP-001,新能源平臺開發,研發中心\nP-002,智慧座艙升級（二期）,產品部\n"
WESTERN = "code,name,note\nP1,Café rénové,£1.5m – “très bien”\nP2,Über­prüfung,naïve façade\n"


@pytest.mark.parametrize(
    ("text", "encoding", "reported"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN, "utf-8", "utf-8"),
    ],
)
def test_encoding_is_recognised_and_reported(text, encoding, reported):
    if encoding == "utf-16-le":
        text = "code,name\nP1,Alpha 项目\nP2,Beta\n"
    decoded, used = decode(text.encode(encoding))
    assert (decoded, used) == (text, reported)


@pytest.mark.parametrize("word", ["项目", "预算", "北京", "风险登记册", "延误"])
def test_a_single_chinese_word_in_an_ascii_table(word):
    text = f"code,name,budget\nP1,{word},5\nP2,Beta,6\n"
    assert decode(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize("word", ["café", "Müller", "£5", "naïve", "it’s", "São Paulo"])
def test_a_single_accent_in_an_ascii_table(word):
    text = f"code,name,budget\nP1,{word},5\nP2,Beta,6\n"
    assert decode(text.encode("cp1252")) == (text, "cp1252")


def test_a_bad_byte_in_utf8_is_named_not_replaced(tmp_path):
    data = CHINESE.encode()
    cut = data.index("智能".encode()) + 1
    error = refusal(tmp_path, data[:cut] + data[cut + 1 :])
    assert error.message.code == "undecodable"
    assert error.message.params["encoding"] == "utf-8"
    assert error.message.params["line"] == 3
    assert error.message.params["offset"] == cut - 1


def test_truncated_utf16_is_named(tmp_path):
    assert refusal(tmp_path, CHINESE.encode("utf-16")[:-1]).message.code == "undecodable"


def test_users_choice_of_encoding_is_strict(tmp_path):
    error = refusal(tmp_path, CHINESE.encode("gb18030"), encoding="utf-8")
    assert (error.message.code, error.message.params["line"]) == ("undecodable", 1)
    assert read(tmp_path, CHINESE.encode("gb18030"), encoding="gbk").rows[0][1] == "新能源平台开发"


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13", "utf-7", "idna", "x\0y"])
def test_unknown_or_unsuitable_encodings_are_refused(tmp_path, encoding):
    assert refusal(tmp_path, CHINESE, encoding=encoding).message.code == "unknown_encoding"


def test_bytes_that_no_encoding_fits():
    with pytest.raises(ReadError) as caught:
        decode(b"code,name\nP1,\x81\x20\xff\xff\nP2,x\n")
    assert caught.value.message.code == "undecodable"
    assert caught.value.message.params["line"] == 2


@pytest.mark.parametrize("data", [b"a,b\n1,\x00\x01\x02\n", bytes(range(256)) * 4, b"code,name\nP1,\x01\x02\n"])
def test_binary_is_not_text(tmp_path, data):
    assert refusal(tmp_path, data).message.code in ("is_binary", "undecodable")
