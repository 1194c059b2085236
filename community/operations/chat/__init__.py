"""Chat: saying something in a room, and all that is done with what was said."""

from community.operations.chat.bringing import answer_to_bring, ask_to_bring, bring_to_talk
from community.operations.chat.direct import (
    accept_request,
    add_people,
    decline_request,
    leave_room,
    open_direct,
    take_out,
)
from community.operations.chat.messages import (
    delete_message,
    edit_message,
    post_message,
    react_to_message,
)
from community.operations.chat.passing_on import forward_message, pin_message, unpin_message
from community.operations.chat.reading import mark_read, set_volume
from community.operations.chat.retention import forget_old_messages
from community.operations.chat.rooms import (
    archive_room,
    change_room,
    lock_room,
    make_room,
    open_room_about,
    rename_room,
    reopen_room,
    unlock_room,
)

__all__ = [
    "accept_request",
    "add_people",
    "answer_to_bring",
    "archive_room",
    "ask_to_bring",
    "bring_to_talk",
    "change_room",
    "decline_request",
    "delete_message",
    "edit_message",
    "forget_old_messages",
    "forward_message",
    "leave_room",
    "lock_room",
    "make_room",
    "mark_read",
    "open_direct",
    "open_room_about",
    "pin_message",
    "post_message",
    "react_to_message",
    "rename_room",
    "reopen_room",
    "set_volume",
    "take_out",
    "unlock_room",
    "unpin_message",
]
