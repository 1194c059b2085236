"""The audit log: what people with special power did, to whom and why. Written once, never changed.

PostgreSQL keeps it that way (community/database.py): it refuses to change, delete or empty, and
chains each entry to the one before it when the transaction ends.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.timezone import now


class AuditQuerySet(models.QuerySet):
    def visible_to(self, viewer: Any) -> AuditQuerySet:
        """Entries the viewer may read: the only statement of who reads the audit log.

        Administrators and the data protection lead read all, but of safeguarding cases only
        those who handle them; a steward what was done in their groups, as far as the person it
        was about may read it; everybody what they did and what the log tells them of themselves.
        """
        from community import audit

        if viewer is None or not viewer.is_authenticated or not viewer.is_active:
            return self.none()
        roles = viewer.staff_roles
        sealed = Q(action__startswith=audit.SAFEGUARDING)
        own = Q(by_id=viewer.pk) | audit.told_of(viewer)
        seen = own
        if roles & {"admin", "data_protection"}:
            seen |= ~sealed
        if "safeguarding" in roles:
            seen |= sealed
        if viewer.led_ids:
            seen |= Q(space_id__in=viewer.led_ids, action__in=audit.told()) & ~sealed
        # What must not be told yet is not read in the whole log either.
        return self.filter(own | (seen & ~Q(person_id=viewer.pk, action__in=audit.told_late())))


class AuditEntry(models.Model):
    """One act. It names people, items and spaces by their numbers, without keys: whoever is
    erased leaves a number that says nothing, and the chain holds."""

    at = models.DateTimeField(default=now, editable=False)
    action = models.CharField(max_length=60)
    by_id = models.BigIntegerField(null=True)
    """Nobody: the clock, or a command of the operator."""
    role = models.CharField(max_length=80, blank=True)
    """The staff roles of who acted, at that time."""
    person_id = models.BigIntegerField(null=True)
    item_id = models.BigIntegerField(null=True)
    space_id = models.BigIntegerField(null=True)
    reason = models.TextField(max_length=2000, blank=True)
    data = models.JSONField(default=dict)
    # Filled by PostgreSQL when the transaction ends.
    number = models.BigIntegerField(null=True, unique=True, editable=False)
    previous = models.CharField(max_length=64, blank=True, null=True, editable=False)
    digest = models.CharField(max_length=64, null=True, editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index("at", "id", name="audit_by_time"),
            models.Index("person_id", "at", name="audit_by_person"),
            models.Index("by_id", "at", name="audit_by_who_acted"),
            models.Index("action", "at", name="audit_by_action"),
            models.Index("space_id", "at", name="audit_by_space"),
        ]

    def __str__(self) -> str:
        return f"{self.action} ({self.number or '…'})"
