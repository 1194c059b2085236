"""Workgroups, their charters, and the topics people talk about in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from community import readership
from community.addresses import address
from community.models import (
    Bookmark,
    Comment,
    Follow,
    Item,
    ItemQuerySet,
    Media,
    Prose,
    Reaction,
    ReadMark,
    Ring,
    Room,
    Space,
    Volume,
)
from community.models.locking import locked
from community.models.people import face


class GroupQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> GroupQuerySet:
        """Groups whose space the member may know of."""
        return self.filter(space__in=Space.objects.visible_to(member))

    def lock(self, group: Group) -> Group:
        """The group and its space, locked until the transaction ends."""
        rows = self.select_related("space").select_for_update(of=("self", "space"), no_key=True)
        return locked(rows, group.pk)


class Group(models.Model):
    """A workgroup: what its space does not say of it."""

    class Kind(models.TextChoices):
        LOCAL = "local", _("Local group")
        BRANCH = "branch", _("Branch or workplace")
        WORKING = "working", _("Working group")
        CIRCLE = "circle", _("Circle")
        CAMPAIGN = "campaign", _("Campaign team")
        LEADERS = "leaders", _("Leaders’ space")
        PRACTICE = "practice", _("Community of practice")
        AFFINITY = "affinity", _("Affinity group or caucus")
        ASSEMBLY = "assembly", _("Assembly")
        REGION = "region", _("Region")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        FORMING = "forming", _("Forming")
        ACTIVE = "active", _("Active")
        NEEDS_SUPPORT = "needs_support", _("Needs support")
        DORMANT = "dormant", _("Resting")
        ARCHIVED = "archived", _("Archived")

    space = models.OneToOneField(
        Space, on_delete=models.CASCADE, primary_key=True, related_name="group"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.LOCAL)
    parents = models.ManyToManyField(
        "self",
        through="Parentage",
        through_fields=("child", "parent"),
        symmetrical=False,
        related_name="branches",
        blank=True,
    )
    area = models.CharField(_("area"), max_length=80, blank=True)
    languages = models.JSONField(default=list, blank=True)
    """Language codes spoken in the group."""
    rhythm = models.CharField(_("when and where you meet"), max_length=160, blank=True)
    outside_link = models.URLField(
        _("Signal or other link"), blank=True, help_text=_("Only people of the group see it.")
    )
    state = models.CharField(max_length=14, choices=State, default=State.PROPOSED)
    state_changed_at = models.DateTimeField(default=timezone.now)
    state_reason = models.CharField(max_length=1000, blank=True)
    """Why it is in this state, in words for its people: of a refusal, of rest, of its end."""
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    first_meeting_at = models.DateField(null=True, blank=True)
    liaison = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Who keeps contact with the group for the organisation."""
    liaison_met_at = models.DateField(null=True, blank=True)
    welcomer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    safety_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = GroupQuerySet.as_manager()

    STEWARDS_WANTED = 2
    PARTICIPANTS_WANTED = 5

    class Meta:
        indexes = [models.Index(fields=["state", "kind"], name="group_by_state")]

    def __str__(self) -> str:
        return self.space.name

    def get_absolute_url(self) -> str:
        return self.space.get_absolute_url()

    @property
    def name(self) -> str:
        return self.space.name

    @property
    def language_names(self) -> str:
        """Each language in its own words: English, español."""
        return ", ".join(_language_name(code) for code in self.languages)


def _language_name(code: str) -> str:
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return code


