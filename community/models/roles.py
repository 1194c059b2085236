"""Staff roles: mandates over the whole site, given and taken by operations."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from community.models.people import Member


class StaffRole(models.Model):
    """A mandate over the whole site."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Administrator")
        MODERATOR = "moderator", _("Moderator")
        DATA_PROTECTION = "data_protection", _("Data protection lead")
        SAFEGUARDING = "safeguarding", _("Safeguarding lead")
        SAFEGUARDING_BYPASS = "safeguarding_bypass", _("Bypass person for safeguarding")

    member = models.ForeignKey(Member, on_delete=models.CASCADE)
    role = models.CharField(max_length=20, choices=Role)
    granted_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "role"], name="staff_role_held_once"),
        ]
