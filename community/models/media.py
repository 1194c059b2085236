"""Pictures and files that people uploaded: what they are, where they belong, who may open them."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MediaQuerySet(models.QuerySet):
    def visible_to(self, member: Any) -> MediaQuerySet:
        """What the member may open: the only statement of it, and it is SQL.

        An attachment is seen with its item or its message, a cover with its space, an avatar
        wherever the person's name is read (``MemberQuerySet.with_a_face_for``).
        What is not used yet is seen by the one who uploaded it.
        """
        from community.models.chat import Message
        from community.models.items import Item
        from community.models.people import Member
        from community.models.site import Community
        from community.models.spaces import Space

        purpose = Media.Purpose
        spaces = Space.objects.filter(cover=OuterRef("pk"))
        people = Member.objects.filter(avatar=OuterRef("pk"))
        site = Community.objects.filter(logo=OuterRef("pk"))
        seen = (
            Q(
                Exists(Item.objects.visible_to(member).filter(pk=OuterRef("item"))),
                item__isnull=False,
            )
            | Q(
                Exists(
                    Message.objects.visible_to(member).filter(
                        pk=OuterRef("message"), deleted_at=None
                    )
                ),
                message__isnull=False,
            )
            | Q(Exists(spaces.visible_to(member)), purpose=purpose.COVER)
            | Q(Exists(people.with_a_face_for(member)), purpose=purpose.AVATAR)
            | Q(Exists(site), purpose=purpose.LOGO)
        )
        if member is not None and member.is_authenticated and member.is_present:
            unused = (
                Q(item=None, message=None)
                & ~Q(Exists(spaces))
                & ~Q(Exists(people))
                & ~Q(Exists(site))
            )
            seen |= unused & Q(owner=member)
        return self.filter(seen, state=Media.State.READY)

    def unused(self) -> MediaQuerySet:
        """Uploads that hang on nothing: not on an item, a message, a space, a person. What a
        decision took away from one may come back by an appeal."""
        from community.models.moderation import Measure
        from community.models.people import Member
        from community.models.site import Community
        from community.models.spaces import Space

        taken_away = Measure.objects.filter(medium=OuterRef("pk"), lifted_at=None)
        return self.filter(
            ~Exists(taken_away),
            ~Exists(Space.objects.filter(cover=OuterRef("pk"))),
            ~Exists(Member.objects.filter(avatar=OuterRef("pk"))),
            ~Exists(Community.objects.filter(logo=OuterRef("pk"))),
            item=None,
            message=None,
        )


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Media(models.Model):
    """One upload. Its address is 192 random bits, and still whoever opens it is checked.

    The bytes lie in the default storage under ``folder``, written before the row and deleted after
    it. Of a picture only what we encoded ourselves is kept, never the file that came.
    """

    class Purpose(models.TextChoices):
        ATTACHMENT = "attachment", _("in a post")
        AVATAR = "avatar", _("picture of a person")
        COVER = "cover", _("picture of a group")
        LOGO = "logo", _("picture of the organisation")

    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        FILE = "file", _("file")

    class State(models.TextChoices):
        READY = "ready", _("ready")
        PROCESSING = "processing", _("being prepared")
        REFUSED = "refused", _("refused")

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="media"
    )
    purpose = models.CharField(max_length=12, choices=Purpose)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.READY)
    name = models.CharField(_("file name"), max_length=120)
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    """Bytes of what is kept, all renditions together."""
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    renditions = models.JSONField(default=dict)
    """Name → [width, height, bytes] of each picture that is kept."""
    alt = models.CharField(_("description for those who cannot see it"), max_length=300, blank=True)
    item = models.ForeignKey(
        "community.Item", null=True, on_delete=models.SET_NULL, related_name="media"
    )
    message = models.ForeignKey(
        "community.Message", null=True, on_delete=models.SET_NULL, related_name="media"
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects = MediaQuerySet.as_manager()

    AS_JSON = JSONObject(
        **{
            name: name
            for name in ("pk", "token", "kind", "name", "mime", "size", "width", "height", "alt")
        }
    )
    """For loading what hangs on an item within the query of the item: ``Media(**found)``."""

    class Meta:
        verbose_name_plural = "media"
        ordering = ["position", "pk"]
        indexes = [
            models.Index(
                fields=["owner", "created_at"],
                name="media_unattached",
                condition=Q(item=None, message=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.kind == Media.Kind.IMAGE

    @property
    def plays(self) -> str:
        """What a browser plays it as: audio, video, or empty."""
        kind = self.mime.partition("/")[0]
        return kind if kind in ("audio", "video") else ""

    def url(self, rendition: str = "medium") -> str:
        """Address of a picture's rendition (large, medium or small), or of the file."""
        return f"{settings.MEDIA_URL}{self.token}/{rendition if self.is_image else 'file'}/"

    @property
    def large_url(self) -> str:
        return self.url("large")

    @property
    def folder(self) -> str:
        return f"{self.token[:2]}/{self.token}"

    def stored_as(self, rendition: str) -> str | None:
        """Name in the storage of what answers to `rendition`; None if nothing ever does.

        Not every picture has every size: then the next larger answers, or else the largest.
        """
        if not self.is_image:
            kept = PLAYED if PLAYED in self.renditions else "file"
            return f"{self.folder}/{kept}" if rendition == "file" else None
        if rendition not in SIZES:
            return None
        asked = SIZES.index(rendition)
        for name in (*reversed(SIZES[: asked + 1]), *SIZES[asked + 1 :]):
            if name in self.renditions:
                return f"{self.folder}/{name}.webp"
        return None


SIZES = ("large", "medium", "small")
PLAYED = "played"
"""Rendition of a recording that plays everywhere; it answers instead of the file that came."""
RENDITIONS: dict[str, dict[str, tuple[int, int]]] = {
    Media.Purpose.ATTACHMENT: {"large": (2048, 2048), "medium": (1280, 1280), "small": (480, 480)},
    Media.Purpose.COVER: {"large": (1360, 336), "medium": (680, 168), "small": (340, 84)},
    Media.Purpose.AVATAR: {"medium": (256, 256), "small": (64, 64)},
    Media.Purpose.LOGO: {"large": (512, 512), "medium": (256, 256), "small": (64, 64)},
}
"""Purpose → rendition → greatest width and height, large first; covers and avatars are cropped."""
