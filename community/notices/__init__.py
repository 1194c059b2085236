"""Notices: what happened, told to those whom it concerns, by the ways they chose.

``telling`` writes them, ``lines`` reads them, ``sending`` brings them by mail and push, ``digest``
gathers what can wait, ``choosing`` knows what somebody wants, ``lately`` what it would have meant.
"""

from community.notices.lines import (
    Bundle,
    Told,
    by_thing,
    for_page,
    gather,
    shown,
    unread,
    unread_count,
)
from community.notices.telling import deliver, deliver_late, for_telling, untold

__all__ = [
    "Bundle",
    "Told",
    "by_thing",
    "deliver",
    "deliver_late",
    "for_page",
    "for_telling",
    "gather",
    "shown",
    "unread",
    "unread_count",
    "untold",
]
