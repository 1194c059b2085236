"""What somebody wants to hear and by which way, and what is still to be brought to them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HOURS = [MaxValueValidator(23)]


class Attention(models.TextChoices):
    """The classes of notices: how much of a person's attention something may ask for."""

    PERSON = "person", _("A person waits for you")
    PROMISE = "promise", _("A promise of yours")
    RIGHT = "right", _("A right of yours")
    GROUPS = "groups", _("What you follow")
    ORGANISATION = "organisation", _("The organisation asks")
    SECURITY = "security", _("Safety and law")


class Channel(models.TextChoices):
    """The ways to somebody."""

    APP = "app", _("On the site")
    MAIL = "mail", _("By e-mail")
    PUSH = "push", _("On your device")


class When(models.TextChoices):
    """How soon a channel speaks. The digest is a mail that gathers."""

    NOW = "now", _("At once")
    LATER = "later", _("If you have not seen it after 6 hours")
    DIGEST = "digest", _("In the digest")
    NEVER = "never", _("Never")


class Preset(models.TextChoices):
    CALM = "calm", _("Calm")
    BALANCED = "balanced", _("Balanced")
    EVERYTHING = "everything", _("Everything")


class NoticeSettings(models.Model):
    """How a person wants to be told. Who has no row yet is told as the defaults say."""

    class Digest(models.TextChoices):
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Once a week")
        NEVER = "never", _("Never")

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notice_settings",
    )
    preset = models.CharField(max_length=12, choices=Preset, default=Preset.BALANCED)
    digest = models.CharField(_("how often"), max_length=8, choices=Digest, default=Digest.DAILY)
    digest_hour = models.PositiveSmallIntegerField(_("at"), default=17, validators=HOURS)
    """In the person's own time zone, as all hours here."""
    digest_day = models.PositiveSmallIntegerField(
        _("on"), default=6, validators=[MaxValueValidator(6)]
    )
    """Of the weekly one; 0 is Monday."""
    next_digest_at = models.DateTimeField(null=True, blank=True)
    """Empty: to be worked out, by the clock."""
    digested_to = models.DateTimeField(null=True, blank=True)
    """Up to when the last digest looked for what is new in groups."""
    quiet_from = models.PositiveSmallIntegerField(
        _("from"), null=True, blank=True, default=22, validators=HOURS
    )
    quiet_to = models.PositiveSmallIntegerField(
        _("to"), null=True, blank=True, default=7, validators=HOURS
    )
    discreet = models.BooleanField(_("discreet"), default=False)
    """Mail and push say neither who sends nor what it is about."""
    push_shows_content = models.BooleanField(default=False)
    resting_until = models.DateField(_("rest until"), null=True, blank=True)
    """Until then they are called for nothing but rights and safety."""

    class Meta:
        verbose_name_plural = "notice settings"
        indexes = [
            models.Index(
                fields=["next_digest_at"], name="digest_due", condition=~Q(digest="never")
            ),
        ]


class NoticePreference(models.Model):
    """Where somebody departs from their preset: one class of notices, one channel."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    attention = models.CharField(max_length=12, choices=Attention)
    channel = models.CharField(max_length=8, choices=Channel)
    value = models.CharField(max_length=8, choices=When)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "attention", "channel"], name="notice_preference_once"
            ),
        ]


class DeliveryQuerySet(models.QuerySet):
    def waiting(self) -> DeliveryQuerySet:
        """Neither sent nor dropped."""
        return self.filter(sent_at=None, dropped_at=None)

    def due(self) -> DeliveryQuerySet:
        return self.waiting().filter(due_at__lte=timezone.now()).order_by("due_at", "pk")


class Delivery(models.Model):
    """One activity on its way to one member by one channel; written together with the notice.

    While somebody is sending it, ``due_at`` stands a lease ahead: a sender that dies leaves a row
    that becomes due by itself. Whether it may still be said is asked when it is sent.
    """

    class Dropped(models.TextChoices):
        READ = "read", _("they had read it")
        GONE = "gone", _("they may not see it any more")
        UNWANTED = "unwanted", _("they do not want it any more")
        RESTING = "resting", _("they are resting")
        NOWHERE = "nowhere", _("there was nowhere to send it")
        FAILED = "failed", _("it could not be sent")

    activity = models.ForeignKey(
        "community.Activity", on_delete=models.CASCADE, related_name="deliveries"
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries"
    )
    channel = models.CharField(max_length=8, choices=Channel)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=10, choices=Dropped, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["activity", "member", "channel"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(dropped_at=None), name="delivery_sent_or_dropped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at"],
                name="delivery_due",
                condition=Q(sent_at=None, dropped_at=None),
            ),
            models.Index(fields=["member", "channel"], name="delivery_of_member"),
        ]
