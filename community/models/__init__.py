"""The core's tables, by subject."""

from community.models.activity import Activity, Draft, Notice
from community.models.items import (
    Bookmark,
    Comment,
    Follow,
    Item,
    ItemQuerySet,
    Mention,
    Prose,
    Reaction,
    ReadMark,
    Revision,
    Volume,
)
from community.models.mail import OutboxMail
from community.models.media import Media
from community.models.people import Block, Member, Mute, StaffRole
from community.models.spaces import (
    Appeal,
    Community,
    Invitation,
    InvitationUse,
    JoinRequest,
    Membership,
    MembershipEvent,
    Openness,
    Ring,
    RingProposal,
    Space,
    Vouch,
)

__all__ = [
    "Activity",
    "Appeal",
    "Block",
    "Bookmark",
    "Comment",
    "Community",
    "Draft",
    "Follow",
    "Invitation",
    "InvitationUse",
    "Item",
    "ItemQuerySet",
    "JoinRequest",
    "Media",
    "Member",
    "Membership",
    "MembershipEvent",
    "Mention",
    "Mute",
    "Notice",
    "Openness",
    "OutboxMail",
    "Prose",
    "Reaction",
    "ReadMark",
    "Revision",
    "Ring",
    "RingProposal",
    "Space",
    "StaffRole",
    "Volume",
    "Vouch",
]
