"""Knows the devices to which notices are pushed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PushSubscription(models.Model):
    """One browser on one device that asked for notices, with the keys only it can read by."""

    MOST = 20
    """Devices of one person."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.URLField(max_length=1000, unique=True)
    key = models.CharField(max_length=100)
    """The browser's public key, an uncompressed point of P-256, in base64url."""
    secret = models.CharField(max_length=40)
    name = models.CharField(_("device"), max_length=80, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    reached_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    """In a row; one that never succeeds again goes."""

    class Meta:
        indexes = [models.Index(fields=["member", "-created_at"], name="push_of_member")]
