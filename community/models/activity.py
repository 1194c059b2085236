"""What happened, who was told of it, and what is not said yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from community.models.notices import Attention


class Activity(models.Model):
    """One thing that happened. Notices, mail, feed and live updates are readings of it.

    Written in the transaction of the change; ``data`` holds small values that word the sentence
    when the item is gone, never the text.
    """

    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    item = models.ForeignKey(
        "community.Item", null=True, on_delete=models.CASCADE, related_name="activities"
    )
    space = models.ForeignKey(
        "community.Space", null=True, on_delete=models.CASCADE, related_name="activities"
    )
    message = models.ForeignKey(
        "community.Message", null=True, on_delete=models.CASCADE, related_name="activities"
    )
    """What was said in a chat; what happens there is told to those who may read it."""
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)
    """When its notices were written; until then the clock comes back to it."""

    class Meta:
        verbose_name_plural = "activities"
        indexes = [
            models.Index(fields=["space", "-created_at"], name="activity_of_space"),
            models.Index(fields=["created_at"], name="activity_untold", condition=Q(told_at=None)),
        ]


class Untold(models.Model):
    """An activity of which telling people failed: how often, and when it is tried again."""

    activity = models.OneToOneField(
        Activity, on_delete=models.CASCADE, primary_key=True, related_name="untold"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    given_up_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=80, blank=True)
    """What kind of fault it was, without the words in it."""

    class Meta:
        verbose_name_plural = "untold"


class Notice(models.Model):
    """An activity, told to one member. Whether they may still see it is asked again on reading."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="notices")
    attention = models.CharField(max_length=12, choices=Attention, db_default=Attention.GROUPS)
    """What class it is of, to this member: an answer to a thread, or to oneself."""
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    """When it stood in a mail or a digest: it does so once."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "activity"], name="notice_once")]
        indexes = [
            models.Index(fields=["member", "-created_at", "-id"], name="notice_list"),
            models.Index(fields=["member"], condition=Q(read_at=None), name="notice_unread"),
        ]


class Draft(models.Model):
    """What somebody has begun to write, kept on the server."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    place = models.CharField(max_length=80)
    """Where it is being written: ``topic:<space>``, ``comment:<item>``, ``edit:<item>``."""
    data = models.JSONField(default=dict)
    """Field name → what was typed; media as a list of tokens."""
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "place"], name="draft_once")]
