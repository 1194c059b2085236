"""Announcements: what stewards and staff say to many, how it is planned, and whom it reached."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.addresses import address
from community.models.items import (
    Bookmark,
    Follow,
    Item,
    ItemQuerySet,
    Prose,
    Reaction,
    ReadMark,
)
from community.models.locking import locked
from community.models.spaces import Ring, Space


class AnnouncementQuerySet(ItemQuerySet):
    def for_cards(self) -> AnnouncementQuerySet:
        """With all that a card shows; no further query."""
        words = AnnouncementWords.objects.filter(announcement=OuterRef("pk"))
        said = words.values(json=JSONObject(language="language", title="title", html="html"))
        return (
            self.select_related("author__avatar", "space")
            .defer("text", "search")
            .annotate(in_languages=ArraySubquery(said))
        )

    def for_page(self, member: Any) -> AnnouncementQuerySet:
        rows = self.for_cards()
        if member is None:
            return rows
        mine = {"item": OuterRef("pk"), "member": member}
        return rows.annotate(
            read_at=Subquery(ReadMark.objects.filter(**mine).values("read_at")),
            volume=Subquery(Follow.objects.filter(**mine).values("volume")),
            kept=Exists(Bookmark.objects.filter(**mine)),
            own=ArraySubquery(Reaction.objects.filter(**mine).values("emoji")),
        )


class Announcement(Item, Prose):
    """What people read: in the language of its author, and others beside it."""

    KIND = "community.announcement"

    deadline_at = models.DateTimeField(null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        return address("announcement", self.pk)

    def said_in(self, language: str | None) -> tuple[str, str, str]:
        """Language, title and HTML for readers of a language; the author's where there is none.

        Of one loaded ``for_cards``; else it asks the database.
        """
        rows = getattr(self, "in_languages", None)
        if rows is None:
            rows = self.words.values("language", "title", "html")
        for row in rows:
            if row["language"] == language:
                return row["language"], row["title"], row["html"]
        return self.lang, self.title, self.html

    @property
    def here(self) -> tuple[str, str, str]:
        """As this page's reader reads it."""
        return self.said_in(get_language())


class AnnouncementWords(models.Model):
    """The same in another language."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=160)
    text = models.TextField(max_length=20_000)
    html = models.TextField(blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "language"], name="announcement_words_once"
            ),
        ]


class AnnouncementPlanQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> AnnouncementPlanQuerySet:
        """Plans of the spaces somebody speaks for: the only statement of who learns of one."""
        from community.policies import steers_community

        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        mine = Q(space__in=member.led_ids)
        if steers_community(member):
            mine |= Q(space__kind=Space.ROOT)
        return self.filter(mine)

    def lock(self, plan: AnnouncementPlan) -> AnnouncementPlan:
        rows = self.select_related("space", "author", "announcement")
        return locked(rows.select_for_update(of=("self",), no_key=True), plan.pk)


class AnnouncementPlan(models.Model):
    """An announcement before and while it goes out: its words, whom it is for, and when.

    What people read is made of it when it begins; until then nothing of it is an item.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        SCHEDULED = "scheduled", _("waits for its time")
        SENDING = "sending", _("on its way")
        SENT = "sent", _("sent")
        STOPPED = "stopped", _("stopped")

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="announcement_plans")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    words = models.JSONField(default=dict)
    """{"en": {"title", "text"}, …}: at least in ``language``."""
    language = models.CharField(max_length=10)
    min_ring = models.PositiveSmallIntegerField(choices=Ring, default=Ring.FOLLOWER)
    """From which ring of the space it is read."""
    to_spaces = models.ManyToManyField(Space, blank=True, related_name="+")
    """Of the whole community: whose people are asked; none: everybody's."""
    to_rings = models.JSONField(default=list, blank=True)
    to_languages = models.JSONField(default=list, blank=True)
    to_areas = models.JSONField(default=list, blank=True)
    about = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Whoever has taken part there is not asked."""
    deadline_at = models.DateTimeField(null=True, blank=True)
    nearness = models.PositiveSmallIntegerField(default=3)
    """How close the sender is: 1 one's own group, 2 a region, 3 the organisation."""
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    send_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    announcement = models.OneToOneField(
        Announcement, null=True, blank=True, on_delete=models.SET_NULL, related_name="plan"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = AnnouncementPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(send_at__isnull=False),
                name="a scheduled announcement has a time",
            ),
        ]
        indexes = [
            models.Index(
                F("deadline_at").asc(nulls_last=True),
                F("nearness").asc(),
                F("began_at").asc(),
                name="announcement_on_its_way",
                condition=Q(state="sending"),
            ),
            models.Index(
                fields=["send_at"], name="announcement_due", condition=Q(state="scheduled")
            ),
            models.Index(fields=["space", "-changed_at", "-id"], name="announcement_plans"),
        ]

    @property
    def title(self) -> str:
        return self.words.get(self.language, {}).get("title", "")

    @property
    def is_open(self) -> bool:
        """Whether its words and whom it is for may still change."""
        return self.state in (self.State.DRAFT, self.State.SCHEDULED)

    def get_absolute_url(self) -> str:
        return address("announcement_plan", self.pk)


class Reach(models.Model):
    """One person who is asked by an announcement: now, later, or no more."""

    class Dropped(models.TextChoices):
        ACTED = "acted", _("has taken part already")
        GONE = "gone", _("does not read it any more")
        LATE = "late", _("its date was over first")
        STOPPED = "stopped", _("it was stopped")

    plan = models.ForeignKey(AnnouncementPlan, on_delete=models.CASCADE, related_name="reaches")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=8, choices=Dropped, blank=True)

    class Meta:
        verbose_name_plural = "reaches"
        constraints = [
            models.UniqueConstraint(fields=["plan", "member"], name="reached_once"),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(dropped_at=None), name="reached_or_dropped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["told_at", "member"],
                name="reach_budget",
                condition=Q(told_at__isnull=False),
            ),
            models.Index(
                fields=["plan", "member"],
                name="reach_waiting",
                condition=Q(told_at=None, dropped_at=None),
            ),
        ]
