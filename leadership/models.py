"""People who welcome, the people they welcome, and what the two agreed on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from community.models import Membership, Space
from community.models.people import still_here

REACHED_WITHIN = timedelta(hours=48)
"""What is promised to a newcomer: a person gets in touch within this time."""


class Channel(models.TextChoices):
    """How two people were in touch."""

    MAIL = "mail", _("By e-mail")
    MESSAGE = "message", _("By message")
    PHONE = "phone", _("By phone")
    MET = "met", _("Face to face")


class WelcomerQuerySet(models.QuerySet):
    def on_duty(self, at: datetime | None = None) -> WelcomerQuerySet:
        """Those who said yes, are not away nor resting, and can open the site."""
        today = timezone.localdate(at or timezone.now())
        here = Q(away_until=None) | Q(away_until__lt=today)
        present = still_here("membership__member__")
        awake = Q(membership__resting_until=None)
        return self.filter(here, present, awake, accepted_at__isnull=False)


class Welcomer(models.Model):
    """A person of a space who welcomes newcomers there. Goes when they leave it."""

    membership = models.OneToOneField(
        Membership, on_delete=models.CASCADE, primary_key=True, related_name="welcomer"
    )
    languages = models.JSONField(default=list)
    """Codes of the languages they welcome in."""
    at_once = models.PositiveSmallIntegerField(_("how many people at once"), default=3)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    """The last day on which nobody new is given to them."""
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    """When they said yes; empty while a steward's question waits."""
    created_at = models.DateTimeField(default=timezone.now)

    objects = WelcomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(at_once__gte=1, at_once__lte=20), name="welcomes_one_to_twenty_at_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.member} welcomes in {self.membership.space}"

    @property
    def language_names(self) -> str:
        """Each language in its own words: English, español."""
        return ", ".join(get_language_info(code)["name_local"] for code in self.languages)

    @property
    def is_away(self) -> bool:
        return bool(self.away_until and self.away_until >= timezone.localdate())


class WelcomeQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> WelcomeQuerySet:
        """The newcomer, who welcomes them or was asked to, and the stewards of the space;
        while nobody has them, whoever welcomes in the space.

        The only statement of who may know of a welcome. Stewards of the whole community see
        those that nobody nearer holds: the ones in the space of the whole community.
        """
        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        asked = HandOver.objects.filter(welcome=models.OuterRef("pk"), to=member, answered_at=None)
        mine = Q(welcomer=member, space__in=list(member.rings)) | (
            Q(models.Exists(asked)) & Q(space__in=list(member.rings))
        )
        led = Q(space__in=member.led_ids)
        duty = Membership.objects.filter(
            space=models.OuterRef("space"), member=member, duties__contains=["welcome"]
        )
        free = Q(models.Exists(duty), welcomer=None, closed_at=None)
        theirs = (mine | led | free) & ~Q(member__in=member.kept_apart_ids)
        return self.filter(theirs | Q(member=member))

    def open(self) -> WelcomeQuerySet:
        return self.filter(closed_at=None)

    def overdue(self) -> WelcomeQuerySet:
        """Nobody reached the newcomer in the time that was promised."""
        return self.filter(
            state__in=Welcome.WAITING,
            closed_at=None,
            created_at__lt=timezone.now() - REACHED_WITHIN,
        )

    def lock(self, welcome: Welcome) -> Welcome:
        rows = self.select_for_update(of=("self",), no_key=True)
        return rows.select_related("space", "member", "welcomer").get(pk=welcome.pk)


