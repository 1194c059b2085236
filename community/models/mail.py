"""Knows the outbox: mail waits here as rows, so that no request ever waits for a mail server.

Beside it stands what is known of where mail goes: addresses that want or take none, domains that
ask for patience, and the mail that came back or came in.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxQuerySet(models.QuerySet):
    def waiting(self) -> OutboxQuerySet:
        """Neither sent nor given up."""
        return self.filter(sent_at=None, failed_at=None)

    def due(self) -> OutboxQuerySet:
        """What may leave now: what somebody waits for first, then as it became due."""
        rows = self.waiting().filter(next_try_at__lte=timezone.now())
        return rows.order_by("urgency", "next_try_at", "pk")


class Urgency(models.IntegerChoices):
    """Who waits for a mail. Only what is needed at once goes to addresses that take no other."""

    NOW = 0, _("needed at once: codes, security, law")
    SOON = 1, _("somebody wrote to somebody")
    BULK = 2, _("the same to many: digests, announcements")


class OutboxMail(models.Model):
    """One message to one address.

    While somebody is sending it, `next_try_at` stands a lease ahead: a sender that dies leaves a
    row that becomes due by itself.
    """

    to = models.EmailField(_("to"), max_length=320)
    domain = models.CharField(max_length=255, blank=True, editable=False)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.NOW)
    sender = models.CharField(_("from"), max_length=320)
    subject = models.CharField(_("subject"), max_length=998)
    body_text = models.TextField(_("text"), blank=True)
    body_html = models.TextField(_("HTML"), blank=True)
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    # [{"name", "type", "base64"}]
    attachments = models.JSONField(_("attachments"), default=list, blank=True)
    about = models.JSONField(default=dict, blank=True, editable=False)
    """Ids of what it tells of, asked again when it leaves: {"activities": […], …}."""
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When a worker last took it in hand: the pace of a domain is counted by it."""
    error = models.TextField(_("last error"), blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mail")
        indexes = [
            models.Index(
                fields=["urgency", "next_try_at"],
                name="outboxmail_due",
                condition=Q(sent_at=None, failed_at=None),
            ),
            models.Index(fields=["-created_at"], name="outboxmail_newest"),
            models.Index(
                fields=["taken_at", "domain"],
                name="outboxmail_pace",
                condition=Q(taken_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="a mail is either sent or given up",
                condition=Q(sent_at=None) | Q(failed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class MailDomain(models.Model):
    """A domain whose server asked for patience. The row goes when it takes mail again."""

    domain = models.CharField(max_length=255, primary_key=True)
    refused_in_row = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)


class MailTrouble(models.Model):
    """A mail that came back, or that somebody called unwanted."""

    class Kind(models.TextChoices):
        HARD = "hard", _("there is no such mailbox")
        SOFT = "soft", _("could not be delivered for now")
        COMPLAINT = "complaint", _("called unwanted by its reader")

    address = models.EmailField(max_length=320)
    kind = models.CharField(max_length=10, choices=Kind)
    detail = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["address", "-created_at"], name="mailtrouble_of_address")]


class SuppressionQuerySet(models.QuerySet):
    def in_force(self) -> SuppressionQuerySet:
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()))


class Suppression(models.Model):
    """An address that gets nothing but what is needed at once."""

    class Why(models.TextChoices):
        HARD = "hard", _("there is no such mailbox")
        SOFT = "soft", _("mail came back again and again")
        COMPLAINT = "complaint", _("its reader called our mail unwanted")

    address = models.EmailField(max_length=320, unique=True)
    """In lower case."""
    why = models.CharField(max_length=10, choices=Why)
    detail = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    """Empty: until somebody ends it."""

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="suppression_newest")]


class ReceivedMail(models.Model):
    """A mail that came in, so that it is read once. Of its words nothing is kept here."""

    class Outcome(models.TextChoices):
        POSTED = "posted", _("posted")
        REFUSED = "refused", _("refused, with an answer")
        DROPPED = "dropped", _("dropped: not for us, or written by a machine")
        RETURNED = "returned", _("one of ours that came back")

    digest = models.CharField(max_length=64, unique=True)
    """Of its Message-ID, or of all of it where it has none."""
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    why = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-created_at"], name="receivedmail_of_member"),
            models.Index(fields=["-created_at"], name="receivedmail_newest"),
        ]
