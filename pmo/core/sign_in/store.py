"""Sessions in the database, each with its user, device and address; the row read with a page says when it was last seen."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

METHOD_KEY = "bw_method"
DEVICE_KEY = "bw_device"
ADDRESS_KEY = "bw_address"
_SEEN_STEP = datetime.timedelta(minutes=5)


class SessionStore(DatabaseStore):
    """Django's own, over a table that can be asked whose sessions there are."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Any = None

    @classmethod
    def get_model_class(cls) -> Any:
        """The table of sessions."""
        from pmo.core.sign_in.models import Session

        return Session

    def _get_session_from_db(self) -> Any:
        self.row = super()._get_session_from_db()  # type: ignore[misc]
        return self.row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row of the session; what stays from its creation is taken from the row that was read."""
        row: Any = super().create_model_instance(data)
        kept = self.row if self.row is not None and self.row.session_key == row.session_key else None
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.method = str(data.get(METHOD_KEY, ""))[:20]
        row.device = str(data.get(DEVICE_KEY, ""))[:200]
        row.address = data.get(ADDRESS_KEY) or None
        row.last_seen_at = timezone.now()
        if kept is not None:
            row.uid, row.created_at = kept.uid, kept.created_at
        else:
            row.created_at = timezone.now()
        self.row = row
        return row

    def note_seen(self, address: str | None) -> None:
        """Remember that the session was used, at most once in five minutes; it ends no later for that."""
        now = timezone.now()
        row = self.row
        if row is None or (row.last_seen_at is not None and now - row.last_seen_at < _SEEN_STEP):
            return
        self.get_model_class().objects.filter(pk=row.pk).update(last_seen_at=now, address=address or row.address)
        row.last_seen_at = now
