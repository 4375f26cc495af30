"""What the tables of this app hold about people."""

from __future__ import annotations

from pmo.core.privacy.declaration import declare_personal


def declare() -> None:
    """Every text and JSON value of the app's tables."""
    declare_personal("risks.Risk", plain="code currency", text="title cause effect source response trigger event")
    declare_personal("risks.RiskCategory", plain="code path", text="name_zh name_en")
    declare_personal("risks.RiskMatrix", plain="code cells probability_steps impact_steps", text="name_zh name_en")
