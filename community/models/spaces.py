"""Places with people in them, and how people come in, move deeper and go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.addresses import address
from community.models.bare import Bare
from community.models.locking import locked
from community.models.people import still_here
from community.registry import registry


class Ring(models.IntegerChoices):
    """How deeply somebody belongs to a space."""

    WEB = 0, _("Anyone")
    FOLLOWER = 1, _("Follower")
    PARTICIPANT = 2, _("Takes part")
    CORE = 3, _("Core team")
    STEWARD = 4, _("Steward")


RINGS_OF_PEOPLE = [(ring.value, ring.label) for ring in Ring if ring > Ring.WEB]


class Openness(models.TextChoices):
    """Who learns of a space, and who reads it without belonging."""

    PUBLIC = "public", _("Public: what is marked public can be read on the web")
    OPEN = "open", _("Open: every member of the community can read along")
    CLOSED = "closed", _("Closed: listed, but only its people see what is inside")
    SECRET = "secret", _("Secret: for others it does not exist")


class Volume(models.TextChoices):
    """How much somebody wants to hear of a thing or of a place."""

    ALL = "all", _("Everything")
    DIGEST = "digest", _("In the digest, besides mentions and replies")
    MENTIONS = "mentions", _("Mentions and replies")
    MUTE = "mute", _("Nothing")


class SpaceQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> SpaceQuerySet:
        """Spaces whose existence the member may know of: the only statement of it."""
        if member is None or not member.is_authenticated or not member.is_present:
            return self.filter(openness=Openness.PUBLIC, listed_at__isnull=False)
        mine = Q(pk__in=list(member.rings))
        if not member.is_community_member:
            return self.filter(mine | Q(openness=Openness.PUBLIC, listed_at__isnull=False))
        return self.filter(mine | (~Q(openness=Openness.SECRET) & Q(listed_at__isnull=False)))

    def lock(self, space: Space) -> Space:
        return locked(self.select_for_update(no_key=True), space.pk)

    def root(self) -> Space:
        return self.get(kind=Space.ROOT)


class Space(models.Model):
    """A place with people in it: the whole community, a group, a course cohort."""

    ROOT = "community"
    GROUP = "group"

    class JoinPolicy(models.TextChoices):
        OPEN = "open", _("Anybody in the community can join")
        ASK = "ask", _("People ask, a steward answers")
        INVITE = "invite", _("By invitation only")
        VOUCHER = "voucher", _("By invitation, and two people vouch")

    kind = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    purpose = models.CharField(_("purpose, in one sentence"), max_length=280, blank=True)
    openness = models.CharField(
        _("who sees it"), max_length=10, choices=Openness, default=Openness.OPEN
    )
    join_policy = models.CharField(
        _("how people come in"), max_length=10, choices=JoinPolicy, default=JoinPolicy.OPEN
    )
    questions = models.JSONField(default=list, blank=True)
    """Questions put to those who ask to join: a list of strings, five at most."""
    invite_ring = models.PositiveSmallIntegerField(
        _("who may invite"), choices=RINGS_OF_PEOPLE, default=Ring.PARTICIPANT
    )
    first_volume = models.CharField(
        _("what newcomers hear at first"), max_length=10, choices=Volume, default=Volume.DIGEST
    )
    tabs_off = models.JSONField(default=list, blank=True)
    """Names of the tabs that the stewards switched off."""
    tabs_order = models.JSONField(default=list, blank=True)
    """Names of tabs in the order that the stewards chose; what is not named follows."""
    tab_words = models.JSONField(default=dict, blank=True)
    """{name of a tab: what the stewards call it}."""
    hue = models.PositiveSmallIntegerField(default=8, validators=[MaxValueValidator(17)])
    cover = models.ForeignKey(
        "community.Media", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    member_count = models.PositiveIntegerField(default=0)
    """Everybody who belongs, ring 1 and deeper; changes under the space's lock."""
    listed_at = models.DateTimeField(null=True, blank=True)
    """Since when others may know of it; empty while a group is only proposed."""
    closed_at = models.DateTimeField(null=True, blank=True)
    active_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="community"), name="one_community_a_site"
            ),
        ]
        indexes = [
            models.Index(fields=["openness", "name"], name="space_by_openness"),
            GinIndex(OpClass(Bare("name"), name="gin_trgm_ops"), name="space_by_name_alike"),
            GinIndex(OpClass(Bare("purpose"), name="gin_trgm_ops"), name="space_by_purpose"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_root(self) -> bool:
        return self.kind == Space.ROOT

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalnum()] or ["?"]
        second = words[1][0] if len(words) > 1 else words[0][1:2]
        return (words[0][0] + second).upper()

    def get_absolute_url(self) -> str:
        return "/" if self.is_root else self.page("home")

    @property
    def join_url(self) -> str:
        return self.page("join")

    @property
    def ask_url(self) -> str:
        return self.page("ask")

    def page(self, name: str) -> str:
        """The address of one of the pages that every space has: home, people, join, ask."""
        return address(getattr(registry.space_kinds[self.kind], name), self.slug)


class Membership(models.Model):
    """A member belongs to a space, in a ring. The row goes when they go; the log stays."""

    class Via(models.TextChoices):
        FOUNDED = "founded", _("started it")
        JOINED = "joined", _("joined")
        REQUEST = "request", _("asked to join")
        INVITATION = "invitation", _("was invited")

    Volume = Volume

    space = models.ForeignKey(Space, on_delete=models.CASCADE)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    ring = models.PositiveSmallIntegerField(
        choices=RINGS_OF_PEOPLE, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    joined_at = models.DateTimeField(default=timezone.now)
    joined_via = models.CharField(max_length=12, choices=Via, default=Via.JOINED)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    volume = models.CharField(max_length=10, choices=Volume, default=Volume.DIGEST)
    resting_until = models.DateField(null=True, blank=True)
    """The day on which the member is back; until then they hear nothing of the space."""
    volume_before = models.CharField(max_length=10, choices=Volume, blank=True)
    """How much they heard before they came to rest."""
    seen_at = models.DateTimeField(default=timezone.now)
    """When the member last looked at the space's talk: what is newer counts as unread."""
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    """The place in the member's own list of groups."""
    duties = models.JSONField(default=list, blank=True)
    """Names of what the member does for the others here, as apps name it: ``welcome``."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "member"], name="member_belongs_once"),
            models.CheckConstraint(condition=Q(ring__gte=1, ring__lte=4), name="ring_of_a_member"),
        ]
        indexes = [
            models.Index(fields=["member", "space"], include=["ring"], name="membership_reach"),
            models.Index(fields=["space", "-ring", "joined_at"], name="membership_by_ring"),
            models.Index(fields=["space", "-joined_at"], name="membership_newest"),
            models.Index(
                fields=["resting_until"],
                condition=Q(resting_until__isnull=False),
                name="membership_resting",
            ),
        ]


class MembershipEvent(models.Model):
    """The log of who came, moved and went; append only."""

    class What(models.TextChoices):
        JOINED = "joined", _("joined")
        LEFT = "left", _("left")
        REMOVED = "removed", _("was removed")
        MOVED = "moved", _("changed ring")
        DECLINED = "declined", _("was not let in")
        RESTORED = "restored", _("was let back in")

    space = models.ForeignKey(Space, on_delete=models.CASCADE)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership_events"
    )
    what = models.CharField(max_length=10, choices=What)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ring_before = models.PositiveSmallIntegerField(null=True, blank=True)
    ring_after = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["space", "-created_at"], name="membership_log")]


class Appeal(models.Model):
    """The removed person's answer, heard by the stewards of the whole community."""

    event = models.OneToOneField(MembershipEvent, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(_("what you want them to know"), max_length=4000)
    created_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True, max_length=4000)
    upheld = models.BooleanField(null=True, blank=True)
    """True: the removal stands. False: the person was let back in. None: not answered yet."""
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)


class Asked(models.TextChoices):
    """The states of something one person asked of another."""

    PENDING = "pending", _("waiting")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class JoinRequestQuerySet(models.QuerySet):
    def with_vouches(self) -> JoinRequestQuerySet:
        """Each with ``vouched``: how many vouch who still take part themselves.

        Who left or was sent away stands up for nobody.
        """
        here = Membership.objects.filter(
            space=OuterRef("space"), member=OuterRef("vouches__member"), ring__gte=Ring.PARTICIPANT
        )
        standing = Q(Exists(here)) & still_here("vouches__member__")
        return self.annotate(vouched=Count("vouches", filter=standing))


class JoinRequest(models.Model):
    """Somebody asks to belong; a steward answers."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    ring = models.PositiveSmallIntegerField(choices=RINGS_OF_PEOPLE, default=Ring.PARTICIPANT)
    answers = models.JSONField(default=list, blank=True)
    """[{"question": …, "answer": …}], as they were worded when asked."""
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=10, choices=Asked, default=Asked.PENDING)
    reason = models.TextField(blank=True, max_length=1000)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["space", "member"],
                condition=Q(state="pending"),
                name="one_open_request_each",
            ),
        ]
        indexes = [models.Index(fields=["space", "state", "created_at"], name="request_queue")]


class Vouch(models.Model):
    """A member of a guarded group stands up for somebody who wants in."""

    VOUCHES_NEEDED = 2

    request = models.ForeignKey(JoinRequest, on_delete=models.CASCADE, related_name="vouches")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "member"], name="vouch_once"),
        ]


class RingProposal(models.Model):
    """A move between rings that waits for a yes: a steward's offer, or the person's own ask."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ring_proposals"
    )
    ring = models.PositiveSmallIntegerField(choices=RINGS_OF_PEOPLE)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(_("a line from you"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=Asked, default=Asked.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["space", "member"],
                condition=Q(state="pending"),
                name="one_open_ring_proposal_each",
            ),
        ]

    @property
    def is_offer(self) -> bool:
        """True: a steward offers, the person answers. False: the person asks, a steward answers."""
        return self.proposed_by_id != self.member_id
