"""What was said goes after the days its room keeps it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, fields
from django.db.models.functions import Now

from community.models import Media, Message, Room

BATCH = 1000


def forget_old_messages() -> int:
    """Delete what is older than its room keeps, oldest first; how many. For the clock.

    Looks at everything that is due, however late it comes. Twice at once does no harm.
    """
    until = ExpressionWrapper(
        Now() - F("retention_days") * timedelta(days=1), output_field=fields.DateTimeField()
    )
    old = Message.objects.filter(room=OuterRef("pk"), created_at__lt=OuterRef("until"))
    due = Room.objects.annotate(until=until).filter(Exists(old))
    return sum(_forget(room) for room in due.order_by("pk").iterator())


def _forget(room: Room) -> int:
    forgotten = 0
    while True:
        with transaction.atomic():
            oldest = room.messages.order_by("seq").values("pk", "created_at")[:BATCH]
            gone = [row["pk"] for row in oldest if row["created_at"] < room.until]
            Media.objects.filter(message__in=gone).update(message=None, owner=None)
            Message.objects.filter(pk__in=gone).delete()
        forgotten += len(gone)
        if len(gone) < BATCH:
            return forgotten
