"""Without a sign-in: a forgotten password, and an invitation."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pmo.core.audit.actor import actor_of
from pmo.core.messages.channels.mail import nobody_receives
from pmo.core.sign_in.forms import AcceptForm, ForgotForm, NewPasswordForm
from pmo.core.sign_in.origin import client_address
from pmo.core.sign_in.services import entering, invites, passwords
from pmo.core.sign_in.services.identities import free_username
from pmo.core.sign_in.views.outside import INVITE_KEY, begin


def _status(form: Any) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a mail; the answer is the same whether the address is known or not."""
    if not settings.SIGN_IN.passwords:
        raise Http404(_("Passwords are kept elsewhere."))
    if nobody_receives():
        text = _("No mail server is set up here, so no link can be sent. Ask the PMO for a temporary password.")
        return render(request, "sign_in/said.html", {"title": _("Forgot your password?"), "text": text})
    form = ForgotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        passwords.request_reset(email=form.cleaned_data["email"], address=client_address(request))
        text = _("If the address belongs to a login, a mail with a link is on its way. Look into the spam folder too.")
        return render(request, "sign_in/said.html", {"title": _("Look into your mail"), "text": text})
    context = {
        "form": form,
        "title": _("Forgot your password?"),
        "text": _("Enter the e-mail address of your login: a mail with a link comes to it."),
        "action": _("Send the link"),
    }
    return render(request, "sign_in/form.html", context, status=_status(form))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Set another password by the link of the mail."""
    user = passwords.user_of_link(uid, token)
    if user is None:
        return _gone(request)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            passwords.set_password(
                actor=actor_of(user), user=user, password=form.cleaned_data["password"], act="password_reset"
            )
        except ValidationError as error:
            form.add_error("password", error)
        else:
            text = _("Your new password is set. Sign in with it.")
            return render(request, "sign_in/said.html", {"title": _("Password changed"), "text": text})
    context = {"form": form, "title": _("Set a new password"), "text": user.username, "action": _("Set the password")}
    return render(request, "sign_in/form.html", context, status=_status(form))


def _gone(request: HttpRequest, text: str = "") -> HttpResponse:
    text = text or _(
        "This link was used already, has run out or is not complete. Copy all of it from the mail, or ask for another."
    )
    context = {"title": _("This link does not work"), "text": text}
    return render(request, "sign_in/said.html", context, status=HTTPStatus.GONE)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The invited person sets up an account, or goes on to the organisation's own sign-in."""
    row = invites.find(token)
    if row is None:
        return _gone(request)
    try:
        invites.check_unit(row)
    except ValidationError as error:
        return _gone(request, " ".join(error.messages))
    policy = settings.SIGN_IN
    if request.method == "POST" and "outside" in request.POST and policy.single_sign_on:
        request.session[INVITE_KEY] = token
        protocol = "oidc" if policy.oidc else "saml"
        return begin(request, protocol, protocol)
    known = row.person
    start = {"name": str(known) if known else row.name, "username": free_username(row.email.partition("@")[0])}
    form = AcceptForm(request.POST or None, initial=start)
    if request.method == "POST" and policy.passwords and form.is_valid():
        data = form.cleaned_data
        try:
            user = invites.accept(row=row, name=data["name"], username=data["username"], password=data["password"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            entering.enter(request, user, entering.INVITE)
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "invite": row, "policy": policy, "outside": (policy.oidc or policy.saml)}
    return render(request, "sign_in/accept.html", context, status=_status(form))
