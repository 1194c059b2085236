"""Knows who may do what in a chat, and why not. Reads rooms and rows; writes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.models import Item, Member, Membership, Message, Ring, Room, RoomPerson, Space
from community.policies import JOIN_FIRST, can_manage, ring_of, stewards
from community.standing import in_good_standing
from community.verdicts import SIGN_IN, YES, Verdict, no

GONE = _("This room is no longer here.")
NOT_YET = _("They have not answered yet. You can write more once they have.")
DAYS_TO_EDIT = 7


def leads_room(member: Member | None, room: Room) -> bool:
    """Whether the member answers for what is said there: stewards of its space."""
    return room.space_id is not None and stewards(member, room.space_id)


def can_post_message(member: Member | None, room: Room) -> Verdict:
    """Whether the member may say something in a room that they can read."""
    standing = in_good_standing(member, "comment")
    if not standing:
        return standing
    if room.archived_at:
        return no(_("This room is archived: you can read it, nobody writes here any more."))
    if room.is_direct:
        return _can_write_to(member, room)
    ring = ring_of(member, room.space_id)
    if ring < room.min_ring:
        return no(GONE)
    if room.space.closed_at:
        return no(_("This group has ended."))
    if ring >= Ring.STEWARD:
        return YES
    if room.kind == Room.Kind.ANNOUNCE:
        return no(_("Only stewards write here. You can react to what they say."))
    if ring < Ring.PARTICIPANT:
        return no(_("You follow this group. Take part in it to write here."))
    if room.locked_at:
        return no(_("A steward has locked this room for now. You can read it."))
    return YES


def _can_write_to(member: Member, room: Room) -> Verdict:
    people = {row.member_id: row for row in room.people.select_related("member")}
    mine = people.pop(member.pk, None)
    if mine is None or mine.left_at:
        return no(GONE)
    if mine.accepted_at is None:
        return no(_("Accept the request first, then you can answer."))
    if not room.is_pair:
        return YES
    other = next(iter(people.values()), None)
    if other is None or not other.member.is_active or other.member_id in member.kept_apart_ids:
        return no(_("This person is no longer here."))
    if other.accepted_at is None and room.messages.filter(author=member).exists():
        return no(NOT_YET)
    return YES


def slow_until(member: Member, room: Room) -> Any:
    """In slow mode: from when on the member may write again; None for now."""
    if not room.slow_seconds or leads_room(member, room):
        return None
    last = (
        Message.objects.filter(room=room, author=member)
        .order_by("-seq")
        .values_list("created_at", flat=True)
        .first()
    )
    until = last + timedelta(seconds=room.slow_seconds) if last else None
    return until if until and until > timezone.now() else None


def can_write_now(member: Member, room: Room) -> Verdict:
    """What slow mode says, after ``can_post_message``."""
    until = slow_until(member, room)
    if until is None:
        return YES
    seconds = max(1, round((until - timezone.now()).total_seconds()))
    return no(
        ngettext(
            "This room is in slow mode. You can write again in %(n)s second.",
            "This room is in slow mode. You can write again in %(n)s seconds.",
            seconds,
        )
        % {"n": seconds}
    )


def can_edit_message(member: Member | None, message: Message) -> Verdict:
    standing = in_good_standing(member, "edit")
    if not standing:
        return standing
    if not message.is_said:
        return no(_("This is no longer here."))
    if message.author_id != member.pk:
        return no(_("Only the person who wrote this can change it."))
    if message.is_forwarded:
        return no(_("What was forwarded stays as it was. You can take it away."))
    if message.created_at < timezone.now() - timedelta(days=DAYS_TO_EDIT):
        return no(_("After a week what was said stays as it is. You can take it away."))
    if message.room.archived_at:
        return no(_("This room is archived: you can read it, nobody writes here any more."))
    return YES


def can_delete_message(member: Member | None, message: Message) -> Verdict:
    if member is None or not member.is_authenticated:
        return no(SIGN_IN)
    if message.hidden_at:
        return no(_("This is hidden by a decision. It stays until that is over."))
    if message.author_id == member.pk or leads_room(member, message.room):
        return YES
    return no(_("Only its author or a steward of the group can take this away."))


def can_react_to_message(member: Member | None, message: Message) -> Verdict:
    standing = in_good_standing(member, "react")
    if not standing:
        return standing
    if not message.is_said:
        return no(_("This is no longer here."))
    if message.room.archived_at:
        return no(_("This room is archived: you can read it, nobody writes here any more."))
    if message.room.is_direct:
        mine = message.room.people.filter(member=member, left_at=None).first()
        if mine is None or mine.accepted_at is None:
            return no(_("Accept the request first, then you can answer."))
    return YES


def can_pin_message(member: Member | None, message: Message) -> Verdict:
    """Stewards in rooms of their space; in a conversation, everybody who is in it."""
    standing = in_good_standing(member, "edit")
    if not standing:
        return standing
    if not message.is_said:
        return no(_("This is no longer here."))
    if message.room.is_direct or leads_room(member, message.room):
        return YES
    return no(_("Stewards choose what stands at the top of a room."))


def can_forward_message(member: Member | None, message: Message, to: Room | None = None) -> Verdict:
    """One's own words anywhere; those of others only where everybody may read them anyway.

    So nothing that somebody said among few is carried to many behind their back.
    """
    if member is None or not member.is_authenticated:
        return no(SIGN_IN)
    if not message.is_said:
        return no(_("This is no longer here."))
    if message.author_id != member.pk:
        source = message.room
        if source.is_direct:
            return no(_("What others wrote to you stays between you. Ask them to say it there."))
        if to is not None and (to.space_id != source.space_id or to.min_ring < source.min_ring):
            return no(_("Others could read there what was not said to them."))
    return YES if to is None else can_post_message(member, to)


def can_bring_to_talk(member: Member | None, message: Message) -> Verdict:
    """Ask for the yes of those whose words it is: who may begin a topic where it was said."""
    standing = in_good_standing(member, "post")
    if not standing:
        return standing
    room = message.room
    if room.is_direct or room.space.is_root:
        return no(_("Only what was said in a group can go to its Talk."))
    if not message.is_said:
        return no(_("This is no longer here."))
    if ring_of(member, room.space_id) < Ring.PARTICIPANT or room.space.closed_at:
        return no(_("You follow this group. Take part in it to write here."))
    return YES


def can_make_room(member: Member | None, space: Space) -> Verdict:
    standing = in_good_standing(member, "edit")
    if not standing:
        return standing
    if space.closed_at:
        return no(_("This group has ended."))
    return can_manage(member, space)


def can_make_room_about(member: Member | None, item: Item) -> Verdict:
    """A room about a thing: whoever made it, and stewards of where it is."""
    standing = in_good_standing(member, "edit")
    if not standing:
        return standing
    if ring_of(member, item.space_id) < max(item.min_ring, Ring.FOLLOWER):
        return no(JOIN_FIRST)
    if item.author_id == member.pk or stewards(member, item.space_id):
        return YES
    return no(_("Whoever made this, or a steward, opens a room about it."))


def can_manage_room(member: Member | None, room: Room) -> Verdict:
    """Its name, who reads it, how long it is kept: stewards; of a conversation, its people."""
    standing = in_good_standing(member, "edit")
    if not standing:
        return standing
    if room.is_pair:
        return no(_("A conversation of two has no settings."))
    if room.is_direct:
        inside = room.people.filter(member=member, left_at=None, accepted_at__isnull=False)
        return YES if inside.exists() else no(_("Accept the request first."))
    return can_manage(member, room.space)


def can_take_out(member: Member | None, room: Room) -> Verdict:
    """Whether the member takes people out of a conversation of several: whoever began it."""
    managing = can_manage_room(member, room)
    if not managing:
        return managing
    if room.is_direct and room.created_by_id == member.pk:
        return YES
    return no(_("Only whoever began the conversation takes people out."))


# Direct messages


def share_a_group(member: Member, person: Member) -> bool:
    """Whether both belong to a group, the whole community apart."""
    mine = member.group_ids
    return bool(mine) and Membership.objects.filter(member=person, space__in=mine).exists()


def can_write_to(member: Member | None, person: Member) -> Verdict:
    """Whether the member may begin a conversation with somebody whose page they see."""
    standing = in_good_standing(member, "comment")
    if not standing:
        return standing
    if member.pk == person.pk:
        return no(_("This is you."))
    if not member.is_community_member:
        return no(_("You need to be a member of the community first."))
    found = Member.objects.visible_to(member).filter(pk=person.pk).exists()
    if not found and not knows_from_a_room(member, person):
        return no(_("This person cannot be written to."))
    return YES


def knows_from_a_room(member: Member, person: Member) -> bool:
    """Whether a conversation of both is there already, and neither keeps the other away."""
    if person.pk in member.kept_apart_ids or not person.is_present:
        return False
    shared = RoomPerson.objects.filter(member=person, left_at=None).values("room")
    return RoomPerson.objects.filter(member=member, left_at=None, room__in=shared).exists()


def needs_request(member: Member, person: Member) -> bool:
    """Whether the person is asked first: those who share no group have not chosen each other."""
    return not share_a_group(member, person)
