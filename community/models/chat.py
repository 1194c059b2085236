"""Rooms in which people talk, what is said there, and how far each has read.

The truth of a chat is here: every message has a number in its room, without gaps, and an id that
its writer's device chose, so that sending twice says it once.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.addresses import address
from community.models.items import Item
from community.models.locking import locked
from community.models.spaces import Membership, Ring


class RoomQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> RoomQuerySet:
        """Rooms that the member may read: the only statement of it, and it is SQL.

        A room of a space is read by those who belong to it deeply enough, also where everybody may
        read the talk; one about a thing, by those of them who see the thing. What is said among
        few people is read by them alone, and a conversation of two is over for both once one of
        them keeps the other away.
        """
        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        belongs = Membership.objects.filter(
            space=OuterRef("space"), member=member, ring__gte=OuterRef("min_ring")
        )
        seen = Item.objects.visible_to(member).filter(pk=OuterRef("item"))
        inside = RoomPerson.objects.filter(room=OuterRef("pk"), member=member, left_at=None)
        among = Q(Exists(inside), kind=Room.Kind.DIRECT)
        if member.kept_apart_ids:
            other = RoomPerson.objects.filter(room=OuterRef("pk"), member__in=member.kept_apart_ids)
            among &= Q(pair="") | ~Q(Exists(other))
        of_space = Q(Exists(belongs)) & (Q(item=None) | Q(Exists(seen)))
        return self.filter(among | of_space)

    def lock(self, room: Room) -> Room:
        """The row again, locked until the transaction ends: messages get their numbers in turn."""
        return locked(self.select_for_update(of=("self",), no_key=True), room.pk)


class Room(models.Model):
    """A place to chat: of a space, about a thing in it, or among a few people.

    Every space has its room *general* from the start: the database makes it with the space
    (community/database.py), however the space came about.
    """

    class Kind(models.TextChoices):
        GENERAL = "general", _("Room")
        ANNOUNCE = "announce", _("Announcements only")
        ABOUT = "about", _("About a thing")
        DIRECT = "direct", _("Direct messages")

    MOST_PEOPLE = 30
    """In a conversation outside of spaces."""
    KEPT_DAYS = 90
    DAYS = (7, 14, 30, 90, 180, 365)
    """What stewards choose from; what is said is never kept for ever."""
    SLOW = (0, 10, 30, 60, 300, 900)
    """Seconds between two messages of one person."""

    space = models.ForeignKey(
        "community.Space", null=True, on_delete=models.CASCADE, related_name="rooms"
    )
    """None: direct messages."""
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.GENERAL)
    is_first = models.BooleanField(default=False, db_default=False)
    """The room that the space has from the start."""
    name = models.CharField(_("name"), max_length=60, blank=True, db_default="")
    """Empty for the first room of a space, and for a conversation that has no name."""
    purpose = models.CharField(
        _("what it is for"), max_length=200, blank=True, default="", db_default=""
    )
    min_ring = models.PositiveSmallIntegerField(
        _("who reads it"),
        choices=[(r.value, r.label) for r in Ring if r],
        default=Ring.PARTICIPANT,
        db_default=Ring.PARTICIPANT.value,
    )
    item = models.ForeignKey(
        "community.Item", null=True, on_delete=models.CASCADE, related_name="rooms"
    )
    pair = models.CharField(max_length=40, blank=True, default="", db_default="")
    """The two people of a conversation of two, as "12-57": they have one, not several."""
    last_seq = models.BigIntegerField(default=0, db_default=0)
    """The number of the newest message; changes under the room's lock."""
    active_at = models.DateTimeField(default=timezone.now, db_default=Now())
    """When something was said last."""
    slow_seconds = models.PositiveIntegerField(default=0, db_default=0)
    retention_days = models.PositiveSmallIntegerField(
        default=KEPT_DAYS,
        db_default=KEPT_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    shows_seen = models.BooleanField(default=False, db_default=False)
    """Whether people see how far the others have read."""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    locked_at = models.DateTimeField(null=True)
    """Since when only stewards write."""
    archived_at = models.DateTimeField(null=True)
    """Since when nobody writes, and it stands apart in lists."""

    objects = RoomQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="direct", space=None)
                | (~Q(kind="direct") & Q(space__isnull=False)),
                name="room_of_a_space_or_direct",
            ),
            models.CheckConstraint(
                condition=Q(kind="about", item__isnull=False) | (~Q(kind="about") & Q(item=None)),
                name="room_about_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(min_ring__gte=1, min_ring__lte=4), name="room_has_a_ring"
            ),
            models.CheckConstraint(
                condition=Q(retention_days__gte=1, retention_days__lte=365),
                name="room_is_kept_for_a_time",
            ),
            models.UniqueConstraint(
                fields=["space"], condition=Q(is_first=True), name="one_first_room_a_space"
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(kind="about"), name="one_room_about_a_thing"
            ),
            models.UniqueConstraint(fields=["pair"], condition=~Q(pair=""), name="one_room_a_pair"),
        ]
        indexes = [
            models.Index(fields=["space", "min_ring"], name="room_of_space"),
        ]

    def __str__(self) -> str:
        return self.name or (str(_("general")) if self.is_first else f"room {self.pk}")

    @property
    def is_direct(self) -> bool:
        return self.kind == Room.Kind.DIRECT

    @property
    def is_announcing(self) -> bool:
        return self.kind == Room.Kind.ANNOUNCE

    @property
    def is_pair(self) -> bool:
        return bool(self.pair)

    def get_absolute_url(self) -> str:
        return address("room", self.pk)


