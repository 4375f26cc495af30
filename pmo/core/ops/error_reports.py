"""Telling an error collector (Sentry's protocol) of faults, without personal data; off unless SENTRY_DSN is set.

Called from the settings: nothing of Django may be imported here.
"""

from __future__ import annotations

from typing import Any

REMOVED = "[removed]"
# What an event may carry besides the traces of its exceptions.
_KEPT = frozenset(
    {"event_id", "timestamp", "level", "platform", "environment", "release", "sdk", "logger", "transaction", "exception",
     "tags", "type"}
)  # fmt: skip
_KEPT_OF_FRAME = frozenset({"filename", "function", "module", "lineno", "in_app"})


def start(dsn: str, environment: str, **more: Any) -> None:
    """Begin to report. The library is imported here, so that it costs nothing where reporting is off."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        server_name="",
        before_send=scrubbed,
        **more,
    )


def scrubbed(event: Any, hint: Any) -> Any:
    """The event reduced to what went wrong and where: no request, no user, no variables, no message of an exception.

    The tag `request_id` leads to the line of our own log that holds the rest.
    """
    kept = {name: value for name, value in event.items() if name in _KEPT}
    record = hint.get("log_record") if isinstance(hint, dict) else None
    tags = {"request_id": _request_id(record)}
    kept["tags"] = tags
    for one in (kept.get("exception") or {}).get("values", []):
        one["value"] = REMOVED
        for frame in (one.get("stacktrace") or {}).get("frames", []):
            for name in set(frame) - _KEPT_OF_FRAME:
                del frame[name]
    return kept


def _request_id(record: Any) -> str:
    from pmo.core.web.request_id import current_request_id

    return str(getattr(record, "request_id", "") or current_request_id())
