"""What the PMO administrator keeps: logins, invitations, service accounts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.core.access.api import has_any, refusal
from pmo.core.access.roles import Role
from pmo.core.audit.actor import request_actor
from pmo.core.messages.channels.mail import nobody_receives
from pmo.core.people.models import Person, RoleGrant, User
from pmo.core.registers.controls import record_label
from pmo.core.registers.models import ApiToken
from pmo.core.registers.tokens import create_token, revoke_token
from pmo.core.registers.views.lists import SUGGESTIONS, contains_words
from pmo.core.sign_in.forms import InviteForm, LoginForm, ServiceForm, ServiceTokenForm, without_login
from pmo.core.sign_in.middleware import ask_again
from pmo.core.sign_in.models import Invite
from pmo.core.sign_in.services import accounts, entering, factors, invites, limits, passwords
from pmo.core.sign_in.services.identities import forget_identities
from pmo.core.sign_in.services.sessions import end_sessions
from pmo.core.sign_in.words import method_words

KEEP = invites.KEEP
_SHOWN = 200


def _check(request: HttpRequest) -> None:
    if not has_any(request.user, KEEP):
        refusal(KEEP).or_raise()


def _status(form: Any) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def account_tab(request: HttpRequest, row: User) -> HttpResponse:
    """A login's state, and what the administrator can do for it."""
    person = getattr(row, "person", None)
    grants = RoleGrant.objects.filter(person=person).select_related("unit").order_by("role", "pk") if person else []
    context = {
        "account": row,
        "person": person,
        "grants": grants,
        "factors": factors.factors_of(row),
        "locked_until": limits.locked_until(row),
        "sessions": [(one, method_words(one.method)) for one in entering.sessions_of(row)[:20]],
        "identities": [(method_words(one.source), one) for one in row.identities.order_by("pk")],
        "may": has_any(request.user, KEEP),
        "may_reset": passwords.may_reset(row) and not nobody_receives(),
        "itself": row.pk == request.user.pk,
    }
    return render(request, "sign_in/account_tab.html", context)


def _page_of(user: User) -> str:
    if user.is_service:
        return reverse("service-account", args=[user.pk])
    return reverse("register-tab", kwargs={"key": "users", "pk": user.pk, "tab": "sign-in"})


