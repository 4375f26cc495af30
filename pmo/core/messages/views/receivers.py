"""Webhooks and chat groups: the administrator's register of who outside is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.core.access.api import has_any, refusal
from pmo.core.audit.actor import request_actor
from pmo.core.features import api as features
from pmo.core.features.declaration import CHATS, WEBHOOKS
from pmo.core.messages.channels import robots, web
from pmo.core.messages.channels.robots import ROBOTS
from pmo.core.messages.events import known_kind
from pmo.core.messages.forms import ChatForm, WebhookForm
from pmo.core.messages.models import ChatGroup, MessageDelivery, Webhook
from pmo.core.messages.services import chats, webhooks
from pmo.core.messages.services.delivering import WORKER_LOST
from pmo.core.messages.services.receivers import is_readable

PERMISSION = "core.webhook.change"
_LOG = 50
View = Callable[..., HttpResponse]
# What the product itself notes of an attempt; what the other side said is shown as it is.
_ERRORS = {
    web.SWITCHED_OFF: gettext_lazy("switched off"),
    web.UNREADABLE: gettext_lazy("the secret can no longer be read"),
    web.REDIRECT: gettext_lazy("redirects are not followed"),
    robots.NOT_REACHED: gettext_lazy("the robot was not reached"),
    WORKER_LOST: gettext_lazy("the worker was lost at every attempt"),
}
_TONES = {"sent": "green", "dead": "red", "waiting": "amber", "sending": "accent", "dropped": "line"}


def _for_keepers(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_any(request.user, PERMISSION):
            refusal(PERMISSION).or_raise()
        return view(request, *args, **kwargs)

    return guarded


def _with_counts(model: Any) -> Any:
    state = MessageDelivery.State
    return model.objects.annotate(
        sent=Count("deliveries", filter=Q(deliveries__state=state.SENT)),
        lost=Count("deliveries", filter=Q(deliveries__state=state.DEAD)),
        waiting=Count("deliveries", filter=Q(deliveries__state__in=[state.WAITING, state.SENDING])),
        last=Max("deliveries__sent_at"),
    )


@require_safe
@_for_keepers
def receivers(request: HttpRequest) -> HttpResponse:
    """All webhooks and chat groups with how their deliveries went."""
    hooks, groups = list(_with_counts(Webhook)), list(_with_counts(ChatGroup))
    for row in (*hooks, *groups):
        row.unreadable = not is_readable(row)
    troubled = sum(bool(row.failures) or not row.active or row.unreadable for row in (*hooks, *groups))
    off = [features.reason(key) for key in (WEBHOOKS, CHATS) if not features.is_on(key)]
    context = {"hooks": hooks, "groups": groups, "troubled": troubled, "all": len(hooks) + len(groups), "off": off}
    return render(request, "messages/receivers.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_for_keepers
def webhook_new(request: HttpRequest) -> HttpResponse:
    """A new webhook; its secret is shown on the page that follows, this once."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row, secret = webhooks.create_webhook(actor=request_actor(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _webhook_page(request, row, None, secret, HTTPStatus.CREATED)
    return _form_page(request, form, "messages/webhook_new.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_for_keepers
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook: its log, its form."""
    row = _row(Webhook, pk)
    form = WebhookForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            webhooks.update_webhook(actor=request_actor(request), row=row, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("webhook", pk=pk)
    status = HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return _webhook_page(request, row, form, "", status)


def _webhook_page(
    request: HttpRequest, row: Webhook, form: WebhookForm | None, secret: str, status: HTTPStatus
) -> HttpResponse:
    form = form or WebhookForm(initial={"name": row.name, "url": row.url, "events": row.events})
    context = {"row": row, "form": form, "secret": secret, "log": _log(row), "kind": "webhook"}
    context["unreadable"] = not is_readable(row)
    return render(request, "messages/webhook.html", context, status=status)


@never_cache
@require_POST
@_for_keepers
def webhook_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Test, switch on or off, make a new secret, delete."""
    row = _row(Webhook, pk)
    if act == "secret":
        secret = webhooks.new_webhook_secret(actor=request_actor(request), row=row)
        return _webhook_page(request, row, None, secret, HTTPStatus.OK)
    return _act(request, row, act)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_keepers
def chat_group_new(request: HttpRequest) -> HttpResponse:
    """A new chat group."""
    form = ChatForm(request.POST or None)
    saved = _save_chat(request, form, ChatGroup()) if request.method == "POST" else None
    return saved or _form_page(request, form, "messages/chat_new.html")


@require_http_methods(["GET", "HEAD", "POST"])
@_for_keepers
def chat_group(request: HttpRequest, pk: int) -> HttpResponse:
    """One chat group: its log, its form."""
    row = _row(ChatGroup, pk)
    scope = f"{row.scope_kind}:{row.scope_id}" if row.scope_kind else ""
    values = {"name": row.name, "kind": row.kind, "language": row.language, "events": row.events, "scope": scope}
    form = ChatForm(request.POST, known=True) if request.method == "POST" else ChatForm(initial=values, known=True)
    saved = _save_chat(request, form, row) if request.method == "POST" else None
    if saved is not None:
        return saved
    context = {"row": row, "form": form, "log": _log(row), "kind": "chat-group", "robots": _examples()}
    context["unreadable"] = not is_readable(row)
    return render(request, "messages/chat.html", context, status=_status(form))


def _save_chat(request: HttpRequest, form: ChatForm, row: ChatGroup) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        saved = chats.save_chat_group(actor=request_actor(request), row=row, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    messages.success(request, _("Saved."))
    return redirect("chat-group", pk=saved.pk)


@require_POST
@_for_keepers
def chat_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Test, switch on or off, delete."""
    return _act(request, _row(ChatGroup, pk), act)


@require_POST
@_for_keepers
def delivery_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the same content again, as a delivery of its own."""
    rows = MessageDelivery.objects.exclude(webhook=None, chat=None).select_related("webhook", "chat")
    delivery = rows.filter(pk=pk).first()
    if delivery is None:
        raise Http404(_("There is no such delivery."))
    try:
        webhooks.redeliver(actor=request_actor(request), delivery=delivery)
        messages.success(request, _("Queued again; the log shows how it goes."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(_address(delivery.webhook or delivery.chat))


def _act(request: HttpRequest, row: Webhook | ChatGroup, act: str) -> HttpResponse:
    actor = request_actor(request)
    if act == "test":
        webhooks.send_test(actor=actor, row=row)
        messages.success(request, _("A test is on its way; the log shows how it goes."))
    elif act in {"on", "off"}:
        webhooks.switch(actor=actor, row=row, active=act == "on")
        messages.success(request, _("Switched on.") if act == "on" else _("Switched off."))
    elif act == "delete":
        webhooks.delete_receiver(actor=actor, row=row)
        messages.success(request, _("Deleted: %(name)s") % {"name": row.name})
        return redirect("webhooks")
    else:
        raise Http404(_("There is no such action."))
    return HttpResponseRedirect(_address(row))


def _row(model: Any, pk: int) -> Any:
    row = model.objects.filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such record, or you may not see it."))
    return row


def _address(row: Webhook | ChatGroup | None) -> str:
    if row is None:
        return reverse("webhooks")
    return reverse("webhook" if isinstance(row, Webhook) else "chat-group", args=[row.pk])


def _log(row: Webhook | ChatGroup) -> list[tuple[MessageDelivery, Any, str, bool]]:
    """The newest deliveries, errors in words: the row, what it was about, the tone of its state, whether it can be sent again."""
    state = MessageDelivery.State
    lines = []
    for delivery in row.deliveries.all()[:_LOG]:
        kind = known_kind(delivery.event)
        label = kind.label if kind else _("Test")
        again = delivery.state not in {state.WAITING, state.SENDING}
        for kept, words in _ERRORS.items():
            delivery.error = delivery.error.replace(kept, str(words))
        lines.append((delivery, label, _TONES[delivery.state], again))
    return lines


def _examples() -> list[tuple[str, str]]:
    return [(str(label), ROBOTS[key].example) for key, label in ChatGroup.Kind.choices]


def _form_page(request: HttpRequest, form: Any, template: str) -> HttpResponse:
    return render(request, template, {"form": form, "robots": _examples()}, status=_status(form))


def _status(form: Any) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
