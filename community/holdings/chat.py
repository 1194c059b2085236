"""What somebody said in chats, and how far they have read there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from community import chat_erasing
from community.personal import Holding, declare

_LIKE_THE_ROOM = _("as long as its room keeps messages: 90 days, or what stands on the room")

declare(
    Holding(
        model="community.Message",
        people=("author",),
        label=_("What you said in chats"),
        purpose=_("Talking to each other is what a chat is for."),
        shelf="said",
        kept_words=_LIKE_THE_ROOM,
        export=(
            "room_id",
            "seq",
            "text",
            "topic",
            "reply_to__seq",
            "created_at",
            "edited_at",
            "deleted_at",
        ),
        erase=chat_erasing.let_go_of_messages,
        at_once=True,
        order=60,
    ),
    Holding(
        model="community.MessageReaction",
        people=("member",),
        label=_("Your reactions in chats"),
        purpose=_("A quick sign to whoever said something."),
        shelf="said",
        kept_words=_LIKE_THE_ROOM,
        export=("message__room_id", "message__seq", "emoji", "created_at"),
        erase=chat_erasing.take_back_signs,
        at_once=True,
    ),
    Holding(
        model="community.MessageMention",
        people=("member",),
        label=_("Where others named you in chats"),
        purpose=_("So that you hear of it."),
        shelf="told",
        kept_words=_LIKE_THE_ROOM,
        export=("message__room_id", "message__seq"),
        erase="delete",
        at_once=True,
    ),
    Holding(
        model="community.RoomPerson",
        people=("member",),
        label=_("Your chats, and how far you have read"),
        purpose=_("Who is in a conversation, what is new for you, how much you want to hear."),
        shelf="belonging",
        kept_words=_("until you leave the group or the conversation is empty"),
        export=("room_id", "joined_at", "read_seq", "read_at", "volume", "accepted_at", "left_at"),
        erase="delete",
        at_once=True,
    ),
    Holding(
        model="community.Room",
        people=("created_by",),
        label=_("Rooms and conversations you began"),
        purpose=_("So that nobody begins too many at once."),
        shelf="belonging",
        kept_words=_("as long as the room"),
        export=("id", "space_id", "name", "created_at"),
        erase="unlink",
        at_once=True,
    ),
    Holding(
        model="community.Bringing",
        people=("by",),
        label=_("Exchanges you wanted to bring to Talk"),
        purpose=_("So that those whose words it is can say yes or no."),
        shelf="said",
        kept_words=_LIKE_THE_ROOM,
        export=("id", "room_id", "created_at", "done_at"),
        erase="unlink",
        at_once=True,
    ),
    Holding(
        model="community.BringingPart",
        people=("member",),
        label=_("Whether words of yours in chats may go to Talk"),
        purpose=_("So that nobody is quoted who does not want it."),
        shelf="said",
        kept_words=_LIKE_THE_ROOM,
        export=("bringing_id", "message__seq", "answer", "answered_at"),
        erase="delete",
        at_once=True,
    ),
    Holding(
        model="community.MessagePin",
        people=("by",),
        label=_("Messages you put at the top of a room"),
        purpose=_("Who chose what stands there."),
        shelf="office",
        kept_words=_("until it is taken down, or the message goes"),
        export=("room_id", "message__seq", "created_at"),
        erase="unlink",
        at_once=True,
    ),
)