@never_cache
@require_POST
def user_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One act on a login."""
    _check(request)
    user = User.objects.filter(pk=pk).select_related("person").first()
    if user is None:
        raise Http404(_("There is no such login."))
    if act not in _ACTS and act != "temporary-password":
        raise Http404(_("There is no such action."))
    try:
        if act == "temporary-password":
            return _temporary(request, user)
        messages.success(request, _ACTS[act](request_actor(request), user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(_page_of(user))


def _temporary(request: HttpRequest, user: User) -> HttpResponse:
    password = accounts.give_temporary_password(actor=request_actor(request), user=user)
    return render(request, "sign_in/temporary.html", {"account": user, "password": password, "back": _page_of(user)})


def _activate(actor: Any, user: User) -> str:
    accounts.set_active(actor=actor, user=user, active=True)
    return _("Switched on.")


def _deactivate(actor: Any, user: User) -> str:
    accounts.set_active(actor=actor, user=user, active=False)
    return _("Switched off; the sessions have ended.")


def _unlock(actor: Any, user: User) -> str:
    limits.unlock(actor=actor, user=user)
    return _("Unlocked.")


def _mail(actor: Any, user: User) -> str:
    if not passwords.may_reset(user):
        raise ValidationError(_("This login has no password here."))
    if nobody_receives():
        raise ValidationError(
            _("No mail server is set up, so nobody would receive the mail. Make a temporary password instead.")
        )
    passwords.send_reset(actor=actor, user=user)
    return _("A mail with a link is on its way.")


def _factors(actor: Any, user: User) -> str:
    accounts.reset_second_factor(actor=actor, user=user)
    return _("The second factors are removed; the sessions have ended.")


def _identities(actor: Any, user: User) -> str:
    forget_identities(actor=actor, user=user)
    return _("The sign-ins of other systems are disconnected; the sessions have ended.")


def _sessions(actor: Any, user: User) -> str:
    end_sessions(actor=actor, user=user)
    return _("The sessions have ended.")


_ACTS = {
    "activate": _activate,
    "deactivate": _deactivate,
    "unlock": _unlock,
    "reset-mail": _mail,
    "reset-factors": _factors,
    "forget-identities": _identities,
    "end-sessions": _sessions,
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def user_new(request: HttpRequest) -> HttpResponse:
    """A login for one of the people; the password is shown once."""
    _check(request)
    form = LoginForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user, password = accounts.create_login(
                actor=request_actor(request), **{**data, "email": data["email"] or data["person"].email}
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            context = {"account": user, "password": password, "back": _page_of(user)}
            return render(request, "sign_in/temporary.html", context, status=HTTPStatus.CREATED)
    return render(request, "sign_in/user_new.html", {"form": form}, status=_status(form))


@never_cache
@require_safe
def user_new_people(request: HttpRequest) -> HttpResponse:
    """Suggestions for the person of a new login: what the form accepts."""
    _check(request)
    rows = contains_words(without_login(), Person, request.GET.get("term", ""))
    return render(request, "registers/options.html", {"labels": [record_label(row) for row in rows[:SUGGESTIONS]]})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite_list(request: HttpRequest) -> HttpResponse:
    """Invitations, and a form for one more."""
    _check(request)
    form = InviteForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        try:
            row, token = invites.invite(actor=request_actor(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _invited(request, row, token)
    now = timezone.now()
    rows = Invite.objects.select_related("person", "unit", "created_by__person", "user")[:_SHOWN]
    lines = [(row, _state(row, now), [Role(role).label for role in row.roles if role in Role.values]) for row in rows]
    context: dict[str, Any] = {"form": form, "lines": lines, "no_mail": nobody_receives()}
    context["open"] = sum(1 for _row, state, _roles in lines if state == "open")
    return render(request, "sign_in/invites.html", context, status=_status(form))


def _invited(request: HttpRequest, row: Invite, token: str) -> HttpResponse:
    """The invitation is on its way; where no mail server is set up, its link, this once."""
    if not nobody_receives():
        messages.success(request, _("An invitation to %(email)s is on its way.") % {"email": row.email})
        return redirect("invites")
    path = invites.link(token)
    link = f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    return render(request, "sign_in/invited.html", {"invite": row, "link": link}, status=HTTPStatus.CREATED)


def _state(row: Invite, now: Any) -> str:
    if row.accepted_at is not None:
        return "accepted"
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at <= now else "open"


@never_cache
@require_POST
def invite_act(request: HttpRequest, uid: Any, act: str) -> HttpResponse:
    """Send an invitation again, or revoke it."""
    _check(request)
    row = Invite.objects.filter(uid=uid).first()
    if row is None or act not in {"resend", "revoke"}:
        raise Http404(_("There is no such invitation."))
    actor = request_actor(request)
    try:
        if act == "resend":
            return _invited(request, row, invites.send_again(actor=actor, row=row))
        invites.revoke(actor=actor, row=row)
        messages.success(request, _("Revoked: %(name)s") % {"name": row.email})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("invites")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def service_list(request: HttpRequest) -> HttpResponse:
    """Programs' logins, and a form for one more."""
    _check(request)
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = accounts.create_service(actor=request_actor(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Created. Give it a token."))
            return redirect("service-account", pk=user.pk)
    now = timezone.now()
    rows = accounts.service_accounts().prefetch_related("api_tokens", "person__grants")
    lines = []
    for row in rows:
        tokens = [one for one in row.api_tokens.all() if one.revoked_at is None and one.expires_at > now]
        used = max((one.last_used_at for one in row.api_tokens.all() if one.last_used_at), default=None)
        roles = sorted({str(Role(grant.role).label) for grant in row.person.grants.all()})
        lines.append((row, roles, len(tokens), used))
    return render(request, "sign_in/services.html", {"form": form, "lines": lines}, status=_status(form))


def _service(pk: int) -> User:
    row: User | None = accounts.service_accounts().filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such service account."))
    return row


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """One service account: its tokens; POST makes one and shows it this once."""
    _check(request)
    row = _service(pk)
    if request.method == "POST" and not entering.is_confirmed(request):
        return ask_again(request)
    form = ServiceTokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            _made, made = create_token(actor=request_actor(request), owner=row, **form.cleaned_data)
            form = ServiceTokenForm()
        except ValidationError as error:
            form.add_error(None, error.messages)
    now = timezone.now()
    tokens = [(one, _token_state(one, now)) for one in row.api_tokens.order_by("-pk")]
    person = getattr(row, "person", None)
    grants = RoleGrant.objects.filter(person=person).select_related("unit").order_by("role", "pk")
    context = {"account": row, "tokens": tokens, "form": form, "made": made, "grants": grants, "person": person}
    status = HTTPStatus.CREATED if made else _status(form)
    return render(request, "sign_in/service.html", context, status=status)


def _token_state(row: ApiToken, now: Any) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at <= now else "active"


@require_POST
def service_token_revoke(request: HttpRequest, pk: int, token: int) -> HttpResponse:
    """End a token of a service account."""
    _check(request)
    row = ApiToken.objects.filter(user=_service(pk), pk=token).first()
    if row is None:
        raise Http404(_("There is no such token."))
    revoke_token(actor=request_actor(request), row=row)
    messages.success(request, _("Revoked: %(name)s") % {"name": row.name})
    return redirect("service-account", pk=pk)
