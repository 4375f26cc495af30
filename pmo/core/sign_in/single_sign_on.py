"""django-allauth's side of OIDC and SAML: the providers come from the settings, and who gets in is decided here."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pmo.core.sign_in.claims import Claims, NotLetIn
from pmo.sign_in_env import Oidc, Saml, Source

log = logging.getLogger(__name__)
OIDC, SAML = "oidc", "saml"
_PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


class Adapter(DefaultSocialAccountAdapter):
    """Providers from `settings.SIGN_IN` alone; nothing of allauth's own accounts is used."""

    def list_apps(self, request: Any, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """The configured providers that fit."""
        apps = [app for app in (_oidc_app(), _saml_app()) if app is not None]
        if provider:
            apps = [app for app in apps if provider in {app.provider, app.provider_id}]
        return [app for app in apps if not client_id or app.client_id == client_id]

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Never by allauth: `identities` knows the rules."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The protocol is through: the rest is ours. Raises ImmediateHttpResponse with the page to go to."""
        from pmo.core.sign_in.views.outside import let_in, refused

        saml = sociallogin.account.provider == SAML
        policy: Source | None = settings.SIGN_IN.saml if saml else settings.SIGN_IN.oidc
        if policy is None:
            raise ImmediateHttpResponse(refused(request, _("This way of signing in is switched off.")))
        claims = saml_claims(sociallogin, policy) if saml else oidc_claims(sociallogin, policy)
        try:
            response = let_in(request, claims, policy, str(sociallogin.state.get("next") or ""))
        except NotLetIn as no:
            log.warning("Sign-in with %s refused: %s", claims.source, no)
            response = refused(request, no.reason)
        raise ImmediateHttpResponse(response)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Our own page; the reason goes to the log. Raises ImmediateHttpResponse."""
        from pmo.core.sign_in.views.outside import refused

        saml = (extra_context or {}).get("saml_last_error_reason")
        log.warning("Sign-in with %s failed: %s %s %s", provider, error, exception or "", saml or "")
        raise ImmediateHttpResponse(
            refused(request, _("%(name)s did not complete the sign-in. Please try again.") % {"name": provider})
        )


def _oidc_app() -> Any:
    from allauth.socialaccount.models import SocialApp
    from allauth.socialaccount.providers import registry
    from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider

    policy: Oidc | None = settings.SIGN_IN.oidc
    if policy is None:
        return None
    registry.register(OpenIDConnectProvider)
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=OIDC,
        name=policy.name[:40],
        client_id=policy.client_id,
        secret=policy.client_secret,
        settings={"server_url": policy.issuer, "oauth_pkce_enabled": True, "scope": list(policy.scopes)},
    )


def _saml_app() -> Any:
    from allauth.socialaccount.models import SocialApp
    from allauth.socialaccount.providers import registry
    from allauth.socialaccount.providers.saml.provider import SAMLProvider

    policy: Saml | None = settings.SIGN_IN.saml
    if policy is None:
        return None
    registry.register(SAMLProvider)
    mapping = {**SAMLProvider.default_attribute_mapping, **{key: [name] for key, name in policy.attributes}}
    return SocialApp(
        provider=SAMLProvider.id,
        provider_id=SAML,
        name=policy.name[:40],
        client_id=SAML,
        settings={
            "idp": {"entity_id": policy.idp, "sso_url": policy.sso_url, "x509cert": policy.certificate},
            "sp": {"entity_id": policy.entity_id},
            "attribute_mapping": mapping,
            "advanced": {
                "strict": True,
                "want_assertion_signed": True,
                "reject_idp_initiated_sso": True,
                "want_name_id": True,
                "name_id_format": _PERSISTENT,
                "allow_single_label_domains": True,
            },
        },
    )


def _texts(value: Any) -> frozenset[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return frozenset(str(text) for text in values if text not in (None, ""))


def oidc_claims(sociallogin: Any, policy: Source) -> Claims:
    """What the ID token and the user information say; both must be about the same subject. Raises NotLetIn."""
    data = sociallogin.account.extra_data
    token, info = data.get("id_token") or {}, data.get("userinfo") or {}
    if not token or (info and info.get("sub") != token.get("sub")):
        raise NotLetIn(_("%(name)s did not say clearly who you are.") % {"name": policy.name})
    said = {**token, **info}
    if policy.rules and _left_out(said, policy.groups):
        raise NotLetIn(
            _("You are in more groups than %(name)s lists, so your roles are not known. Ask the PMO.")
            % {"name": policy.name}
        )
    email = str(said.get("email") or "")
    return Claims(
        source=OIDC,
        subject=str(token["sub"]),
        email=email,
        # A text such as "false" is not a yes.
        email_verified=bool(email) and (said.get("email_verified") is True or policy.trust_email),
        name=str(said.get("name") or ""),
        username=str(said.get("preferred_username") or "").partition("@")[0],
        groups=_texts(said.get(policy.groups)),
    )


def _left_out(said: dict[str, Any], name: str) -> bool:
    """Whether the person has groups that are not in the answer: OpenID Connect calls the claim distributed, Entra does so beyond 200."""
    elsewhere = said.get("_claim_names")
    return (isinstance(elsewhere, dict) and name in elsewhere) or said.get("hasgroups") in (True, "true")


def saml_claims(sociallogin: Any, policy: Source) -> Claims:
    """What the signed assertion says."""
    said = sociallogin.account.extra_data
    user = sociallogin.user
    emails = [address.email for address in sociallogin.email_addresses]
    email = emails[0] if emails else ""
    verified = any(address.verified for address in sociallogin.email_addresses)
    named = dict(policy.attributes).get("name", "") if isinstance(policy, Saml) else ""
    name = _one(said, named) if named else ""
    return Claims(
        source=SAML,
        subject=sociallogin.account.uid,
        email=email,
        email_verified=bool(email) and (verified or policy.trust_email),
        name=name or f"{user.first_name} {user.last_name}".strip(),
        username=(email or sociallogin.account.uid).partition("@")[0],
        groups=_texts(said.get(policy.groups)) if policy.groups else frozenset(),
    )


def _one(said: Any, name: str) -> str:
    return next(iter(sorted(_texts(said.get(name)))), "")
