"""What people may ask of those who hold their data: a copy, to leave, to be erased; and holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.media import new_token


class Leaving(models.Model):
    """Somebody left: since when, what is to become of their words, and how far that has come.

    ``left_at`` is the moment access ended. ``cleared_at``: what goes at once is gone.
    ``erased_at``: nothing is left but an empty row that other rows point to.
    """

    class Words(models.TextChoices):
        STAY = "stay", _("They stay, as written by a former member")
        GO = "go", _("They go")

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )
    words = models.CharField(max_length=4, choices=Words, default=Words.STAY)
    left_at = models.DateTimeField(default=timezone.now)
    erase_at = models.DateTimeField()
    """When the rest goes; sooner if the person asks for it."""
    cleared_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["erase_at"], name="leaving_due", condition=Q(erased_at=None)),
        ]


class GuardedQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> GuardedQuerySet:
        """For those who guard data, and nobody else."""
        from community import rights

        return self if rights.guards_data(member) and member.is_active else self.none()


class LegalHoldQuerySet(GuardedQuerySet):
    def standing(self) -> LegalHoldQuerySet:
        return self.filter(lifted_at=None)


class LegalHold(models.Model):
    """While it stands, nothing about the person is deleted: a law or a case needs it."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="holds"
    )
    reason = models.TextField(max_length=1000)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    placed_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(lifted_at=None), name="one_standing_hold_each"
            ),
        ]


class RightsRequest(models.Model):
    """Somebody asks about their data; a person answers, within the time the law gives."""

    TIME = timedelta(days=30)

    class What(models.TextChoices):
        QUESTION = "question", _("I have a question")
        CORRECT = "correct", _("Something about me is wrong")
        OBJECT = "object", _("I object to a use of my data")
        ERASE = "erase", _("Erase everything about me now")

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rights_requests"
    )
    what = models.CharField(_("what is it about"), max_length=10, choices=What)
    text = models.TextField(_("in your words"), max_length=4000, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    answer = models.TextField(_("your answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="rights_request_queue")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} ({self.pk})"

    @property
    def is_open(self) -> bool:
        return self.state == RightsRequest.State.OPEN

    def is_late(self, now: datetime | None = None) -> bool:
        return self.is_open and self.due_at < (now or timezone.now())


class ExportQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> ExportQuerySet:
        """A copy of somebody's data is theirs alone."""
        if member is None or not member.is_authenticated or not member.is_active:
            return self.none()
        return self.filter(member=member, expires_at__gt=timezone.now())


class DataExport(models.Model):
    """A copy of everything held about a person, asked for by them: one file, for seven days.

    Its address is 192 random bits, and still nobody but the person opens it.
    """

    LASTS = timedelta(days=7)

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_exports"
    )
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "-asked_at"], name="data_export_of_member")]

    @property
    def stored_as(self) -> str:
        return f"exports/{self.token}/my-record.zip"


class Erased(models.Model):
    """Whoever left or was erased, so that a restored backup does not bring them back.

    Neither a name nor a number: a hash of the row's number and the moment it was made, which only
    somebody who holds the old database can recognise (``community.tombstones``).
    """

    mark = models.CharField(max_length=64, unique=True)
    what = models.CharField(max_length=12)
    """What had become of them: ``left:stay``, ``left:go``, ``erased``."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "erased"


class AskedToStay(models.Model):
    """Somebody was away for a year and was asked whether to keep their account."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )
    asked_at = models.DateTimeField(default=timezone.now)


def not_held(path: str = "pk") -> Any:
    """A condition for querysets: whoever ``path`` leads to is not held."""
    return ~Exists(LegalHold.objects.filter(member=OuterRef(path), lifted_at=None))
