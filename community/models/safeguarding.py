"""Concerns for somebody's safety: who handles them, what was said, and what was done.

Kept apart from moderation, read by very few, and never registered in the admin.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.locking import locked


def _due() -> Any:
    return timezone.now() + Concern.ACKNOWLEDGE_WITHIN


class ConcernQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> ConcernQuerySet:
        """Those the member handles: the only statement of it, and it is SQL.

        By role and route; never one that is about them, came from them, is closed to them by name,
        or is about or from somebody with whom they keep apart.
        """
        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        routes = [route for route, role in Concern.HANDLED_BY.items() if role in member.staff_roles]
        if not routes:
            return self.none()
        party = ConcernParty.objects.filter(concern=OuterRef("pk"), member=member)
        found = self.filter(~Exists(party), route__in=routes)
        apart = [member.pk, *member.kept_apart_ids]
        return found.exclude(about__in=apart).exclude(reporter__in=apart)

    def lock(self, concern: Concern) -> Concern:
        return locked(self.select_for_update(no_key=True), concern.pk)


class Concern(models.Model):
    """One worry about somebody's safety, with a handler, a clock and a two-way conversation."""

    class Category(models.TextChoices):
        DANGER = "danger", _("Somebody is in danger now")
        DISCLOSURE = "disclosure", _("Somebody told me that they are being harmed")
        ADULT = "adult", _("The way an adult behaves towards a child or somebody at risk")
        WELFARE = "welfare", _("I worry about how somebody is doing")
        HARASSMENT = "harassment", _("Harassment or threats")
        LOW_LEVEL = "low_level", _("Something small that felt wrong")
        DATA = "data", _("Personal information came into the wrong hands")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        TRIAGED = "triaged", _("looked at")
        IMMEDIATE_ACTION = "immediate_action", _("immediate action")
        INVESTIGATING = "investigating", _("being looked into")
        OUTCOME = "outcome", _("outcome told")
        APPEAL = "appeal", _("being looked at again")
        CLOSED = "closed", _("closed")

    class Route(models.TextChoices):
        LEAD = "lead", _("the safeguarding leads")
        BYPASS = "bypass", _("the bypass person")
        ADMIN = "admin", _("an administrator who is not connected to it")

    HANDLED_BY = {
        Route.LEAD: "safeguarding",
        Route.BYPASS: "safeguarding_bypass",
        Route.ADMIN: "admin",
    }
    ACKNOWLEDGE_WITHIN = timedelta(hours=24)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """Not a number in a row: a gap would tell that there is one more."""
    category = models.CharField(max_length=12, choices=Category)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    about_words = models.CharField(max_length=200, blank=True)
    """Whom or what it is about, as the reporter put it."""
    item = models.ForeignKey("community.Item", null=True, on_delete=models.SET_NULL)
    snapshot = models.JSONField(default=dict)
    """What the item said when it was reported."""
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="concerns"
    )
    """Empty for somebody who wants to stay unknown: they come back with their code."""
    code_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=18, choices=State, default=State.RECEIVED)
    route = models.CharField(max_length=8, choices=Route, default=Route.LEAD)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    acknowledge_by = models.DateTimeField(default=_due)
    acknowledged_at = models.DateTimeField(null=True)
    referred_to = models.CharField(max_length=200, blank=True)
    """Somebody outside it was passed to: a service, the police, an authority."""
    referred_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    stirred_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["route", "state", "-stirred_at"], name="concern_queue")]

    @staticmethod
    def new_code() -> str:
        return secrets.token_urlsafe(24)

    @staticmethod
    def hash(code: str) -> str:
        return hashlib.sha256(code.strip().encode()).hexdigest()

    @property
    def is_late(self) -> bool:
        return self.acknowledged_at is None and self.acknowledge_by < timezone.now()


class ConcernParty(models.Model):
    """Somebody to whom the concern does not exist, whatever their role."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="parties")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "member"], name="concern_party_once"),
        ]


class ConcernEntry(models.Model):
    """What was said and done, in order; the only log of it, so that no other list tells of it."""

    class Kind(models.TextChoices):
        FROM_REPORTER = "from_reporter", _("from the person who reported it")
        TO_REPORTER = "to_reporter", _("to the person who reported it")
        NOTE = "note", _("note")
        STATE = "state", _("step")
        REFERRAL = "referral", _("passed on")

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=14, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Empty for the reporter, whoever they are."""
    text = models.TextField(max_length=4000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="from_reporter") | Q(by=None), name="reporter_is_not_named"
            ),
        ]
        indexes = [models.Index(fields=["concern", "created_at"], name="entry_of_concern")]
