"""Keeping favourites: add, rename, move, remove. They belong to the login; every change leaves an audit entry."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from pmo.core.audit.actor import actor_of
from pmo.core.audit.services import Act, record
from pmo.core.favourites.models import URL_LENGTH, Favourite

MOST = 100
UP, DOWN = -1, 1


def favourites_of(user: Any) -> Any:
    """The user's favourites in their order."""
    return Favourite.objects.filter(user_id=user.pk).order_by("order", "pk")


@transaction.atomic
def add_favourite(*, user: Any, url: str, title: str) -> Favourite:
    """Keep the page at the end; one kept already stays as it is. Raises ValidationError on a foreign address or too many."""
    if not url.startswith("/") or not url_has_allowed_host_and_scheme(url, None) or len(url) > URL_LENGTH:
        raise ValidationError(_("Only pages of this site can be favourites."))
    mine = favourites_of(user)
    found: Favourite | None = mine.filter(url=url).first()
    if found is not None:
        return found
    if mine.count() >= MOST:
        raise ValidationError(_("You have %(count)s favourites already; remove one first.") % {"count": MOST})
    last = mine.aggregate(last=Max("order"))["last"]
    row = Favourite(user=user, url=url, title=_shortened(title), order=0 if last is None else last + 1)
    row.full_clean(validate_unique=False, validate_constraints=False)
    # Two clicks at once find nothing kept yet; the unique constraint lets one of them write.
    kept, made = Favourite.objects.get_or_create(
        user_id=user.pk, url=url, defaults={"title": row.title, "order": row.order}
    )
    if made:
        _note(user, "create", kept, {"title": [None, kept.title], "url": [None, kept.url]})
    return kept


@transaction.atomic
def rename_favourite(*, user: Any, pk: int, title: str) -> None:
    """Give it another name. Raises ValidationError where the name is empty, Favourite.DoesNotExist where it is not theirs."""
    row = favourites_of(user).get(pk=pk)
    before, row.title = row.title, _shortened(title)
    row.full_clean()
    if row.title != before:
        row.save(update_fields=["title"])
        _note(user, "update", row, {"title": [before, row.title]})


@transaction.atomic
def remove_favourite(*, user: Any, pk: int) -> None:
    """Take it away; one that is gone already is no error."""
    row = favourites_of(user).filter(pk=pk).first()
    if row is not None:
        _note(user, "delete", row, {"title": [row.title, None], "url": [row.url, None]})
        row.delete()


@transaction.atomic
def move_favourite(*, user: Any, pk: int, step: int) -> None:
    """Move it up (`UP`) or down (`DOWN`) one place; at the end of the list it stays. Numbers all places anew."""
    rows = list(favourites_of(user))
    place = next((index for index, row in enumerate(rows) if row.pk == pk), None)
    if place is None:
        raise Favourite.DoesNotExist
    other = place + step
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        _note(user, "update", rows[other], {"order": [place + 1, other + 1]})
    for index, row in enumerate(rows):
        row.order = index
    Favourite.objects.bulk_update(rows, ["order"])


def _note(user: Any, action: str, row: Favourite, changes: dict[str, Any]) -> None:
    record(actor=actor_of(user), act=Act(action, row._meta.label_lower, row.pk, row.title, None, changes))


def _shortened(title: str) -> str:
    length: int = Favourite._meta.get_field("title").max_length or 0
    return " ".join(title.split())[:length]
