"""Somebody lost their second factor and their codes: who asked, who spoke to them, how it ended."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class RecoveryQuerySet(models.QuerySet):
    def open(self) -> RecoveryQuerySet:
        return self.filter(closed_at=None, ends_at__gt=Now())

    def visible_to(self, member: Any) -> RecoveryQuerySet:
        """Open ones, for whoever may help: administrators, and stewards of a group of theirs.

        Never one's own, and never of somebody from whom a block keeps one apart.
        """
        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        others = self.open().exclude(member=member.pk)
        if "admin" in member.staff_roles:
            return others
        return others.exclude(member__in=member.kept_apart_ids).filter(
            Exists(shared_with(member.led_ids, OuterRef("member")))
        )

    def for_stop(self, token: str) -> RecoveryQuerySet:
        """The open one that a letter's link stops."""
        return self.open().filter(stop_hashes__contains=[Recovery.hash(token)])


def shared_with(led: list[int], person: Any) -> models.QuerySet:
    """Memberships of somebody who takes part in one of these places, while they are open."""
    from community.models.spaces import Membership, Ring

    return Membership.objects.filter(
        member=person, ring__gte=Ring.PARTICIPANT, space__in=led, space__closed_at=None
    )


class Recovery(models.Model):
    """Asked by somebody whose first factor is right; two people answer for it, and it waits.

    ``ready_at`` is set when the second of them has agreed: from then on the person takes the lock
    off themselves, until ``ends_at``. ``stop_hashes`` are of the links in their letters.
    """

    ASK_LASTS = timedelta(days=14)
    READY_LASTS = timedelta(days=7)
    PAUSE = timedelta(hours=24)
    """After one was stopped or refused, before the next can be asked for."""
    MOST_WRONG = 10
    SHORTEST_PROOF = 20
    """Letters of the written proof, at least."""

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped from the person’s mailbox or account")
        REFUSED = "refused", _("refused")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recoveries"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    stop_hashes = ArrayField(models.CharField(max_length=64), default=list)
    wrong = models.PositiveSmallIntegerField(default=0)
    """How often a code was given that the person did not read out."""

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "recoveries"
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(closed_at=None), name="one_open_recovery_each"
            ),
        ]

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(24)

    @staticmethod
    def hash(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def spoken(self) -> str:
        """Six digits that the person reads out to whoever speaks to them; kept nowhere."""
        made = salted_hmac(
            "community.recovery.spoken",
            f"{self.pk}:{self.asked_at.isoformat()}",
            algorithm="sha256",
        )
        return f"{int.from_bytes(made.digest()[:8], 'big') % 1_000_000:06d}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.ends_at > timezone.now()

    @property
    def is_ready(self) -> bool:
        return self.is_open and self.ready_at is not None and self.ready_at <= timezone.now()


class RecoveryYes(models.Model):
    """One of the two who spoke to the person, and how they knew that it was them."""

    class How(models.TextChoices):
        MET = "met", _("We met")
        VIDEO = "video", _("We saw each other on a video call")
        PHONE = "phone", _("I called a number that I knew before")

    class Role(models.TextChoices):
        ADMIN = "admin", _("administrator")
        STEWARD = "steward", _("steward of a group of theirs")

    recovery = models.ForeignKey(Recovery, on_delete=models.CASCADE, related_name="yeses")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="recoveries_helped",
    )
    role = models.CharField(max_length=8, choices=Role)
    how = models.CharField(_("how did you speak?"), max_length=8, choices=How)
    proof = models.TextField(_("how do you know that it was them?"), max_length=500)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recovery", "by"], name="one_yes_each_for_a_recovery"),
        ]
        verbose_name_plural = "recovery yeses"
