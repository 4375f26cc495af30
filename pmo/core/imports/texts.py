"""Sentences of the commit by their codes, beside those of the reading engine, and rendering of stored ones.

A parameter may be a dict of texts by language: what a model's own validation says is kept in every language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pmo.core.imports.message_texts import TEMPLATES
from pmo.core.imports.messages import Message

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

COMMIT: dict[str, _StrPromise] = {
    # What a model's own validation says, by language.
    "not_accepted": format_lazy("{}", "%(detail)s"),
    "no_such_reference": _("“%(value)s” was not found in: %(register)s."),
    "several_references": _("“%(value)s” is the name of more than one record in: %(register)s. Give its code."),
    "reference_needs_scope": _(
        "“%(value)s” cannot be created: the row does not say which it belongs to: %(register)s."
    ),
    "snapshot_in_future": _(
        "The date %(date)s of the row lies in the future; only what is known today can be imported."
    ),
    "code_missing": _("The row has no code, and this mapping finds records by their code only."),
    "code_taken": _("The code “%(value)s” belongs to another record."),
    # The reason an access decision gives, by language.
    "not_allowed": format_lazy("{}", "%(detail)s"),
    "several_same_key": _("%(count)s records have the key “%(value)s”; none of them can be meant."),
    "no_row_with_key": _("There is no record “%(value)s”. Leave its code empty to add a new one."),
    "several_same_name": _(
        "%(count)s records are called “%(value)s”. Decide which of them the row means, or give a code."
    ),
    "left_out": _("The row was left out by your decision."),
    "same_record_twice": _("The row means the same record as row %(earlier)s for the same date."),
    "currency_differs": _("The amount is in %(given)s, but the record is kept in %(kept)s."),
    "file_gone": _("The uploaded file is no longer in the store, or it was changed there. Upload it again."),
}

TEMPLATES.update(COMMIT)


def say(code: str, params: Mapping[str, Any]) -> str:
    """The sentence in the active language."""
    template = TEMPLATES.get(code)
    if template is None:
        return code
    return str(template) % {name: in_language(value) for name, value in params.items()}


def say_message(message: Message) -> str:
    """The sentence of a message in the active language."""
    return say(message.code, message.params)


def say_stored(data: Mapping[str, Any]) -> str:
    """The sentence of a message in its stored form."""
    return say(str(data.get("code", "")), data.get("params", {}))


def in_language(value: Any) -> Any:
    """A text kept by language, in the active one; a list as one text."""
    if isinstance(value, list):
        return gettext(", ").join(str(one) for one in value)
    if not isinstance(value, dict):
        return value
    return value.get(translation.get_language() or settings.LANGUAGE_CODE) or next(iter(value.values()), "")


def in_all_languages(speak: Callable[[], str]) -> dict[str, str]:
    """What a function says in each language of the product."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = speak()
    return texts


def refused_by(check: Callable[[], None], *, once: bool = False) -> dict[str, Message]:
    """What a validation refuses, by field ("__all__" for the whole), in every language. Empty: nothing.

    With `once` the check is not repeated (it writes): lazy sentences are still told in every language.
    """
    try:
        check()
    except ValidationError as error:
        if once:
            return {name: Message("not_accepted", {"detail": texts}) for name, texts in _in_each(error).items()}
        return {name: Message("not_accepted", {"detail": texts}) for name, texts in _texts(check, error).items()}
    return {}


def _texts(check: Callable[[], None], first: ValidationError) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {name: {} for name in _by_field(first)}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            try:
                check()
            except ValidationError as error:
                for name, sentence in _by_field(error).items():
                    texts.setdefault(name, {})[code] = sentence
    return texts


def _in_each(error: ValidationError) -> dict[str, dict[str, str]]:
    """What one error says in each language, as far as its sentences are lazy."""
    texts: dict[str, dict[str, str]] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for name, sentence in _by_field(error).items():
                texts.setdefault(name, {})[code] = sentence
    return texts


def _by_field(error: ValidationError) -> dict[str, str]:
    if hasattr(error, "error_dict"):
        return {name: " ".join(errors) for name, errors in error.message_dict.items()}
    return {"__all__": " ".join(error.messages)}
