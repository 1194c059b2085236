"""What the clock does for people who are new, every ten minutes."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from community import feed
from community.models import Member, Membership, Message, Ring, Room, Space
from leadership.models import Channel, Contact, Welcome, Welcomer
from leadership.operations import welcomes

State = Welcome.State


def look_after_newcomers() -> int:
    """Whoever was missed, has nobody, or has somebody who cannot; how many were seen to."""
    seen_to = _let_go() + _wrote_to_each_other() + _missed() + _orphaned() + _come_back()
    return seen_to + _tell_late()  # last: who is in touch by now was reached


def _missed(limit: int = 500) -> int:
    """New people whom no follow-up put into anybody's hands, and those who have nobody yet."""
    since = timezone.now() - welcomes.NEW_FOR
    fresh = Member.objects.present().filter(
        onboarded_at__isnull=False,
        membership__space__kind=Space.ROOT,
        membership__joined_at__gt=since,
        membership__ring__lt=Ring.STEWARD,
        welcomes=None,
    )
    alone = Welcome.objects.open().filter(welcomer=None).exclude(state=State.NOT_NOW)
    alone.filter(state=State.ASSIGNED).update(state=State.UNASSIGNED)  # their account is gone
    waiting = Member.objects.filter(pk__in=alone.values("member"))
    if not Welcomer.objects.on_duty().exists():
        waiting = waiting.none()
    people = [*fresh.order_by("-pk")[:limit], *waiting.order_by("pk")[:limit]]
    return sum(1 for person in people if (held := welcomes.begin(person)) and held.welcomer_id)


def _wrote_to_each_other() -> int:
    """Those who are in touch by what both wrote: that they did is looked at, never the words.

    The newcomer wrote in the conversation of the two, and the one who welcomes them did so too,
    or wrote down a try: their mail does not stand in the conversation.
    """
    of_two = Message.objects.filter(
        room__kind=Room.Kind.DIRECT,
        deleted_at=None,
        hidden_at=None,
        created_at__gte=OuterRef("created_at"),
    ).exclude(room__pair="")
    theirs = of_two.filter(author=OuterRef("member"), room__people__member=OuterRef("welcomer"))
    ours = of_two.filter(author=OuterRef("welcomer"), room__people__member=OuterRef("member"))
    tried = Contact.objects.filter(welcome=OuterRef("pk"), by=OuterRef("welcomer"), answered=False)
    both = Exists(theirs) & (Exists(ours) | Exists(tried))
    found = 0
    for welcome in Welcome.objects.open().filter(both, state=State.ASSIGNED).order_by("pk"):
        found += _both_wrote(welcome)
    return found


@transaction.atomic
def _both_wrote(welcome: Welcome) -> bool:
    held = Welcome.objects.lock(welcome)
    if not held.is_waiting or held.welcomer_id != welcome.welcomer_id:
        return False
    welcomes.note_in_touch(held, by=held.welcomer, channel=Channel.MESSAGE)
    return True


def _tell_late() -> int:
    """The time that was promised ran out: the stewards of the space are told, once a newcomer."""
    late = Welcome.objects.overdue().filter(late_told_at=None).order_by("pk")
    return sum(_tell_once(welcome) for welcome in late[:500])


@transaction.atomic
def _tell_once(welcome: Welcome) -> bool:
    held = Welcome.objects.lock(welcome)
    if held.late_told_at is not None or not held.is_overdue:
        return False
    held.late_told_at = timezone.now()
    held.save(update_fields=["late_told_at"])
    said = {"name": held.member.display_name, "member": held.member_id}
    verb = "welcomes.late" if held.welcomer_id else "welcomes.nobody_yet"
    feed.record(verb, actor=None, space=held.space, **said)
    return True


def _orphaned() -> int:
    """In the hands of somebody who left the space, is not here, or is kept away by either."""
    held = Welcome.objects.open().filter(welcomer__isnull=False).exclude(state=State.NOT_NOW)
    found = 0
    for welcome in held.select_related("welcomer").order_by("pk").iterator():
        here = Membership.objects.filter(space=welcome.space_id, member=welcome.welcomer_id)
        apart = welcome.member_id in welcome.welcomer.kept_apart_ids
        if apart or not welcome.welcomer.is_present or not here.exists():
            found += welcomes.give_back(welcome)
    return found


def _let_go() -> int:
    """Newcomers who left again."""
    here = Membership.objects.filter(space__kind=Space.ROOT).values("member")
    gone = Welcome.objects.open().exclude(member__in=here, member__is_active=True)
    gone = Welcome.objects.open().filter(pk__in=gone.values("pk"))
    return gone.update(closed_at=timezone.now())


def _come_back() -> int:
    """The day of “not now” has come: they stand in the queue again, as somebody one knows."""
    due = Welcome.objects.open().filter(
        state=State.NOT_NOW, not_now_until__lte=timezone.localdate()
    )
    return due.update(state=State.REACHED, not_now_until=None)
