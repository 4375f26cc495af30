"""The way in: name and password, the second step, a passkey, out again."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from pmo.core.people.models import User
from pmo.core.sign_in import passkeys
from pmo.core.sign_in.forms import CodeForm, PasskeyForm, SignInForm, locked_text
from pmo.core.sign_in.origin import client_address
from pmo.core.sign_in.services import entering, limits
from pmo.core.sign_in.services.factors import check_code, factors_of

_PENDING = "bw_pending"
_PENDING_SECONDS = 600


def safe_next(request: HttpRequest, text: str) -> str:
    """A page of this site; the home page for anything else."""
    fits = url_has_allowed_host_and_scheme(text, {request.get_host()}, require_https=request.is_secure())
    return text if text and fits else resolve_url(settings.LOGIN_REDIRECT_URL)


class SignIn(auth_views.LoginView):
    """Name and password, and the other ways that are configured."""

    authentication_form = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which ways are offered."""
        policy = settings.SIGN_IN
        own = policy.passwords or policy.ldap is not None
        return {
            **super().get_context_data(**kwargs),
            "policy": policy,
            "own_form": own,
            "reset": policy.passwords,
            "directory": policy.ldap.name if policy.ldap else "",
            "passkey_form": PasskeyForm(),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """The first step is done."""
        user = form.get_user()
        local = not str(user.backend).endswith("LdapBackend")
        return first_step_done(
            self.request, user, entering.PASSWORD if local else entering.LDAP, self.get_redirect_url()
        )


def first_step_done(request: HttpRequest, user: User, method: str, target: str) -> HttpResponse:
    """Let the user in, or ask for the second step."""
    if entering.needs_second_step(user, method):
        if method in {entering.PASSWORD, entering.LDAP}:
            limits.take_back(client_address(request))
        request.session[_PENDING] = {
            "user": user.pk,
            "method": method,
            "at": timezone.now().timestamp(),
            "next": target,
            "hash": user.get_session_auth_hash(),
        }
        return redirect("login-code")
    entering.enter(request, user, method)
    return HttpResponseRedirect(safe_next(request, target))


def _pending(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Who has done the first step in this browser, a short while ago."""
    kept = request.session.get(_PENDING)
    if not kept or timezone.now().timestamp() - kept["at"] > _PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, is_service=False).first()
    return (user, kept) if user is not None and user.get_session_auth_hash() == kept["hash"] else None


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """A code of the app or a recovery code, after the password."""
    found = _pending(request)
    if found is None:
        return redirect("login")
    user, kept = found
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        left = limits.attempt(user.username, client_address(request))
        kind = "" if left else check_code(user, form.cleaned_data["code"])
        if kind:
            request.session.pop(_PENDING, None)
            entering.enter(request, user, kept["method"], second=kind)
            return HttpResponseRedirect(safe_next(request, kept["next"]))
        form.add_error("code", locked_text(left) if left else _("This code is not right, or was used already."))
    factors = factors_of(user)
    context = {"form": form, "factors": factors, "passkey_form": PasskeyForm()}
    return render(request, "sign_in/code.html", context, status=_status(form))


@login_not_required
@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> JsonResponse:
    """What the browser needs to sign with a passkey: as the second step where the first was done, else instead of both."""
    found = _pending(request)
    return JsonResponse(passkeys.sign_in_options(found[0] if found else None))


@login_not_required
@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Let in whom the passkey says; a failure is told on the page it came from."""
    found = _pending(request) if "second" in request.POST else None
    form = PasskeyForm(request.POST)
    address = client_address(request)
    left = limits.attempt(found[0].username if found else f"passkey {address}", address)
    problem = locked_text(left) if left else _("The passkey could not be checked. Please try again.")
    user = None
    if not left and form.is_valid():
        try:
            user = passkeys.check(form.cleaned_data["credential"], found[0] if found else None)
        except ValidationError as error:
            problem = " ".join(error.messages)
    if user is None or not user.is_active or user.is_service:
        return render(
            request, "sign_in/said.html", {"title": _("Sign in"), "text": problem}, status=HTTPStatus.FORBIDDEN
        )
    request.session.pop(_PENDING, None)
    if found:
        entering.enter(request, user, found[1]["method"], second="webauthn")
        return HttpResponseRedirect(safe_next(request, found[1]["next"]))
    limits.clear(f"passkey {address}", address)
    entering.enter(request, user, entering.PASSKEY)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


def _status(form: Any) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
