"""Doors that somebody opens for others: a link with a secret, for one person or for some."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.spaces import RINGS_OF_PEOPLE, Ring, Space


class InvitationQuerySet(models.QuerySet):
    def live(self) -> InvitationQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), uses__lt=F("max_uses"))

    def for_token(self, token: str) -> InvitationQuerySet:
        return self.filter(token_hash=Invitation.hash(token))


class Invitation(models.Model):
    """A door for one or more people: 192 random bits in the link, only their hash kept here."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE)
    ring = models.PositiveSmallIntegerField(choices=RINGS_OF_PEOPLE, default=Ring.PARTICIPANT)
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    note = models.CharField(_("a line from you"), max_length=300, blank=True)
    max_uses = models.PositiveIntegerField(default=1)
    uses = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(uses__lte=F("max_uses")), name="invitation_not_overused"
            ),
        ]

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(24)

    @staticmethod
    def hash(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def is_live(self) -> bool:
        return (
            self.revoked_at is None
            and self.expires_at > timezone.now()
            and self.uses < self.max_uses
        )


class InvitationUse(models.Model):
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="used_by")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "member"], name="invitation_used_once_each"
            ),
        ]