class Parentage(models.Model):
    """``child`` is a branch of ``parent``; several parents, never a cycle (see operations)."""

    parent = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="child_links")
    child = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="parent_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "child"], name="parentage_once"),
            models.CheckConstraint(condition=~Q(parent=F("child")), name="no_group_above_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} under {self.parent_id}"


class Charter(models.Model):
    """One version of what a group agreed with itself; the newest one holds."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="charters")
    version = models.PositiveSmallIntegerField()
    purpose = models.TextField(_("what we are here for"), max_length=2000)
    who_we_are = models.TextField(_("who we are"), max_length=2000, blank=True)
    norms = models.TextField(
        _("how we treat each other, and how we correct"), max_length=3000, blank=True
    )
    decision_default = models.CharField(_("how we decide"), max_length=300, blank=True)
    quorum_default = models.CharField(_("how many must be there"), max_length=160, blank=True)
    meeting_rhythm = models.CharField(_("when we meet"), max_length=160, blank=True)
    conflict_step = models.TextField(_("when we disagree badly"), max_length=2000, blank=True)
    html = models.JSONField(default=dict, editable=False)
    """Name of a text → what it was rendered to, by the renderer of this number."""
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)
    review_on = models.DateField(_("look at it again on"), null=True, blank=True)
    change_note = models.CharField(_("what changed"), max_length=200, blank=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    adopted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["group", "version"], name="charter_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}, version {self.version}"

    TEXTS = (
        "purpose",
        "who_we_are",
        "norms",
        "decision_default",
        "quorum_default",
        "meeting_rhythm",
        "conflict_step",
    )

    @property
    def sections(self) -> list[tuple[str, str]]:
        """[(heading, HTML), …] of what the group has something to say about, its purpose first."""
        return [
            (self._meta.get_field(name).verbose_name, self.html[name])
            for name in self.TEXTS
            if self.html.get(name)
        ]


class TopicQuerySet(ItemQuerySet):
    @staticmethod
    def answered() -> Exists:
        """What was chosen as the answer still stands."""
        stands = Comment.objects.filter(hidden_at=None, deleted_at=None)
        return Exists(stands.filter(pk=OuterRef("answer")))

    def for_list(self) -> TopicQuerySet:
        """With what a row of a list shows, and nothing else: making models of columns costs."""
        rows = self.annotate(is_answered=self.answered())
        return rows.select_related("author__avatar").only(
            "space",
            "title",
            "min_ring",
            "active_at",
            "comment_count",
            "template",
            "pinned_at",
            "closed_at",
            *face("author__"),
        )

    def for_cards(self) -> TopicQuerySet:
        """With all that a card shows, its pictures and files included; no further query."""
        media = Media.objects.filter(item=OuterRef("pk"), state=Media.State.READY)
        return (
            self.select_related("author__avatar", "space", "answer__author")
            .defer("text", "search", "answer__text", "answer__html", "answer__search")
            .annotate(
                is_answered=self.answered(),
                attached=ArraySubquery(
                    media.order_by("position", "pk").values(json=Media.AS_JSON)[:9]
                ),
            )
        )

    def for_page(self, member: Any) -> TopicQuerySet:
        """With all that its page shows, and what of it is the member's own: no further query."""
        rows = self.for_cards().annotate(
            followers=Subquery(
                Follow.objects.filter(item=OuterRef("pk"))
                .exclude(volume=Volume.MUTE)
                .order_by()
                .values("item")
                .annotate(n=Count("pk"))
                .values("n")
            ),
            origin=Subquery(TopicMove.objects.known_to(member).as_json()),
            room=Subquery(Room.objects.filter(item=OuterRef("pk")).values("pk")),
        )
        if member is None:
            return rows
        mine = {"item": OuterRef("pk"), "member": member}
        return rows.annotate(
            read_at=Subquery(ReadMark.objects.filter(**mine).values("read_at")),
            volume=Subquery(Follow.objects.filter(**mine).values("volume")),
            kept=Exists(Bookmark.objects.filter(**mine)),
            own=ArraySubquery(Reaction.objects.filter(**mine).values("emoji")),
        )


class Topic(Item, Prose):
    """Something said to a group, to be answered."""

    KIND = "groups.topic"
    MOST_PINNED = 5

    class Template(models.TextChoices):
        TALK = "talk", _("Talk")
        QUESTION = "question", _("Question")
        EXPERIENCE = "experience", _("Experience")
        DEBRIEF = "debrief", _("Debrief")

    template = models.CharField(
        _("what it is"), max_length=12, choices=Template, default=Template.TALK
    )
    pinned_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    answer = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers"
    )
    """The comment that answered a question, chosen by the asker or a steward."""

    objects = TopicQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["pinned_at"], name="topic_pinned", condition=Q(pinned_at__isnull=False)
            ),
        ]

    def get_absolute_url(self) -> str:
        return address("groups:topic", self.pk)

    @property
    def ring_words(self) -> str:
        """Who reads it, if not the usual ones."""
        return readership.unusual_reader_words(self.space, self.min_ring)

    @property
    def reader_words(self) -> str:
        """Who reads it."""
        return readership.reader_words(self.space, self.min_ring)

    @property
    def is_question(self) -> bool:
        return self.template == Topic.Template.QUESTION

    @property
    def icon(self) -> str:
        return TOPIC_ICONS.get(self.template, "message-square")

    @cached_property
    def pictures(self) -> list[Media]:
        """Of a topic loaded for a card: its first pictures."""
        return [medium for medium in self._attached if medium.is_image]

    @property
    def pictures_apart(self) -> list[Media]:
        """Its pictures, less those that stand within the words."""
        return [medium for medium in self.pictures if medium.token not in self.html]

    @cached_property
    def files(self) -> list[Media]:
        return [medium for medium in self._attached if not medium.is_image]

    @cached_property
    def _attached(self) -> list[Media]:
        return [Media(**found) for found in getattr(self, "attached", ())]


class TopicMoveQuerySet(models.QuerySet):
    def known_to(self, member: Any) -> TopicMoveQuerySet:
        """Moves of a topic (``OuterRef``) from where the member may know of, newest first."""
        known = Space.objects.visible_to(member).filter(pk=OuterRef("from_space"))
        rows = self.filter(Exists(known), item=OuterRef("pk"), undone_at=None)
        return rows.annotate(
            readable=Exists(Item.objects.visible_to(member).filter(pk=OuterRef("from_item")))
        ).order_by("-created_at", "-pk")

    def as_json(self) -> models.QuerySet:
        """{"kind", "name" of the group, "topic" it was split off from if that is readable}."""
        source = Case(When(readable=True, then=F("from_item")))
        told = JSONObject(kind="kind", name="from_space__name", topic=source)
        return self.values(json=told)[:1]


class TopicMove(models.Model):
    """Where a topic was before it was moved, split off or merged; said only to who may know."""

    class Kind(models.TextChoices):
        MOVED = "moved", _("moved")
        SPLIT = "split", _("split off")
        MERGED = "merged", _("merged")

    UNDO_WITHIN = timedelta(days=7)
    """How long a split or a merge can be undone; a move, until the topic moves again."""

    kind = models.CharField(max_length=8, choices=Kind)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="moves")
    """What moved: a topic, or what was one and became an answer."""
    from_space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+")
    from_item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="+")
    """The topic it was split off from, or went into."""
    ring_before = models.PositiveSmallIntegerField(choices=Ring)
    was_pinned = models.BooleanField(default=False)
    data = models.JSONField(default=dict)
    """Numbers by which a split or a merge is undone: what replied to what, what went along."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = TopicMoveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["item", "-created_at"], name="move_of_item")]


TOPIC_ICONS = {
    Topic.Template.TALK: "message-square",
    Topic.Template.QUESTION: "circle-question-mark",
    Topic.Template.EXPERIENCE: "sparkles",
    Topic.Template.DEBRIEF: "clipboard-list",
}
