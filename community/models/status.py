"""Where somebody stands as a member of the organisation by its rule book, and how they got there.

This is about votes and dues. What somebody may do on the site follows from rings and roles; no
page and no policy asks here.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    NONE = "none", _("Not a member")
    APPLICANT = "applicant", _("Applied")
    MEMBER = "member", _("Member")
    GRACE = "grace", _("Member, dues are late")
    LAPSED = "lapsed", _("Lapsed")
    SUSPENDED = "suspended", _("Suspended")
    RESIGNED = "resigned", _("Resigned")
    EXPELLED = "expelled", _("Expelled")
    DECEASED = "deceased", _("Died")


class MembershipStatus(models.Model):
    """The status somebody has now; who has no row has none. Changes only with its event."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="membership_status",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.NONE)
    since = models.DateField()
    member_since = models.DateField(null=True, blank=True)
    """Since when they are a member without a break: rolls ask for it."""

    class Meta:
        indexes = [models.Index(fields=["status", "since"], name="people_by_status")]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_status_display()}"


class StatusEvent(models.Model):
    """One move, by the rule book: what, why, by which rule, since when, and by whom."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="status_events"
    )
    before = models.CharField(max_length=10, choices=Status)
    after = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(_("reason"), max_length=500)
    rule = models.CharField(_("by which rule"), max_length=120, blank=True)
    on = models.DateField(_("since"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(after=F("before")), name="status_event_moves"),
            models.CheckConstraint(condition=~Q(reason=""), name="status_event_says_why"),
        ]
        indexes = [models.Index(fields=["member", "-created_at"], name="status_history")]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_before_display()} → {self.get_after_display()}"