class RoomPerson(models.Model):
    """Somebody in a room. In rooms of a space only how far they have read and what they want to
    hear; in direct messages also that they are in it at all."""

    class Volume(models.TextChoices):
        ALL = "all", _("Everything")
        MENTIONS = "mentions", _("Mentions and replies")
        MUTE = "mute", _("Nothing")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="people")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="room_people"
    )
    joined_at = models.DateTimeField(default=timezone.now)
    from_seq = models.BigIntegerField(default=0)
    """Direct messages: what was said before the person came is not for them."""
    read_seq = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    volume = models.CharField(max_length=10, choices=Volume, default=Volume.MENTIONS)
    accepted_at = models.DateTimeField(null=True)
    """Direct messages: since when they want to talk; empty for a request that waits."""
    declined_at = models.DateTimeField(null=True)
    """They do not want to; who asked is never told."""
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "member"], name="in_a_room_once"),
        ]
        indexes = [
            models.Index(
                fields=["member", "room"], condition=Q(left_at=None), name="rooms_of_member"
            ),
        ]


class MessageQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> MessageQuerySet:
        """Messages that the member may read: the only statement of it, and it is SQL.

        Those of rooms they may read, from when they came to a conversation; without what was
        hidden, and without people they keep apart from, also where somebody answers these. Who
        leads a space answers for what is said there and reads it all.
        """
        rooms = Room.objects.visible_to(member).filter(pk=OuterRef("room"))
        if rooms.query.is_empty():
            return self.none()
        late = RoomPerson.objects.filter(
            room=OuterRef("room"), member=member, from_seq__gte=OuterRef("seq")
        )
        here = self.filter(
            Q(Exists(rooms)) & (~Q(room__kind=Room.Kind.DIRECT) | ~Q(Exists(late))), hidden_at=None
        )
        return here.apart_from(member)

    def apart_from(self, member: Any) -> MessageQuerySet:
        """Without those by people the member keeps apart from: part of ``visible_to``, for who
        has the room already."""
        if not member.kept_apart_ids:
            return self
        apart = Q(author__in=member.kept_apart_ids) | Q(reply_to__author__in=member.kept_apart_ids)
        return self.exclude(apart & ~Q(room__space__in=member.led_ids))

    def lock(self, message: Message) -> Message:
        return locked(self.select_for_update(of=("self",), no_key=True), message.pk)


class Message(models.Model):
    """What somebody said in a room. Taken away, its row stays without its words, so that numbers
    have no gaps and readers see that something was there."""

    MOST_LETTERS = 4000

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    seq = models.BigIntegerField()
    """1, 2, 3, … in its room."""
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="messages"
    )
    client_id = models.UUIDField()
    text = models.TextField(max_length=MOST_LETTERS, blank=True)
    html = models.TextField(blank=True)
    renderer = models.PositiveSmallIntegerField(default=0)
    reply_to = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="replies"
    )
    thread = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    """The message that the whole exchange began with; None for what answers nothing."""
    reply_count = models.PositiveIntegerField(default=0)
    """How many are in the thread that begins here; changes under the room's lock."""
    topic = models.CharField(max_length=60, blank=True)
    is_forwarded = models.BooleanField(default=False)
    continues = models.BooleanField(default=False)
    """Said by the same person shortly after their last: shown without the name again."""
    reaction_counts = models.JSONField(default=dict, blank=True)
    """{"❤️": 3}; changes under the message's lock."""
    search = SearchVectorField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="message_number_once"),
            models.UniqueConstraint(fields=["author", "client_id"], name="message_sent_once"),
        ]
        indexes = [
            models.Index(fields=["author", "-created_at"], name="message_by_author"),
            models.Index(
                fields=["room", "topic", "seq"],
                condition=~Q(topic=""),
                name="message_of_topic",
            ),
            models.Index(
                fields=["thread", "seq"],
                condition=Q(thread__isnull=False),
                name="message_of_thread",
            ),
            GinIndex(fields=["search"], name="message_search"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}:{self.seq}"

    @property
    def is_said(self) -> bool:
        """Whether its words still stand."""
        return self.deleted_at is None and self.hidden_at is None

    @property
    def reactions(self) -> list[tuple[str, int]]:
        """[("❤️", 3), …], most first."""
        return sorted(self.reaction_counts.items(), key=lambda pair: (-pair[1], pair[0]))

    def get_absolute_url(self) -> str:
        return f"{address('room', self.room_id)}?at={self.seq}#m{self.seq}"


class MessageReaction(models.Model):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    emoji = models.CharField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "member", "emoji"], name="message_reaction_once"
            ),
        ]


class MessageMention(models.Model):
    """``message`` names ``member``, who may read it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="message_mentions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "member"], name="message_mention_once"),
        ]


class MessagePin(models.Model):
    """Kept at the top of its room."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="pin")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="pins")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)


class BringingQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> BringingQuerySet:
        """Those the member began or is asked about, of rooms they still read."""
        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        asked = BringingPart.objects.filter(bringing=OuterRef("pk"), member=member)
        rooms = Room.objects.visible_to(member).filter(pk=OuterRef("room"))
        return self.filter(Q(by=member) | Q(Exists(asked)), Exists(rooms))


class Bringing(models.Model):
    """An exchange that somebody would like to have in Talk, if those whose words it is say yes."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects = BringingQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        return address("bringing", self.pk)


class BringingPart(models.Model):
    """One message of it, and what its author says to that."""

    class Answer(models.TextChoices):
        NAMED = "named", _("Yes, with my name")
        UNNAMED = "unnamed", _("Yes, without my name")
        NO = "no", _("No")

    bringing = models.ForeignKey(Bringing, on_delete=models.CASCADE, related_name="parts")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bringing", "message"], name="brought_once"),
        ]
