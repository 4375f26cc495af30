"""Tags of a record."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.activity.calc import tag_words
from pmo.core.activity.models import LONGEST_TAG, Tagging, about
from pmo.core.activity.services.comments import project_of
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record

MOST = 20


def set_tags(*, actor: Actor, row: Any, text: str) -> list[str]:
    """Give the record exactly the tags of the typed list; returns them. Raises ValidationError on `tags`.

    A word that other records of the register carry keeps their spelling.
    """
    words = tag_words(text)
    if len(words) > MOST:
        raise ValidationError({"tags": _("A record carries at most %(number)s tags.") % {"number": MOST}})
    for word in words:
        if len(word) > LONGEST_TAG:
            told = {"value": word, "number": LONGEST_TAG}
            raise ValidationError({"tags": _("“%(value)s” is longer than %(number)s characters.") % told})
    with transaction.atomic():
        here = Tagging.objects.filter(**about(row))
        before = {tag.folded: tag.word for tag in here}
        wanted = {word.casefold(): word for word in words}
        if set(before) == set(wanted):
            return [before[key] for key in sorted(before)]
        spelt = dict(Tagging.objects.filter(folded__in=set(wanted) - set(before)).values_list("folded", "word"))
        here.filter(folded__in=set(before) - set(wanted)).delete()
        new = [
            Tagging(**about(row), word=spelt.get(key, wanted[key]), folded=key) for key in wanted if key not in before
        ]
        Tagging.objects.bulk_create(new, ignore_conflicts=True)
        after = {key: before.get(key) or spelt.get(key, wanted[key]) for key in wanted}
        _note(actor, row, sorted(before.values()), sorted(after.values()))
    return [after[key] for key in sorted(after)]


def _note(actor: Actor, row: Any, before: list[str], after: list[str]) -> None:
    changes = {"tags": [", ".join(before), ", ".join(after)]}
    act = Act("update", row._meta.label_lower, row.pk, str(row), project_of(row), changes)
    record(actor=actor, act=act)
