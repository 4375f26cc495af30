"""Catalogues are compiled without gettext programs."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from pmo.core.ops.catalogues import compile_catalogues

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Jobs"
msgstr "任务"

msgid "%(n)s job"
msgid_plural "%(n)s jobs"
msgstr[0] "%(n)s 个任务"

msgctxt "rag"
msgid "At risk"
msgstr "黄"

#, fuzzy
msgid "Not sure"
msgstr "不确定"
"""


def catalogue(tmp_path: Path) -> Path:
    source = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO, encoding="utf-8")
    return source


def test_what_is_compiled_is_what_gettext_reads(tmp_path: Path) -> None:
    target = catalogue(tmp_path).with_suffix(".mo")
    assert compile_catalogues([tmp_path]) == [target]
    with target.open("rb") as stream:
        found = gettext.GNUTranslations(stream)
    assert found.gettext("Jobs") == "任务"
    assert found.ngettext("%(n)s job", "%(n)s jobs", 5) == "%(n)s 个任务"
    assert found.pgettext("rag", "At risk") == "黄"
    assert found.gettext("Not sure") == "Not sure", "a fuzzy entry is not shown"
    assert list(target.parent.glob(".*")) == [], "no drafts are left"


def test_only_what_changed_is_compiled(tmp_path: Path) -> None:
    source = catalogue(tmp_path)
    compile_catalogues([tmp_path])
    assert compile_catalogues([tmp_path]) == []
    newer = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (newer, newer))
    assert len(compile_catalogues([tmp_path])) == 1
    os.utime(source.with_suffix(".mo"), (newer + 5, newer + 5))
    assert len(compile_catalogues([tmp_path], force=True)) == 1
