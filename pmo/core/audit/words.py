"""What a check found, in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import ngettext

from pmo.core.audit import verifying

_SENTENCES: dict[str, Callable[[int], str]] = {
    verifying.CHANGED: lambda n: ngettext("%(count)s entry was changed.", "%(count)s entries were changed.", n),
    verifying.PAYLOAD_REMOVED: lambda n: ngettext(
        "The details of %(count)s entry were removed without an erasure.",
        "The details of %(count)s entries were removed without an erasure.",
        n,
    ),
    verifying.REMOVED: lambda n: ngettext(
        "%(count)s sealed entry is missing.", "%(count)s sealed entries are missing.", n
    ),
    verifying.ADDED: lambda n: ngettext(
        "%(count)s entry was added among sealed ones.", "%(count)s entries were added among sealed ones.", n
    ),
    verifying.REORDERED: lambda n: ngettext(
        "%(count)s sealed entry was put in another order or written anew.",
        "Among %(count)s sealed entries some were put in another order or written anew.",
        n,
    ),
    verifying.TRUNCATED: lambda n: ngettext(
        "%(count)s head that was noted earlier is gone: the end of the trail was cut off or replaced.",
        "%(count)s heads that were noted earlier are gone: the end of the trail was cut off or replaced.",
        n,
    ),
    verifying.UNSEALED: lambda n: ngettext(
        "%(count)s entry has waited for its seal for more than an hour: is the beat running?",
        "%(count)s entries have waited for their seal for more than an hour: is the beat running?",
        n,
    ),
    verifying.MARKER: lambda n: ngettext(
        "The markers of %(count)s erasure do not match its entry.",
        "The markers of %(count)s erasures do not match their entries.",
        n,
    ),
}


def sentence(code: str, count: int) -> str:
    """One finding as a sentence."""
    return _SENTENCES[code](count) % {"count": count}
