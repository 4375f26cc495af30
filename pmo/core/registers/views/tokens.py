"""The user's personal API tokens: made here, shown once, revoked."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from pmo.core.access.api import has_any, refusal
from pmo.core.audit.actor import request_actor
from pmo.core.features import api as features
from pmo.core.features.declaration import API_TOKENS
from pmo.core.registers.models import ApiToken
from pmo.core.registers.tokens import LONGEST_DAYS, create_token, revoke_token, tokens_of

PERMISSION = "core.apitoken.own"


class TokenForm(forms.Form):
    """What a new token may do and for how long."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("What uses it."))
    scope = forms.ChoiceField(label=gettext_lazy("Scope"), choices=ApiToken.Scope.choices)
    days = forms.IntegerField(
        label=gettext_lazy("Days until it expires"), min_value=1, max_value=LONGEST_DAYS, initial=90
    )


@never_cache
@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens; POST makes one and shows it this once."""
    _check(request)
    form = TokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        made = _made(request, form)
    if made is not None:
        return _page(request, TokenForm(), made, HTTPStatus.CREATED)
    return _page(request, form, None, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)


def _check(request: HttpRequest) -> None:
    if not has_any(request.user, PERMISSION):
        refusal(PERMISSION).or_raise()


def _made(request: HttpRequest, form: TokenForm) -> str | None:
    try:
        _row, token = create_token(actor=request_actor(request), **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None
    return token


def _page(request: HttpRequest, form: TokenForm, made: str | None, status: HTTPStatus) -> HttpResponse:
    now = timezone.now()
    lines: list[tuple[Any, str]] = [(row, _state(row, now)) for row in tokens_of(request.user)]
    off = "" if features.is_on(API_TOKENS) else features.reason(API_TOKENS)
    context = {"form": form, "lines": lines, "made": made, "off": off}
    return render(request, "registers/tokens.html", context, status=status)


def _state(row: ApiToken, now: Any) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at <= now else "active"


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the user's tokens."""
    _check(request)
    row = tokens_of(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404(_("You have no such token."))
    revoke_token(actor=request_actor(request), row=row)
    messages.success(request, _("Revoked: %(name)s") % {"name": row.name})
    return HttpResponseRedirect(reverse("token-list"))
