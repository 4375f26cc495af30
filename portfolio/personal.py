"""What the tables of this app hold about people."""

from __future__ import annotations

from pmo.core.privacy.declaration import declare_personal


def declare() -> None:
    """Every text and JSON value of the app's tables."""
    declare_personal("portfolio.BandOverride", text="reason")
    declare_personal("portfolio.Board", plain="role", text="name about", content="layout")
    declare_personal("portfolio.BusinessFunction", plain="code path", text="name_zh name_en note")
    declare_personal("portfolio.EarlyWarning", plain="inputs")
    declare_personal("portfolio.HealthModel", plain="spec", text="note")
    declare_personal("portfolio.HealthSnapshot", plain="inputs")
    declare_personal("portfolio.Objective", plain="code", text="name_zh name_en measure")
    declare_personal("portfolio.Personal", plain="home tours", gone="user")
    declare_personal("portfolio.Portfolio", plain="code", text="name_zh name_en purpose")
    declare_personal("portfolio.Programme", plain="code path", text="name_zh name_en outcome")
    declare_personal("portfolio.ProgrammeMeasure", plain="code", text="description category target")
    declare_personal("portfolio.ReportDelegation", plain="code", text="reason")
    declare_personal("portfolio.ReportingRule", plain="reminders")
    declare_personal(
        "portfolio.RollupReport", plain="code digest", text="summary next_period content", rehash=("digest", "content")
    )
    declare_personal("portfolio.SignInDay", gone="user")
    declare_personal("portfolio.Snooze", plain="rule", text="reason")
