"""What the tables of this app hold about people."""

from __future__ import annotations

from pmo.core.privacy.declaration import declare_personal


def declare() -> None:
    """Every text and JSON value of the app's tables."""
    declare_personal("office.PMOCharter", plain="code", text="problem mandate scope success_measures change_note")
    declare_personal("office.PMOUnit", plain="code path", text="name_zh name_en type_label function_label mission")
    declare_personal("office.TypeAssessment", plain="code", text="reason", content="answers")
