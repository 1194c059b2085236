"""Lists of people that somebody takes out of the site: what for, who agreed, who is made up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PeopleListQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> PeopleListQuerySet:
        """One's own, and all of them for administrators and the data protection lead."""
        from community import lists

        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        return self if lists.guards(member) else self.filter(by=member.pk)

    def ready(self) -> PeopleListQuerySet:
        agreed = Q(with_email=False) | Q(agreed_at__isnull=False)
        return self.filter(agreed, refused_at=None, expires_at__gt=Now())

    def taken_of(self, member: Any) -> PeopleListQuerySet:
        """Lists that were taken out while the member stood on them."""
        from community.models.spaces import Membership

        there = Membership.objects.filter(
            member=member.pk, space=OuterRef("space"), joined_at__lt=OuterRef("fetched_at")
        )
        return self.filter(Exists(there), fetched_at__isnull=False)


class PeopleList(models.Model):
    """One list, asked for with a purpose. Never kept as a file: it is written when it is fetched.

    In every list stands one person who does not exist. If a copy turns up elsewhere, the made-up
    name or address says which list it was, and who took it.
    """

    LASTS = timedelta(hours=24)
    MOST_ROWS = 5000
    MOST_A_DAY = 5
    SHORTEST_PURPOSE = 20

    space = models.ForeignKey(
        "community.Space", on_delete=models.CASCADE, related_name="people_lists"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="people_lists"
    )
    purpose = models.CharField(_("what is it for?"), max_length=500)
    with_email = models.BooleanField(_("with e-mail addresses"), default=False)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(null=True, blank=True)
    seed_name = models.CharField(max_length=80)
    seed_address = models.CharField(max_length=120)

    objects = PeopleListQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="people_lists_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=models.F("by")),
                name="nobody_agrees_to_their_own_list",
            ),
        ]

    @property
    def waits(self) -> bool:
        """For a second person."""
        return self.with_email and not (self.agreed_at or self.refused_at or self.is_over)

    @property
    def is_over(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_ready(self) -> bool:
        return not (self.waits or self.refused_at or self.is_over)
