"""One's own account: the password, second factors, sessions."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import request_actor
from pmo.core.messages.sealing import CannotOpen, open_sealed, seal
from pmo.core.sign_in import passkeys, store
from pmo.core.sign_in.forms import ChangePasswordForm, CodeForm, ConfirmForm, PasskeyForm, locked_text
from pmo.core.sign_in.models import Session
from pmo.core.sign_in.origin import client_address
from pmo.core.sign_in.services import entering, factors, limits, passwords
from pmo.core.sign_in.services.sessions import end_session, end_sessions
from pmo.core.sign_in.views.signing import safe_next
from pmo.core.sign_in.words import method_words

View = Callable[..., HttpResponse]
_SECRET = "bw_totp"  # noqa: S105 - the name of a place
SECURITY = "account-security"


def confirmed(view: View) -> View:
    """Ask who sits there once more, where the last proof is some time ago."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if entering.is_confirmed(request):
            return view(request, *args, **kwargs)
        target = request.path if request.method in {"GET", "HEAD"} else reverse(SECURITY)
        return HttpResponseRedirect(f"{reverse('account-confirm')}?{urlencode({'next': target})}")

    return asked


@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What protects the account."""
    return _security(request)


def _security(request: HttpRequest, codes: list[str] | None = None) -> HttpResponse:
    user: Any = request.user
    found = factors.factors_of(user)
    if found.any:
        entering.done_first(request, SECURITY)
    context = {
        "factors": found,
        "codes": codes,
        "local": user.has_usable_password(),
        "identities": [(method_words(row.source), row) for row in user.identities.order_by("pk")],
        "sessions": entering.sessions_of(user).count(),
        "must": entering.first_page(request) == SECURITY,
        "passkey_form": PasskeyForm(),
    }
    return render(request, "sign_in/security.html", context, status=HTTPStatus.CREATED if codes else HTTPStatus.OK)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    user: Any = request.user
    if not user.has_usable_password():
        raise Http404(_("Your password is kept elsewhere."))
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(request, _("Your password is changed; your other sessions have ended."))
        return redirect(SECURITY)
    must = entering.first_page(request) == "account-password"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sign_in/password.html", {"form": form, "must": must}, status=status)


def _changed(request: HttpRequest, form: ChangePasswordForm) -> bool:
    user: Any = request.user
    left = limits.attempt(user.username, client_address(request))
    if left:
        form.add_error("old", locked_text(left))
        return False
    if not user.check_password(form.cleaned_data["old"]):
        form.add_error("old", _("This is not your present password."))
        return False
    limits.clear(user.username, client_address(request))
    limits.take_back(client_address(request))
    try:
        passwords.set_password(
            actor=request_actor(request),
            user=user,
            password=form.cleaned_data["password"],
            keep=request.session.session_key,
        )
    except ValidationError as error:
        form.add_error("password", error)
        return False
    update_session_auth_hash(request, user)
    entering.done_first(request, "account-password")
    entering.confirm(request)
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Prove once more who sits there: by password or by a code."""
    user: Any = request.user
    target = request.POST.get("next") or request.GET.get("next") or reverse(SECURITY)
    found = factors.factors_of(user)
    by_password = user.has_usable_password() or request.session.get(store.METHOD_KEY) == entering.LDAP
    form: Any = ConfirmForm(request.POST or None) if by_password else CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (by_password or found.any):
        left = limits.attempt(user.username, client_address(request))
        if not left and _proven(request, form, by_password):
            limits.clear(user.username, client_address(request))
            limits.take_back(client_address(request))
            entering.confirm(request)
            return HttpResponseRedirect(safe_next(request, target))
        form.add_error(None, locked_text(left) if left else _("This is not right. Please try again."))
    context = {
        "form": form if by_password or found.totp else None,
        "factors": found,
        "next": target,
        "passkey_form": PasskeyForm(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sign_in/confirm.html", context, status=status)


def _proven(request: HttpRequest, form: Any, by_password: bool) -> bool:
    user: Any = request.user
    if not by_password:
        return bool(factors.check_code(user, form.cleaned_data["code"]))
    found = authenticate(request, username=user.username, password=form.cleaned_data["password"])
    return found is not None and found.pk == user.pk


@never_cache
@require_POST
def own_passkey_options(request: HttpRequest) -> JsonResponse:
    """What the browser needs to prove with a passkey of one's own."""
    user: Any = request.user
    return JsonResponse(passkeys.sign_in_options(user))


@never_cache
@require_POST
def confirm_passkey(request: HttpRequest) -> HttpResponse:
    """Prove once more who sits there, by a passkey."""
    user: Any = request.user
    form = PasskeyForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(_("The passkey could not be checked. Please try again."))
        passkeys.check(form.cleaned_data["credential"], user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("account-confirm")
    entering.confirm(request)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def totp(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: the picture, then the first code."""
    user: Any = request.user
    secret = _kept_secret(request)
    if secret is None:
        secret = factors.new_secret()
        request.session[_SECRET] = seal(secret)
    form = CodeForm(request.POST or None)
    form.fields["code"].help_text = _("Six digits that the app shows for Bellwether.")
    if request.method == "POST" and form.is_valid():
        try:
            factors.activate_totp(
                actor=request_actor(request), user=user, secret=secret, code=form.cleaned_data["code"]
            )
        except ValidationError as error:
            form.add_error("code", error.message_dict["code"])
        else:
            request.session.pop(_SECRET, None)
            messages.success(request, _("The authenticator app is set up."))
            return _with_codes(request)
    url = factors.totp_url(user, secret)
    picture = base64.b64encode(factors.totp_picture(url).encode()).decode()
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {"form": form, "picture": f"data:image/svg+xml;base64,{picture}", "secret": groups}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sign_in/totp.html", context, status=status)


def _kept_secret(request: HttpRequest) -> str | None:
    kept = request.session.get(_SECRET)
    try:
        return open_sealed(kept) if kept else None
    except CannotOpen:
        return None


def _with_codes(request: HttpRequest) -> HttpResponse:
    """Back to the overview, with recovery codes where there are none yet: this is the only time they show."""
    user: Any = request.user
    if factors.factors_of(user).codes_left is not None:
        return redirect(SECURITY)
    return _security(request, factors.new_codes(actor=request_actor(request), user=user))


@never_cache
@require_POST
@confirmed
def codes(request: HttpRequest) -> HttpResponse:
    """Recovery codes in place of the earlier ones, shown this once."""
    user: Any = request.user
    if not factors.has_factor(user):
        raise Http404(_("Set up a second factor first."))
    return _security(request, factors.new_codes(actor=request_actor(request), user=user))


@never_cache
@require_POST
@confirmed
def passkey_options(request: HttpRequest) -> JsonResponse:
    """What the browser needs to make a passkey."""
    user: Any = request.user
    return JsonResponse(passkeys.registration_options(user))


@never_cache
@require_POST
@confirmed
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Keep the passkey that the browser made."""
    user: Any = request.user
    form = PasskeyForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(_("The passkey could not be checked. Please try again."))
        credential = passkeys.register(form.cleaned_data["credential"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(SECURITY)
    name = form.cleaned_data["name"] or _("Passkey")
    factors.add_passkey(actor=request_actor(request), user=user, name=name, credential=credential)
    messages.success(request, _("The passkey is kept: you can sign in with it."))
    return _with_codes(request)


@never_cache
@require_POST
@confirmed
def factor_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an app or a passkey."""
    user: Any = request.user
    must = bool(frozenset(settings.SIGN_IN.mfa_roles) & grants_of(user).anywhere)
    try:
        factors.remove_factor(actor=request_actor(request), user=user, pk=pk, must_keep=must)
        messages.success(request, _("Removed."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(SECURITY)


@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    rows = [
        (row, method_words(row.method), row.session_key == request.session.session_key)
        for row in entering.sessions_of(request.user)[:100]
    ]
    return render(request, "sign_in/sessions.html", {"rows": rows})


@require_POST
def session_end(request: HttpRequest, uid: Any) -> HttpResponse:
    """End one of one's sessions."""
    user: Any = request.user
    row = Session.objects.filter(user=user, uid=uid).select_related("user").first()
    if row is None:
        raise Http404(_("You have no such session."))
    end_session(actor=request_actor(request), row=row)
    messages.success(request, _("The session has ended."))
    return redirect("account-sessions")


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    end_sessions(actor=request_actor(request), user=request.user, but=request.session.session_key)
    messages.success(request, _("Your other sessions have ended."))
    return redirect("account-sessions")
