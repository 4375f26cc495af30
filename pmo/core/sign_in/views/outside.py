"""OIDC and SAML: django-allauth speaks the protocol, loaded when one is configured and first used; here somebody comes in."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
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


def begin(request: HttpRequest) -> HttpResponse:
    """Off to the organisation's own sign-in: OIDC where it is configured, else SAML. The request is a form of ours."""
    if settings.SIGN_IN.oidc is not None:
        return _onward(request, _oidc("login", request, "oidc"), settings.SIGN_IN.oidc.name)
    return _onward(request, _saml("login", request, "saml"), getattr(settings.SIGN_IN.saml, "name", ""))


def _onward(request: HttpRequest, response: HttpResponse, name: str) -> HttpResponse:
    """A page that goes on to the other system: browsers refuse a form whose answer redirects to another site."""
    address = response.headers.get("Location")
    if not address:
        return response
    return render(request, "sign_in/onward.html", {"address": address, "name": name})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def oidc_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider, by a button of ours: no other site may start a sign-in."""
    if settings.SIGN_IN.oidc is None or provider_id != "oidc":
        raise Http404(_("This way of signing in is switched off."))
    return begin(request) if request.method == "POST" else redirect("login")


@login_not_required
@never_cache
@require_safe
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    return _oidc("callback", request, provider_id)


def _oidc(name: str, request: HttpRequest, provider_id: str) -> HttpResponse:
    if settings.SIGN_IN.oidc is None or provider_id != "oidc":
        raise Http404(_("This way of signing in is switched off."))
    import requests
    from allauth.socialaccount.providers.openid_connect import views

    try:
        response: HttpResponse = getattr(views, name)(request, provider_id=provider_id)
    except (requests.RequestException, ValueError, KeyError):
        return refused(request, _("%(name)s does not answer. Try again later.") % {"name": settings.SIGN_IN.oidc.name})
    return response


def _check_saml(slug: str) -> None:
    if settings.SIGN_IN.saml is None or slug != "saml":
        raise Http404(_("This way of signing in is switched off."))


def _saml(name: str, request: HttpRequest, slug: str) -> HttpResponse:
    _check_saml(slug)
    from allauth.socialaccount.providers.saml import views
    from lxml.etree import LxmlError
    from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError

    try:
        response: HttpResponse = getattr(views, name)(request, organization_slug=slug)
    except (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, LxmlError, ValueError, KeyError) as error:
        log.warning("Sign-in with SAML failed: %s: %s", type(error).__name__, error)
        return _not_completed(request)
    return response


def _not_completed(request: HttpRequest, status: HTTPStatus = HTTPStatus.FORBIDDEN) -> HttpResponse:
    name = settings.SIGN_IN.saml.name if settings.SIGN_IN.saml else ""
    text = _("%(name)s did not complete the sign-in. Please try again.") % {"name": name}
    return refused(request, text, status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def saml_login(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Off to the identity provider, by a button of ours: no other site may start a sign-in."""
    _check_saml(organization_slug)
    if request.method != "POST":
        return redirect("login")
    return _onward(request, _saml("login", request, organization_slug), settings.SIGN_IN.saml.name)


@csrf_exempt
@login_not_required
@never_cache
def saml_acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """The identity provider's answer: signed, so no token of ours; it is judged after a redirect that brings the cookie."""
    _check_saml(organization_slug)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return _not_completed(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _saml("acs", request, organization_slug)


@login_not_required
@never_cache
@require_safe
def saml_finish_acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """The answer is judged."""
    return _saml("finish_acs", request, organization_slug)


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
    return _saml("metadata", request, organization_slug)
