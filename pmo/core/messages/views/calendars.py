"""My calendars: addresses for calendar programs, and what those read there."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.features import api as features
from pmo.core.features.declaration import CALENDAR_FEEDS
from pmo.core.messages.calendar_sources import all_sources
from pmo.core.messages.ics import etag_of, feed_text
from pmo.core.messages.models import Language
from pmo.core.messages.services.feeds import create_feed, feeds_of, find_feed, note_use, revoke_feed


class FeedForm(forms.Form):
    """What a new calendar shows."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("Where it is used."))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    kinds = forms.MultipleChoiceField(label=gettext_lazy("Shows"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        kinds: forms.MultipleChoiceField = self.fields["kinds"]  # type: ignore[assignment]
        kinds.choices = [(source.key, source.label) for source in all_sources()]
        kinds.initial = [source.key for source in all_sources()]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """The calendars; POST makes one and shows its address this once."""
    language = getattr(request.user, "language", Language.ZH)
    fresh = FeedForm(initial={"language": language})
    if request.method != "POST":
        return _page(request, fresh)
    features.require(CALENDAR_FEEDS)
    form = FeedForm(request.POST)
    if form.is_valid():
        try:
            _row, token = create_feed(actor=request_actor(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            made = settings.PUBLIC_URL + reverse("calendar-feed", args=[token])
            return _page(request, fresh, made, HTTPStatus.CREATED)
    return _page(request, form, "", HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(request: HttpRequest, form: FeedForm, made: str = "", status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    rows = list(feeds_of(request.user))
    labels = {source.key: source.label for source in all_sources()}
    lines = [(row, [labels[key] for key in row.kinds if key in labels]) for row in rows]
    living = sum(row.revoked_at is None for row in rows)
    off = "" if features.is_on(CALENDAR_FEEDS) else features.reason(CALENDAR_FEEDS)
    context = {"form": form, "made": made, "lines": lines, "living": living, "off": off}
    return render(request, "messages/calendars.html", context, status=status)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the user's calendars."""
    row = feeds_of(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404(_("You have no such calendar."))
    revoke_feed(actor=request_actor(request), row=row)
    messages.success(request, _("Revoked: %(name)s") % {"name": row.name})
    return redirect("calendar-feeds")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar itself, for a program that has the secret address. Shows what its user may see at this moment."""
    found = find_feed(token) if features.is_on(CALENDAR_FEEDS) else None
    if found is None:
        raise Http404(_("There is no such calendar, or it was revoked."))
    note_use(found)
    text = feed_text(found, org_today())
    etag = etag_of(text)
    response: HttpResponse
    if etag in [part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")]:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="bellwether.ics"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
