"""Rules, reports and the cases they join, what was decided on them, and appeals against it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.locking import locked


class RuleQuerySet(models.QuerySet):
    def current(self) -> RuleQuerySet:
        """The rules that hold, in their order."""
        return self.filter(retired_at=None)


class Rule(models.Model):
    """One rule of the house, in plain words. What was decided by it keeps it: it retires, never
    goes."""

    title = models.CharField(_("rule"), max_length=80)
    text = models.CharField(_("what it means"), max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class CaseQuerySet(models.QuerySet):
    def open(self) -> CaseQuerySet:
        return self.filter(state__in=Case.OPEN)

    def for_moderator(self, member: Any) -> CaseQuerySet:
        """The cases the member may open: the only statement of it, and it is SQL.

        Moderators: all. Stewards: of things in spaces they lead, but not of people as such, and
        not those about a steward of the space. Never a party: whom it is about, who reported it,
        who keeps apart from one of them, and the stewards of a group that was reported.
        """
        from community.models.spaces import Membership, Ring

        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        apart = [member.pk, *member.kept_apart_ids]
        told = Report.objects.filter(case=models.OuterRef("pk"), reporter__in=apart)
        held = Membership.objects.filter(
            space=models.OuterRef("space"),
            space__kind="group",
            member=member,
            ring=Ring.STEWARD,
        )
        of_mine = Q(what="group") & Q(models.Exists(held))
        found = self.filter(~models.Exists(told), ~of_mine).exclude(person__in=apart)
        if member.staff_roles & {"moderator", "admin"}:
            return found
        their_peers = Membership.objects.filter(
            space=models.OuterRef("space"), member=models.OuterRef("person"), ring=Ring.STEWARD
        )
        return found.filter(
            ~models.Exists(their_peers),
            Q(item__isnull=False) | Q(message__isnull=False),
            space__in=member.led_ids,
        )

    def lock(self, case: Case) -> Case:
        return locked(self.select_for_update(no_key=True), case.pk)


class Case(models.Model):
    """One thing that was reported, by however many; what moderators see and decide."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        TAKEN = "taken", _("taken")
        DECIDED = "decided", _("decided")
        APPEALED = "appealed", _("appealed")
        CLOSED = "closed", _("closed")

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", _("hidden")
        KEPT = "kept", _("kept as it is")
        MEASURE = "measure", _("something was agreed with the person")

    OPEN = (State.NEW, State.TAKEN, State.APPEALED)
    EVIDENCE_KEPT = timedelta(days=365)
    """How long what was reported is kept after the case was decided."""

    item = models.ForeignKey(
        "community.Item", null=True, on_delete=models.SET_NULL, related_name="cases"
    )
    message = models.ForeignKey(
        "community.Message", null=True, on_delete=models.SET_NULL, related_name="cases"
    )
    """What was said in a chat. Of a conversation, moderators read this one message and no other."""
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="cases"
    )
    """Whom it is about: the author of the item, or the person reported."""
    space = models.ForeignKey(
        "community.Space", null=True, on_delete=models.SET_NULL, related_name="cases"
    )
    """Where the item is, or the group reported."""
    what = models.CharField(max_length=40)
    """The kind of the item as stored there, or "message", "person", or "group"."""
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(blank=True)
    """Why it was decided so, in words for those who reported it."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    stirred_at = models.DateTimeField(default=timezone.now)
    """When it was last reported, decided or appealed."""

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=("new", "taken", "appealed"), item__isnull=False),
                name="one_open_case_an_item",
            ),
            models.UniqueConstraint(
                fields=["message"],
                condition=Q(state__in=("new", "taken", "appealed"), message__isnull=False),
                name="one_open_case_a_message",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=("new", "taken", "appealed"), what="person"),
                name="one_open_case_a_person",
            ),
            models.UniqueConstraint(
                fields=["space"],
                condition=Q(state__in=("new", "taken", "appealed"), what="group"),
                name="one_open_case_a_group",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-stirred_at", "-id"], name="case_queue"),
            models.Index(fields=["space", "state", "-stirred_at"], name="case_of_space"),
            models.Index(fields=["person", "-created_at"], name="case_about"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in Case.OPEN


class Report(models.Model):
    """What one person said about a thing, with the thing as it was then."""

    class Wish(models.TextChoices):
        HIDE = "hide", _("Take it away")
        TALK = "talk", _("Talk to the person")
        PROTECT = "protect", _("Protect me or somebody else")
        KNOW = "know", _("Nothing now, I only want you to know")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="reports"
    )
    """Never shown to the person reported, nor to stewards."""
    rule = models.ForeignKey(Rule, null=True, on_delete=models.PROTECT, related_name="+")
    """Which rule; none: something else."""
    wish = models.CharField(max_length=10, choices=Wish, default=Wish.HIDE)
    words = models.TextField(max_length=2000, blank=True)
    medium = models.ForeignKey(
        "community.Media", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The picture it is about, if it is about a picture."""
    snapshot = models.JSONField(default=dict)
    """The thing as it was: {"title", "text", "author"}; empty once it is no longer kept."""
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "reporter"], name="report_once_a_case"),
        ]
        indexes = [models.Index(fields=["reporter", "-created_at", "-id"], name="report_mine")]


