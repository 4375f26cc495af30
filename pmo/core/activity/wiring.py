"""What the room of activity registers with the kernel."""

from __future__ import annotations


def wire() -> None:
    """Rights, the tab of every record, the event of a comment, and telling watchers once changes are sealed."""
    from django.utils.translation import gettext_lazy as _

    from pmo.core.activity import access
    from pmo.core.activity.columns import tags_column
    from pmo.core.activity.queries import tagged
    from pmo.core.activity.services import tell_watchers
    from pmo.core.activity.views import TAB, activity_tab
    from pmo.core.audit.services import when_sealed
    from pmo.core.messages.api import EventKind, Mode
    from pmo.core.messages.events import register_event
    from pmo.core.registers.declaration import (
        Filter,
        Tab,
        contribute_common_column,
        contribute_common_filter,
        contribute_common_tab,
    )

    access.declare()
    register_event(
        EventKind(
            "comment",
            _("Somebody comments on something I watch"),
            _("%(person)s commented on “%(subject)s”"),
            icon="comment",
            email=Mode.DIGEST,
            internal=True,
        )
    )
    contribute_common_column(tags_column)
    contribute_common_filter(Filter("tagged", label=_("Tag"), apply=tagged, advanced=True))
    contribute_common_tab(Tab(TAB, _("Activity"), view=activity_tab, order=900))
    when_sealed(tell_watchers)
