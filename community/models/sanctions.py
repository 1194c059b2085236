"""What keeps abuse small: hearings, what is held back, whole branches of invitations, lock-down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.moderation import Measure, Rule


class Hearing(models.Model):
    """The other side of a measure against a person: what they were told, read and answered."""

    ANSWER_WITHIN = timedelta(days=3)

    measure = models.OneToOneField(
        Measure, on_delete=models.CASCADE, primary_key=True, related_name="hearing"
    )
    answer_until = models.DateTimeField(null=True, blank=True)
    """A suspension that does not protect anybody takes effect after that, or after the answer."""
    answer = models.TextField(_("your side"), max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    """When the person said that they read it."""
    end_told_at = models.DateTimeField(null=True, blank=True)

    @property
    def is_heard(self) -> bool:
        """They answered, or had their time to."""
        return bool(
            self.answered_at or self.answer_until is None or self.answer_until <= timezone.now()
        )


class BranchQuerySet(models.QuerySet):
    def for_moderator(self, member: Any) -> BranchQuerySet:
        """The proposals the member may read and decide: nobody does so about themselves."""
        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        if not member.staff_roles & {"moderator", "admin"}:
            return self.none()
        return self.exclude(person=member)


class Branch(models.Model):
    """One measure for somebody and for all who came by their invitations, and by theirs."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="branches"
    )
    kind = models.CharField(max_length=10, choices=Measure.Kind)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=2000)
    hours = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True, blank=True)
    reached = models.PositiveIntegerField(default=0)
    """How many people it fell on."""

    objects = BranchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(decided_at=None), name="one_open_branch_a_person"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("by")) | Q(agreed=False),
                name="branch_agreed_by_another",
            ),
        ]

    @property
    def lapses_at(self) -> datetime:
        """Until when somebody else may agree."""
        return self.created_at + Measure.PROPOSED_FOR


class HeldQuerySet(models.QuerySet):
    def waiting(self) -> HeldQuerySet:
        return self.filter(decided_at=None)

    def for_decision(self, member: Any) -> HeldQuerySet:
        """Those the member may read and decide: the only statement of it, and it is SQL.

        Stewards, of what waits in their spaces. Moderators, of what waits where every member of
        the community reads, or where they belong. Nobody decides about themselves, or about
        somebody they keep apart from.
        """
        from community.models.spaces import Openness, Ring

        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        may = Q(item__space__in=member.led_ids)
        if member.staff_roles & {"moderator", "admin"}:
            may |= Q(
                item__space__openness__in=(Openness.PUBLIC, Openness.OPEN),
                item__space__listed_at__isnull=False,
                item__min_ring__lte=Ring.PARTICIPANT,
            )
            for space, ring in member.rings.items():
                may |= Q(item__space=space, item__min_ring__lte=ring)
        parties = [member.pk, *member.kept_apart_ids]
        return self.filter(may, item__deleted_at=None).exclude(item__author__in=parties)


class Held(models.Model):
    """A post that waits: stored and hidden, until somebody who looks after the place has read it.

    It is told to nobody before; ``verb`` and ``data`` are what is told when it is let through.
    """

    class Cause(models.TextChoices):
        LINKS = "links", _("many links from a new account")
        BURST = "burst", _("links in many posts at once")
        REPEATED = "repeated", _("the same words in several places")
        LOCKED = "locked", _("the site is locked down")

    item = models.OneToOneField(
        "community.Item", on_delete=models.CASCADE, primary_key=True, related_name="held"
    )
    cause = models.CharField(max_length=10, choices=Cause)
    verb = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    let_through = models.BooleanField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    """Why it was not let through: its author reads it."""

    objects = HeldQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(decided_at=None), name="held_waiting"),
        ]


class Fingerprint(models.Model):
    """What was posted in the last hours, as a digest of its plain words: to notice repetition."""

    KEPT = timedelta(hours=24)

    digest = models.CharField(max_length=64)
    item = models.ForeignKey("community.Item", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    links = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["digest", "created_at"], name="fingerprint_by_digest"),
            models.Index(fields=["author", "created_at"], name="fingerprint_by_author"),
        ]


class LockDown(models.Model):
    """A time in which the doors of the site are shut; the row without an end holds."""

    reason = models.CharField(_("why"), max_length=300)
    """Everybody reads it in the banner."""
    holds_days = models.PositiveSmallIntegerField(default=7)
    """What members of fewer days post waits for a steward; 0: nothing waits."""
    closes_public = models.BooleanField(default=False)
    """Visitors see the door only."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    began_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lifted_at"],
                condition=Q(lifted_at=None),
                nulls_distinct=False,
                name="one_lock_down_at_a_time",
            ),
        ]
