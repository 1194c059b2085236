"""What people agree with when they take part: its versions, its words, and who accepted which."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Agreement(models.Model):
    """One paper: the code of conduct, the privacy notice, the terms, or a consent."""

    class Kind(models.TextChoices):
        CONDUCT = "conduct", _("Code of conduct")
        PRIVACY = "privacy", _("Privacy notice")
        TERMS = "terms", _("Terms")
        CONSENT = "consent", _("Consent, which can be taken back")

    slug = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(_("what it is"), max_length=10, choices=Kind)
    required = models.BooleanField(_("needed to write here"), default=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(required=False) | ~Q(kind="consent"), name="consent_is_never_required"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("agreement", args=[self.slug])

    @property
    def can_be_withdrawn(self) -> bool:
        return self.kind == Agreement.Kind.CONSENT


class AgreementVersionQuerySet(models.QuerySet):
    def published(self) -> AgreementVersionQuerySet:
        return self.filter(published_at__isnull=False)

    def in_force(self) -> AgreementVersionQuerySet:
        """The newest published version of every agreement that is not retired."""
        newest = (
            AgreementVersion.objects.published()
            .filter(agreement=OuterRef("agreement"))
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(newest), agreement__retired_at=None)

    def unanswered_by(self, member: Any) -> AgreementVersionQuerySet:
        """In force, and not accepted by the member in this version."""
        accepted = Acceptance.objects.filter(
            version=OuterRef("pk"), member=member, withdrawn_at=None
        )
        return self.in_force().filter(~Exists(accepted))


class AgreementVersion(models.Model):
    """One version; once published it never changes."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    changes = models.CharField(
        _("what changed, in one or two sentences"), max_length=400, blank=True
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    needed_from = models.DateField(_("needed for writing from"), null=True, blank=True)
    """From this day on, who has not accepted reads and does not write; empty: it never blocks."""
    created_at = models.DateTimeField(default=timezone.now)

    objects = AgreementVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_numbers"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(published_at=None), name="one_draft_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.number}"

    @property
    def words(self) -> AgreementText | None:
        """In the reader's language, else in the site's, else in any it has."""
        texts = {text.language: text for text in self.texts.all()}
        for language in (get_language() or "", settings.LANGUAGE_CODE):
            found = texts.get(language) or texts.get(language.partition("-")[0])
            if found:
                return found
        return next(iter(texts.values()), None)


class AgreementText(models.Model):
    """The words of a version in one language."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=60_000)

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "language"], name="agreement_once_in_each_language"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Acceptance(models.Model):
    """A member accepted a version; of a consent, until they take it back."""

    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="acceptances"
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="acceptances"
    )
    language = models.CharField(max_length=10)
    """In which language they read it."""
    accepted_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "member"],
                condition=Q(withdrawn_at=None),
                name="accepted_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.version}"
