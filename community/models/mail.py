"""Knows the outbox: mail waits here as rows, so that no request ever waits for a mail server."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxQuerySet(models.QuerySet):
    def waiting(self) -> OutboxQuerySet:
        """Neither sent nor given up."""
        return self.filter(sent_at=None, failed_at=None)

    def due(self) -> OutboxQuerySet:
        return self.waiting().filter(next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")


class OutboxMail(models.Model):
    """One message to one address.

    While somebody is sending it, `next_try_at` stands a lease ahead: a sender that dies leaves a
    row that becomes due by itself.
    """

    to = models.EmailField(_("to"), max_length=320)
    sender = models.CharField(_("from"), max_length=320)
    subject = models.CharField(_("subject"), max_length=998)
    body_text = models.TextField(_("text"), blank=True)
    body_html = models.TextField(_("HTML"), blank=True)
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    # [{"name", "type", "base64"}]
    attachments = models.JSONField(_("attachments"), default=list, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now)
    error = models.TextField(_("last error"), blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mail")
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="outboxmail_due",
                condition=Q(sent_at=None, failed_at=None),
            ),
            models.Index(fields=["-created_at"], name="outboxmail_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a mail is either sent or given up",
                condition=Q(sent_at=None) | Q(failed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
