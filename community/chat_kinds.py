"""What happens in chats that somebody is told of, and where chat is found."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community import chat_waiting
from community.models import Activity, Member, Membership, MessageMention, Ring, RoomPerson
from community.registry import Place, Tab, Verb, Waiting, registry


def _named(activity: Activity) -> Any:
    """Those it is about, unless they want to hear nothing of the room."""
    muted = RoomPerson.objects.filter(room=activity.data.get("room"), volume=RoomPerson.Volume.MUTE)
    people = Member.objects.filter(pk__in=activity.data.get("members", []))
    return people.exclude(pk__in=muted.values("member")).exclude(_resting(activity))


def _resting(activity: Activity) -> Q:
    """Those who hear nothing of the space until a day."""
    away = Membership.objects.filter(space=activity.space_id, resting_until__isnull=False)
    return Q(pk__in=away.values("member"))


def _hearing(activity: Activity) -> Any:
    """Who wants to hear of everything in the room; of announcements everybody but who does not.
    Whom it names or answers has heard of it by that."""
    people = RoomPerson.objects.filter(room=activity.data.get("room"))
    if activity.message and activity.message.room.is_announcing:
        muted = people.filter(volume=RoomPerson.Volume.MUTE)
        found = Member.objects.exclude(pk__in=muted.values("member"))
    else:
        loud = people.filter(volume=RoomPerson.Volume.ALL, left_at=None)
        found = Member.objects.filter(pk__in=loud.values("member"))
    found = found.exclude(_resting(activity))
    return found.exclude(pk__in=activity.data.get("members", []))


def _written_to(activity: Activity) -> Any:
    """Everybody in the conversation who wants to hear of it. Who has not said yes to it hears of
    the first message alone, and who said no of nothing."""
    first = Q(declined_at=None, from_seq=activity.data["seq"] - 1)
    inside = RoomPerson.objects.filter(
        Q(accepted_at__isnull=False) | first,
        room=activity.data.get("room"),
        left_at=None,
    ).exclude(volume=RoomPerson.Volume.MUTE)
    meant = Q(member__in=MessageMention.objects.filter(message=activity.message).values("member"))
    if activity.message and activity.message.reply_to_id:
        meant |= Q(member=activity.message.reply_to.author_id)
    inside = inside.exclude(~meant, volume=RoomPerson.Volume.MENTIONS)
    return Member.objects.filter(pk__in=inside.values("member"))


def _place(activity: Activity) -> str:
    seq = activity.data["seq"]
    return f"{reverse('room', args=[activity.data['room']])}?at={seq}#m{seq}"


registry.add(
    Place(
        name="chat",
        label=_("Chat"),
        icon="message-circle",
        url_name="chat",
        order=30,
        count=lambda frame: frame.unread_rooms,
    ),
    Tab(
        name="chat",
        label=_("Chat"),
        icon="message-circle",
        url_name="space_rooms",
        order=15,
        min_ring=Ring.FOLLOWER,
    ),
    Waiting(name="chat.asked", cards=chat_waiting.asked, some=chat_waiting.some_asked),
    Waiting(name="chat.answered", cards=chat_waiting.answered, some=chat_waiting.some_answered),
    Verb(
        name="chat.mentioned",
        sentence=_("%(actor)s named you in the chat %(title)s of %(space)s"),
        topic="mentions",
        attention="person",
        recipients=_named,
        why=_("you were named"),
        icon="at-sign",
        url=_place,
    ),
    Verb(
        name="chat.replied",
        sentence=_("%(actor)s answered you in the chat %(title)s of %(space)s"),
        topic="replies",
        attention="person",
        recipients=_named,
        why=_("it is a reply to you"),
        icon="reply",
        url=_place,
    ),
    Verb(
        name="chat.said",
        sentence=_("%(actor)s wrote in the chat %(title)s of %(space)s"),
        topic="groups",
        attention="groups",
        recipients=_hearing,
        icon="message-circle",
        url=_place,
    ),
    Verb(
        name="chat.asked_to_bring",
        sentence=_("%(actor)s asks whether your words in a chat of %(space)s may go to Talk"),
        topic="mentions",
        attention="person",
        recipients=_named,
        why=_("it is about your own words"),
        icon="messages-square",
        url=lambda activity: reverse("bringing", args=[activity.data["bringing"]]),
    ),
    Verb(
        name="chat.written",
        sentence=_("%(actor)s wrote to you"),
        topic="direct",
        attention="person",
        recipients=_written_to,
        why=_("you are in this conversation"),
        icon="message-circle",
        url=_place,
    ),
)
