"""What the tables of the libraries hold about people."""

from __future__ import annotations

from pmo.core.privacy.declaration import declare_personal


def declare() -> None:
    """Tables of Django and of the sign-in libraries."""
    declare_personal("account.EmailAddress", identity="email", gone="user")
    declare_personal("account.EmailConfirmation", hidden="key")
    declare_personal("auth.Group", text="name")
    declare_personal("auth.Permission", plain="codename name")
    declare_personal("contenttypes.ContentType", plain="app_label model")
    declare_personal("mfa.Authenticator", hidden="data", gone="user")
    declare_personal("sessions.Session", hidden="session_key session_data")
    declare_personal("socialaccount.SocialAccount", plain="provider", identity="uid", content="extra_data", gone="user")
    declare_personal(
        "socialaccount.SocialApp", plain="key provider provider_id client_id settings", text="name", hidden="secret"
    )
    declare_personal("socialaccount.SocialToken", hidden="token token_secret")
