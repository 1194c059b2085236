"""The core's tables, by subject."""

from community.models.activity import Activity, Draft, Notice, Untold
from community.models.agreements import (
    Acceptance,
    Agreement,
    AgreementText,
    AgreementVersion,
)
from community.models.announcements import (
    Announcement,
    AnnouncementPlan,
    AnnouncementWords,
    Reach,
)
from community.models.apart import Block, Mute
from community.models.audit import AuditEntry, AuditQuerySet
from community.models.chat import (
    Bringing,
    BringingPart,
    Message,
    MessageMention,
    MessagePin,
    MessageReaction,
    Room,
    RoomPerson,
)
from community.models.invitations import Invitation, InvitationUse
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
from community.models.lists import PeopleList
from community.models.mail import (
    MailDomain,
    MailTrouble,
    OutboxMail,
    ReceivedMail,
    Suppression,
    Urgency,
)
from community.models.media import Media
from community.models.moderation import (
    Case,
    CaseNote,
    Measure,
    MeasureAppeal,
    Report,
    Rule,
)
from community.models.notices import (
    Attention,
    Channel,
    Delivery,
    NoticePreference,
    NoticeSettings,
    Preset,
    When,
)
from community.models.people import Member
from community.models.push import PushSubscription
from community.models.recovery import Recovery, RecoveryYes
from community.models.rights import (
    AskedToStay,
    DataExport,
    Erased,
    Leaving,
    LegalHold,
    RightsRequest,
)
from community.models.roles import StaffRole
from community.models.safeguarding import Concern, ConcernEntry, ConcernParty
from community.models.sanctions import Branch, Fingerprint, Hearing, Held, LockDown
from community.models.site import Community
from community.models.spaces import (
    Appeal,
    JoinRequest,
    Membership,
    MembershipEvent,
    Openness,
    Ring,
    RingProposal,
    Space,
    Vouch,
)
from community.models.status import MembershipStatus, Status, StatusEvent

__all__ = [
    "Acceptance",
    "Activity",
    "Agreement",
    "AgreementText",
    "AgreementVersion",
    "Announcement",
    "AnnouncementPlan",
    "AnnouncementWords",
    "Appeal",
    "AskedToStay",
    "Attention",
    "AuditEntry",
    "AuditQuerySet",
    "Block",
    "Bookmark",
    "Branch",
    "Bringing",
    "BringingPart",
    "Case",
    "CaseNote",
    "Channel",
    "Comment",
    "Community",
    "Concern",
    "ConcernEntry",
    "ConcernParty",
    "DataExport",
    "Delivery",
    "Draft",
    "Erased",
    "Fingerprint",
    "Follow",
    "Hearing",
    "Held",
    "Invitation",
    "InvitationUse",
    "Item",
    "ItemQuerySet",
    "JoinRequest",
    "Leaving",
    "LegalHold",
    "LockDown",
    "MailDomain",
    "MailTrouble",
    "Measure",
    "MeasureAppeal",
    "Media",
    "Member",
    "Membership",
    "MembershipEvent",
    "MembershipStatus",
    "Mention",
    "Message",
    "MessageMention",
    "MessagePin",
    "MessageReaction",
    "Mute",
    "Notice",
    "NoticePreference",
    "NoticeSettings",
    "Openness",
    "OutboxMail",
    "PeopleList",
    "Preset",
    "Prose",
    "PushSubscription",
    "Reach",
    "Reaction",
    "ReadMark",
    "ReceivedMail",
    "Recovery",
    "RecoveryYes",
    "Report",
    "Revision",
    "RightsRequest",
    "Ring",
    "RingProposal",
    "Room",
    "RoomPerson",
    "Rule",
    "Space",
    "StaffRole",
    "Status",
    "StatusEvent",
    "Suppression",
    "Untold",
    "Urgency",
    "Volume",
    "Vouch",
    "When",
]
