"""Knows what of a chat waits for somebody on Today: a yes to words of theirs, and the answers."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Bringing, BringingPart, Member
from community.registry import WaitingCard

ASKED_FOR = timedelta(days=14)
"""So long silence may still become a yes; after that it is the no that it was."""
MOST = 3


def asked(member: Member) -> list[WaitingCard]:
    """Whose words are wanted in Talk, and who has not said anything yet."""
    rows = Bringing.objects.visible_to(member).filter(_open_for(member), _lately())
    return [
        WaitingCard(
            label=_("Your words"),
            title=_("%(name)s asks whether they may go to Talk") % {"name": row.by.display_name}
            if row.by
            else _("Somebody asks whether they may go to Talk"),
            url=row.get_absolute_url(),
            action=_("Read and answer"),
            icon="messages-square",
            hue="talk",
            when=row.created_at,
            urgency=30,
        )
        for row in rows.select_related("by").order_by("created_at")[:MOST]
    ]


def some_asked(reader: Member) -> Exists:
    return Exists(Bringing.objects.filter(_open_for(reader)))


def answered(member: Member) -> list[WaitingCard]:
    """What the member asked for, when somebody has said yes."""
    rows = Bringing.objects.visible_to(member).filter(_answered_to(member), _lately())
    rows = rows.annotate(first=Min("parts__answered_at"))
    return [
        WaitingCard(
            label=_("From the chat"),
            title=_("There is a yes to bringing an exchange to Talk"),
            url=row.get_absolute_url(),
            action=_("Have a look"),
            icon="messages-square",
            hue="talk",
            when=row.first,
            urgency=40,
        )
        for row in rows.order_by("created_at")[:MOST]
    ]


def some_answered(reader: Member) -> Exists:
    return Exists(Bringing.objects.filter(_answered_to(reader)))


def _lately() -> Q:
    return Q(done_at=None, created_at__gt=timezone.now() - ASKED_FOR)


def _open_for(member: Member) -> Q:
    return Q(Exists(_parts().filter(member=member, answer="")), done_at=None)


def _answered_to(member: Member) -> Q:
    """Somebody else said yes: one's own words need nobody's."""
    yes = (BringingPart.Answer.NAMED, BringingPart.Answer.UNNAMED)
    others = _parts().filter(answer__in=yes).exclude(member=member)
    return Q(Exists(others), by=member, done_at=None)


def _parts() -> QuerySet:
    return BringingPart.objects.filter(bringing=OuterRef("pk"))
