"""Addresses of sign-in, of one's own account, and of what the administrator keeps."""

from __future__ import annotations

from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from pmo.core.sign_in.views import keeping, outside, own, recovering, signing

urlpatterns = [
    path("login", login_not_required(signing.SignIn.as_view()), name="login"),
    path("login/code", signing.second_step, name="login-code"),
    path("login/passkey/options", signing.passkey_options, name="login-passkey-options"),
    path("login/passkey", signing.passkey, name="login-passkey"),
    path("logout", auth_views.LogoutView.as_view(), name="logout"),
    path("password/forgot", recovering.forgot, name="password-forgot"),
    path("password/reset/<str:uid>/<str:token>", recovering.reset, name="password-reset"),
    path("invite/<str:token>", recovering.accept, name="invite-accept"),
    path("sso/oidc/<slug:provider_id>/login", outside.oidc_login, name="openid_connect_login"),
    path("sso/oidc/<slug:provider_id>/callback", outside.oidc_callback, name="openid_connect_callback"),
    path("sso/saml/<slug:organization_slug>/login", outside.saml_login, name="saml_login"),
    path("sso/saml/<slug:organization_slug>/acs", outside.saml_acs, name="saml_acs"),
    path("sso/saml/<slug:organization_slug>/acs/finish", outside.saml_finish_acs, name="saml_finish_acs"),
    path("sso/saml/<slug:organization_slug>/sls", outside.saml_sls, name="saml_sls"),
    path("sso/saml/<slug:organization_slug>/metadata", outside.saml_metadata, name="saml_metadata"),
    path("account/security", own.security, name="account-security"),
    path("account/password", own.password, name="account-password"),
    path("account/confirm", own.confirm, name="account-confirm"),
    path("account/confirm/passkey/options", own.own_passkey_options, name="account-confirm-options"),
    path("account/confirm/passkey", own.confirm_passkey, name="account-confirm-passkey"),
    path("account/totp", own.totp, name="account-totp"),
    path("account/codes", own.codes, name="account-codes"),
    path("account/passkeys/options", own.passkey_options, name="account-passkey-options"),
    path("account/passkeys", own.passkey_add, name="account-passkey-add"),
    path("account/factors/<int:pk>/remove", own.factor_remove, name="account-factor-remove"),
    path("account/sessions", own.sessions, name="account-sessions"),
    path("account/sessions/end", own.sessions_end, name="account-sessions-end"),
    path("account/sessions/<uuid:uid>/end", own.session_end, name="account-session-end"),
    path("users/new/", keeping.user_new, name="user-new"),
    path("users/new/people", keeping.user_new_people, name="user-new-people"),
    path("users/<int:pk>/<slug:act>", keeping.user_act, name="user-act"),
    path("invites/", keeping.invite_list, name="invites"),
    path("invites/<uuid:uid>/<slug:act>", keeping.invite_act, name="invite-act"),
    path("service-accounts/", keeping.service_list, name="service-accounts"),
    path("service-accounts/<int:pk>/", keeping.service, name="service-account"),
    path(
        "service-accounts/<int:pk>/tokens/<int:token>/revoke", keeping.service_token_revoke, name="service-token-revoke"
    ),
]
