"""OIDC and SAML: django-allauth speaks the protocol, loaded when one is configured and first used; here somebody comes in."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from pmo.core.sign_in.claims import Claims, NotLetIn
from pmo.core.sign_in.services import entering, invites
from pmo.core.sign_in.services.identities import free_username, keep_roles, login_for
from pmo.core.sign_in.views.signing import first_step_done
from pmo.sign_in_env import Source

log = logging.getLogger(__name__)
INVITE_KEY = "bw_invite"
# An answer with many groups and a signature has some 20 kB; allauth keeps it in a session for a moment.
_MOST_BYTES = 256 * 1024


def let_in(request: HttpRequest, claims: Claims, policy: Source, target: str) -> HttpResponse:
    """Who was proven to be somebody elsewhere comes in; an invitation opened before is theirs. Raises NotLetIn."""
    token = request.session.pop(INVITE_KEY, "")
    row = invites.find(token) if token else None
    if row is not None and not _known(claims):
        name = row.name or claims.name or claims.username or row.email
        wanted = free_username(claims.username or row.email.partition("@")[0])
        try:
            user = invites.accept(
                row=row, name=name, username=wanted, password=None, identity=(claims.source, claims.subject)
            )
        except ValidationError as error:
            raise NotLetIn(" ".join(error.messages)) from error
        keep_roles(user, claims, policy)
    else:
        user = login_for(claims, policy)
    method = {"oidc": entering.OIDC, "saml": entering.SAML}[claims.source]
    return first_step_done(request, user, method, target)


def _known(claims: Claims) -> bool:
    from pmo.core.sign_in.models import ExternalIdentity

    return ExternalIdentity.objects.filter(source=claims.source, subject=claims.subject).exists()


def refused(request: HttpRequest, reason: Any, status: HTTPStatus = HTTPStatus.FORBIDDEN) -> HttpResponse:
    """A page that says why nobody came in."""
    context = {"title": _("You are not signed in"), "text": reason}
    return render(request, "sign_in/said.html", context, status=status)


@dataclass(frozen=True)
class _Protocol:
    """What django-allauth has of a protocol: its views, what they call the slug, how they fail and what is said then."""

    views: Any
    slug: str
    failures: tuple[type[Exception], ...]
    said: Any


def _oidc() -> _Protocol:
    import requests
    from allauth.socialaccount.providers.openid_connect import views

    failures = (requests.RequestException, ValueError, KeyError)
    return _Protocol(views, "provider_id", failures, gettext_lazy("%(name)s does not answer. Try again later."))


def _saml() -> _Protocol:
    from allauth.socialaccount.providers.saml import views
    from lxml.etree import LxmlError
    from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError

    failures = (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, LxmlError, ValueError, KeyError)
    return _Protocol(views, "organization_slug", failures, _NOT_COMPLETED)


_PROTOCOLS = {"oidc": _oidc, "saml": _saml}
_NOT_COMPLETED = gettext_lazy("%(name)s did not complete the sign-in. Please try again.")


def _configured(protocol: str, slug: str) -> Source:
    """What the settings say of the protocol. Raises Http404 where they say nothing, and for another slug than its own."""
    policy: Source | None = getattr(settings.SIGN_IN, protocol)
    if policy is None or slug != protocol:
        raise Http404(_("This way of signing in is switched off."))
    return policy


def _through(protocol: str, step: str, request: HttpRequest, slug: str) -> HttpResponse:
    """One step of the protocol, as django-allauth takes it; a failure is told. Raises Http404."""
    policy, library = _configured(protocol, slug), _PROTOCOLS[protocol]()
    try:
        response: HttpResponse = getattr(library.views, step)(request, **{library.slug: slug})
    except library.failures as error:
        log.warning("Sign-in with %s failed: %s: %s", protocol, type(error).__name__, error)
        return refused(request, library.said % {"name": policy.name})
    return response


def begin(request: HttpRequest, protocol: str, slug: str) -> HttpResponse:
    """Off to the other system, by a form of ours: no other site may start a sign-in. Raises Http404.

    The answer is a page that goes on: browsers refuse a form whose answer redirects to another site.
    """
    policy = _configured(protocol, slug)
    if request.method != "POST":
        return redirect("login")
    response = _through(protocol, "login", request, slug)
    address = response.headers.get("Location")
    return render(request, "sign_in/onward.html", {"address": address, "name": policy.name}) if address else response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def oidc_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider."""
    return begin(request, "oidc", provider_id)


@login_not_required
@never_cache
@require_safe
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    return _through("oidc", "callback", request, provider_id)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def saml_login(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Off to the identity provider."""
    return begin(request, "saml", organization_slug)


@csrf_exempt
@login_not_required
@never_cache
def saml_acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """The identity provider's answer: signed, so no token of ours; it is judged after a redirect that brings the cookie."""
    policy = _configured("saml", organization_slug)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return refused(request, _NOT_COMPLETED % {"name": policy.name}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _through("saml", "acs", request, organization_slug)


@login_not_required
@never_cache
@require_safe
def saml_finish_acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """The answer is judged."""
    return _through("saml", "finish_acs", request, organization_slug)


@csrf_exempt
@login_not_required
@never_cache
def saml_sls(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Nobody is signed out from outside; the address has a name because our metadata names it."""
    raise Http404(_("This way of signing in is switched off."))


@login_not_required
@require_safe
def saml_metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What an identity provider must know of this site."""
    return _through("saml", "metadata", request, organization_slug)
