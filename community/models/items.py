"""The spine: what people make is an ``Item``, and what hangs on it hangs by foreign keys."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.bare import Bare
from community.models.locking import locked
from community.models.spaces import Membership, Openness, Ring, Space, Volume

DELETED = "items.deleted"
"""Name of the verb that says who took an item away."""


class ItemQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> ItemQuerySet:
        """What the member may read: the only statement of it, and it is SQL.

        Works on ``Item`` and on every model that inherits from it. An item is readable

        * on the web, if it is ring 0 in a public space;
        * by any member of the community, up to ring 2 of a public or open space;
        * by members of its space, up to their own ring;

        unless it is deleted or hidden, or its author and the reader keep apart. Blocking a steward
        hides nothing from them in the space they lead: they answer for what is said there.
        """
        here = self.filter(deleted_at=None, hidden_at=None)
        on_the_web = Q(space__openness=Openness.PUBLIC, min_ring=Ring.WEB) & Q(
            space__listed_at__isnull=False
        )
        if member is None or not member.is_authenticated or not member.is_present:
            return here.filter(on_the_web)
        belongs = Exists(
            Membership.objects.filter(
                space=OuterRef("space"), member=member, ring__gte=OuterRef("min_ring")
            )
        )
        readable = on_the_web | Q(belongs)
        if member.is_community_member:
            readable |= Q(
                space__openness__in=(Openness.PUBLIC, Openness.OPEN),
                space__listed_at__isnull=False,
                min_ring__lte=Ring.PARTICIPANT,
            )
        here = here.filter(readable)
        if member.kept_apart_ids:
            # What others answered there would tell of it: its title stands over every answer.
            answers = Comment.objects.filter(item__author__in=member.kept_apart_ids)
            apart = Q(author__in=member.kept_apart_ids) | Exists(answers.filter(pk=OuterRef("pk")))
            here = here.exclude(apart & ~Q(space__in=member.led_ids))
        return here

    def restorable_by(self, member: Any) -> ItemQuerySet:
        """What was deleted and the member may bring back: what they wrote and took away
        themselves, and everything in spaces they lead."""
        from community.models.activity import Activity

        if member is None or not member.is_authenticated or not member.is_present:
            return self.none()
        reached = Exists(
            Membership.objects.filter(
                space=OuterRef("space"), member=member, ring__gte=OuterRef("min_ring")
            )
        )
        by_others = Exists(
            Activity.objects.filter(
                item=OuterRef("pk"), verb=DELETED, created_at__gte=OuterRef("deleted_at")
            ).exclude(actor=member)
        )
        mine = (Q(author=member) & ~Q(by_others)) | Q(space__in=member.led_ids)
        return self.filter(mine, reached, hidden_at=None, deleted_at__isnull=False)

    def lock(self, item: Item) -> Any:
        """The row again, locked until the transaction ends; the shared columns with it.

        Not its key: rows that point here (who read it, who follows it) are written meanwhile. A
        lock on the key would meet their foreign keys, which are checked on commit, the wrong way
        round: whoever answers while their page reports what was read would end in a deadlock.
        """
        of = ("self",) if self.model is Item else ("self", "item_ptr")
        return locked(self.select_for_update(of=of, no_key=True), item.pk)


class Item(models.Model):
    """Something people open, discuss or report. A column stands here only if the core reads it."""

    kind = models.CharField(max_length=40)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="items")
    min_ring = models.PositiveSmallIntegerField(choices=Ring, default=Ring.PARTICIPANT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="items"
    )
    title = models.CharField(_("title"), max_length=160, blank=True)
    about = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="related"
    )
    lang = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    active_at = models.DateTimeField(default=timezone.now)
    """When it was made or last answered: what lists sort by."""
    hidden_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    comment_count = models.PositiveIntegerField(default=0)
    reaction_counts = models.JSONField(default=dict, blank=True)
    """{"❤️": 3}; changes under the item's lock, recounted by ``reindex``."""
    search = SearchVectorField(null=True, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["space", "kind", "-active_at", "-id", "min_ring"],
                name="item_of_space",
                condition=Q(deleted_at=None, hidden_at=None),
            ),
            models.Index(
                fields=["-active_at", "-id"],
                name="item_on_the_web",
                condition=Q(deleted_at=None, hidden_at=None, min_ring=0),
            ),
            models.Index(fields=["author", "-created_at"], name="item_by_author"),
            GinIndex(fields=["search"], name="item_search"),
            GinIndex(
                OpClass(Bare("title"), name="gin_trgm_ops"),
                name="item_by_title",
                condition=~Q(title=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.kind} {self.pk}"

    @property
    def is_on_the_web(self) -> bool:
        """Whether a visitor reads it: what ``visible_to(None)`` says of one that is there."""
        return (
            self.min_ring == Ring.WEB
            and self.space.openness == Openness.PUBLIC
            and self.space.listed_at is not None
        )

    @property
    def reactions(self) -> list[tuple[str, int]]:
        """[("❤️", 3), …], most first."""
        return sorted(self.reaction_counts.items(), key=lambda pair: (-pair[1], pair[0]))


class Prose(models.Model):
    """Words by people: the source as typed, and what it was rendered to by which renderer."""

    text = models.TextField(_("text"), max_length=20_000, blank=True)
    html = models.TextField(blank=True, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class Comment(Item, Prose):
    """An answer to an item; ``parent`` makes it a reply to another answer, one level deep.

    It is read exactly as its item is: space and ring are copied from it, and move with it.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["item", "item_ptr"], name="comment_of_item"),
            # The order in which a conversation is read: each answer, followed by its replies.
            models.Index("item", Coalesce("parent", "item_ptr"), "item_ptr", name="comment_thread"),
        ]

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("comment", args=[self.pk])


class Reaction(models.Model):
    OFFERED = ("❤️", "👍", "🎉", "💪", "🙏", "👀")

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    emoji = models.CharField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "member", "emoji"], name="reaction_once"),
        ]


class Bookmark(models.Model):
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "item"], name="bookmark_once")]


class Follow(models.Model):
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="follows")
    volume = models.CharField(max_length=10, choices=Volume, default=Volume.ALL)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "item"], name="follow_once")]


class ReadMark(models.Model):
    """How far somebody has read: everything up to ``read_at``."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "item"], name="read_mark_once")]


class Mention(models.Model):
    """``item`` names ``member``; only written for people who may read it."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="mentions")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="mention_once")]
        indexes = [models.Index(fields=["member", "-created_at"], name="mention_of_member")]


class Revision(models.Model):
    """What an item said before an edit."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="revisions")
    title = models.CharField(max_length=160, blank=True)
    text = models.TextField(blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["item", "-created_at"], name="revision_of_item")]