class Welcome(models.Model):
    """A newcomer in somebody's hands: from the day they come until they know what they do here."""

    class State(models.TextChoices):
        UNASSIGNED = "unassigned", _("Nobody yet")
        ASSIGNED = "assigned", _("Not reached yet")
        REACHED = "reached", _("In touch")
        HELD = "conversation_held", _("You talked")
        PLUGGED_IN = "plugged_in", _("First step agreed")
        NOT_NOW = "not_now", _("Not now")
        UNREACHABLE = "unreachable", _("Not reached")

    WAITING = (State.UNASSIGNED, State.ASSIGNED)
    ENDS = (State.PLUGGED_IN, State.UNREACHABLE)

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="welcomes"
    )
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="welcomes")
    welcomer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="welcoming",
    )
    state = models.CharField(max_length=20, choices=State, default=State.UNASSIGNED)
    reach_by = models.CharField(_("how to reach you best"), max_length=200, blank=True)
    """The newcomer's own words, for the one who welcomes them."""
    not_now_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    """The clock runs from here, whoever holds it."""
    assigned_at = models.DateTimeField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)
    """When its stewards were told that the time ran out."""

    objects = WelcomeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(closed_at=None), name="one_open_welcome_each"
            ),
            models.CheckConstraint(
                condition=~Q(member=F("welcomer")) | Q(welcomer=None),
                name="nobody_welcomes_themselves",
            ),
            models.CheckConstraint(
                condition=Q(state="unassigned") | ~Q(assigned_at=None),
                name="welcome_passed_through_hands",
            ),
        ]
        indexes = [
            models.Index(
                fields=["welcomer", "state"], name="welcomer_queue", condition=Q(closed_at=None)
            ),
            models.Index(
                fields=["space", "created_at"], name="space_welcomes", condition=Q(closed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.space}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("leadership:welcome", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING and self.closed_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_waiting and timezone.now() - self.created_at > REACHED_WITHIN

    @property
    def hours(self) -> int:
        """Whole hours since the newcomer came."""
        return int((timezone.now() - self.created_at).total_seconds() // 3600)


class Contact(models.Model):
    """A try to be in touch, or that it worked: when and how, never what was said."""

    welcome = models.ForeignKey(Welcome, on_delete=models.CASCADE, related_name="contacts")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    channel = models.CharField(max_length=10, choices=Channel)
    answered = models.BooleanField(default=False)
    """True: both spoke. False: somebody tried."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]


class Conversation(models.Model):
    """The two talked. A line of it is kept only if the newcomer said yes, and they may read it."""

    class Consent(models.TextChoices):
        YES = "asked_yes", _("I asked, and they said yes")
        NOT_ASKED = "not_asked", _("I did not ask")
        NO = "asked_no", _("I asked, and they would rather not")

    welcome = models.ForeignKey(Welcome, on_delete=models.CASCADE, related_name="conversations")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    channel = models.CharField(max_length=10, choices=Channel)
    consent = models.CharField(max_length=10, choices=Consent)
    note = models.TextField(_("what matters to them"), max_length=1000, blank=True)
    held_at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    """When the newcomer took their yes back: the note went that moment."""

    class Meta:
        ordering = ["held_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(note="") | Q(consent="asked_yes"), name="no_note_without_consent"
            ),
            models.CheckConstraint(
                condition=Q(note="") | Q(taken_back_at=None), name="no_note_after_it_was_taken_back"
            ),
        ]


class HandOver(models.Model):
    """One welcomer asks another to take a newcomer over, and says why; the other answers."""

    welcome = models.ForeignKey(Welcome, on_delete=models.CASCADE, related_name="hand_overs")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("why"), max_length=300)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(default=False)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["welcome"], condition=Q(answered_at=None), name="one_hand_over_at_a_time"
            ),
        ]


class Refusal(models.Model):
    """A newcomer would rather be met by somebody else; no reason is asked for."""

    welcome = models.ForeignKey(Welcome, on_delete=models.CASCADE, related_name="refusals")
    welcomer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["welcome", "welcomer"], name="refused_once"),
        ]


class Commitment(models.Model):
    """A promise somebody made: what, by when, where it was made, and what became of it."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        MADE = "made", _("Agreed")
        CONFIRMED = "confirmed", _("Confirmed")
        KEPT = "kept", _("Kept")
        PARTLY_KEPT = "partly_kept", _("Partly kept")
        RELEASED = "released", _("Released")
        MISSED = "missed", _("Missed")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="commitments"
    )
    what = models.CharField(_("what"), max_length=200)
    due_on = models.DateField(_("by when"))
    welcome = models.ForeignKey(
        Welcome, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments"
    )
    """Where it was made."""
    witness = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=12, choices=State, default=State.MADE)
    kept_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["member", "state"], name="commitments_of_a_person")]

    def __str__(self) -> str:
        return self.what