class CaseNote(models.Model):
    """What happened in a case, and what moderators tell each other there."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    what = models.CharField(max_length=20)
    """ "note", or what was done: "taken", "released", "hidden", "kept", …"""
    text = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["case", "created_at"], name="note_of_case")]


class MeasureQuerySet(models.QuerySet):
    def in_force(self, at: datetime | None = None) -> MeasureQuerySet:
        """Those that have their effect: begun, not over, not lifted."""
        at = at or timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), begins_at__lte=at, lifted_at=None)

    def waiting(self, at: datetime | None = None) -> MeasureQuerySet:
        """Those that wait for a second pair of eyes."""
        return self.filter(needs_second=True, seconded_at=None, lifted_at=None)

    def lock(self, measure: Measure) -> Measure:
        return locked(self.select_for_update(no_key=True), measure.pk)


class Measure(models.Model):
    """What was done about something: a thing hidden, a person warned, limited or suspended.

    One that weighs (``needs_second``) has its full effect only after somebody else said yes too.
    Until then it has none (``begins_at`` is empty), or, to protect, one of 72 hours at most:
    ``ends_at`` says when that is over, ``meant_until`` what it becomes with the second yes.
    """

    class Kind(models.TextChoices):
        HIDE = "hide", _("hidden")
        WARN = "warn", _("warned")
        LIMIT = "limit", _("limited")
        SUSPEND = "suspend", _("suspended")

    PROTECTIVE = timedelta(hours=72)
    APPEAL_WITHIN = timedelta(days=30)
    PROPOSED_FOR = timedelta(days=14)
    """So long somebody else may agree; then the proposal lapses."""

    kind = models.CharField(max_length=10, choices=Kind)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="measures")
    item = models.ForeignKey(
        "community.Item", null=True, on_delete=models.SET_NULL, related_name="measures"
    )
    message = models.ForeignKey(
        "community.Message", null=True, on_delete=models.SET_NULL, related_name="measures"
    )
    medium = models.ForeignKey(
        "community.Media", null=True, on_delete=models.SET_NULL, related_name="measures"
    )
    """The picture of a person or of a group that was taken away."""
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="measures"
    )
    """Whom it falls on: the author of what was hidden, the person warned, limited, suspended."""
    space = models.ForeignKey(
        "community.Space", null=True, on_delete=models.SET_NULL, related_name="measures"
    )
    """Where it holds, if not on the whole site: a steward acts in their own space only."""
    rule = models.ForeignKey(Rule, null=True, on_delete=models.PROTECT, related_name="measures")
    reason = models.TextField(max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_review = models.BooleanField(default=False)
    """Hidden only until somebody has looked closer."""
    needs_second = models.BooleanField(default=False)
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    seconded_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(default=timezone.now)
    """When it was decided as it holds: with the second yes, or after a review."""
    begins_at = models.DateTimeField(null=True, default=timezone.now)
    ends_at = models.DateTimeField(null=True)
    meant_until = models.DateTimeField(null=True)
    """With the second yes it holds until then; empty: without end."""
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    lift_reason = models.TextField(max_length=2000, blank=True)
    snapshot = models.JSONField(default=dict)
    """What was hidden, as it was: for its author and for the appeal."""
    data = models.JSONField(default=dict)
    """Small values a kind of measure needs: what is limited."""

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seconded_by=None) | ~Q(seconded_by=models.F("by")),
                name="measure_seconded_by_another",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(kind="hide", lifted_at=None, item__isnull=False),
                name="item_hidden_once",
            ),
            models.UniqueConstraint(
                fields=["message"],
                condition=Q(kind="hide", lifted_at=None, message__isnull=False),
                name="message_hidden_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["member", "kind"],
                condition=Q(lifted_at=None),
                name="measure_on_member",
            ),
            models.Index(fields=["created_at"], name="measure_by_time"),
            models.Index(
                fields=["ends_at"],
                condition=Q(lifted_at=None, ends_at__isnull=False),
                name="measure_ending",
            ),
        ]

    @property
    def waits(self) -> bool:
        """Waits for a second pair of eyes."""
        return self.needs_second and self.seconded_at is None and self.lifted_at is None

    @property
    def takes_answer(self) -> bool:
        """Whether the person may still tell their side: until somebody else said yes too; in a
        whole branch nobody was heard before, so there they may afterwards."""
        return self.lifted_at is None and (self.seconded_at is None or "branch" in self.data)

    @property
    def is_in_force(self) -> bool:
        now = timezone.now()
        return (
            self.lifted_at is None
            and self.begins_at is not None
            and self.begins_at <= now
            and (self.ends_at is None or self.ends_at > now)
        )

    @property
    def appeal_until(self) -> datetime:
        return self.decided_at + Measure.APPEAL_WITHIN

    @property
    def lapses_at(self) -> datetime:
        """Until when somebody else may agree."""
        return self.created_at + Measure.PROPOSED_FOR


class MeasureAppeal(models.Model):
    """Against a measure by the one it falls on, or against leaving a thing as it is by one who
    reported it; heard by somebody who had no part in it."""

    measure = models.OneToOneField(
        Measure, null=True, on_delete=models.CASCADE, related_name="appeal"
    )
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="appeals")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(_("what you want them to know"), max_length=4000)
    created_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True, max_length=4000)
    upheld = models.BooleanField(null=True)
    """True: the decision stands. False: it was changed. None: not answered yet."""
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "by"], condition=Q(measure=None), name="appeal_once_a_reporter"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(answered_at=None), name="appeal_waiting"
            )
        ]
