"""Members of the site: who they are, what they show to whom, and whom they keep away."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from community.prepared import prepared


def face(path: str = "") -> list[str]:
    """What a name with its picture needs, for ``only``: of the member at this path."""
    return [f"{path}{n}" for n in ("name", "profile_seen_by", "avatar__token", "avatar__kind")]


class MemberQuerySet(models.QuerySet):
    def visible_to(self, viewer: Member | None) -> MemberQuerySet:
        """Members whose profile the viewer may open: the only statement of who sees whom."""
        from community.models.spaces import Membership, Ring

        if viewer is None or not viewer.is_authenticated or not viewer.is_active:
            return self.none()
        if not viewer.is_community_member:
            return self.filter(pk=viewer.pk)
        shared = Membership.objects.filter(
            member=OuterRef("pk"), space__in=viewer.group_ids, space__closed_at=None
        )
        led = Membership.objects.filter(member=OuterRef("pk"), space__in=viewer.led_ids)
        seen = (
            Q(profile_seen_by=Member.SeenBy.MEMBERS)
            | (
                Q(profile_seen_by=Member.SeenBy.GROUPS)
                & Exists(shared.filter(ring__gte=Ring.FOLLOWER))
            )
            | Exists(led)
        )
        return self.filter(
            Q(pk=viewer.pk) | (Q(is_active=True, onboarded_at__isnull=False) & seen)
        ).exclude(pk__in=viewer.kept_apart_ids)

    def with_a_face_for(self, viewer: Member | None) -> MemberQuerySet:
        """Members whose picture may stand beside their name, wherever the viewer reads the name.

        A member of the community sees the faces of those who write what they read, except of
        people who keep their profile to themselves. Visitors see initials.
        """
        if viewer is None or not viewer.is_authenticated or not viewer.is_active:
            return self.none()
        if not viewer.is_community_member:
            return self.filter(pk=viewer.pk)
        shown = ~Q(profile_seen_by=Member.SeenBy.CONTACTS)
        return self.filter(Q(pk=viewer.pk) | (Q(is_active=True) & shown)).exclude(
            pk__in=viewer.kept_apart_ids
        )

    def listed_to(self, viewer: Member | None) -> MemberQuerySet:
        """The directory: those who opted in, of those the viewer may see."""
        return self.visible_to(viewer).filter(in_directory=True, onboarded_at__isnull=False)


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Member:
        if not email:
            raise ValueError("A member needs an e-mail address.")
        member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Member:
        """For Django's createsuperuser: a member with the staff role *admin*."""
        member = self.create_user(email, password, **fields)
        StaffRole.objects.create(member=member, role=StaffRole.Role.ADMIN)
        return member

    def get_by_natural_key(self, email: str) -> Member:
        return self.get(email__iexact=email)


class Member(AbstractBaseUser):
    """A person with an account. What they may do follows from rings and roles, never from here."""

    class SeenBy(models.TextChoices):
        GROUPS = "groups", _("People in my groups")
        MEMBERS = "members", _("All members")
        CONTACTS = "contacts", _("Only the people I talk to")

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")
        CONTRAST = "contrast", _("High contrast")

    FIELDS_WITH_VISIBILITY = (
        "pronouns",
        "area",
        "about",
        "skills",
        "spoken_languages",
        "ask_me_about",
    )

    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("the name people call you"), max_length=80, blank=True)
    handle = models.SlugField(max_length=40, unique=True, null=True, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    area = models.CharField(_("area"), max_length=80, blank=True)
    about = models.TextField(_("about me"), max_length=2000, blank=True)
    skills = models.CharField(_("what I can do"), max_length=300, blank=True)
    spoken_languages = models.CharField(_("languages I speak"), max_length=200, blank=True)
    ask_me_about = models.CharField(_("ask me about"), max_length=200, blank=True)
    avatar = models.ForeignKey(
        "community.Media", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    profile_seen_by = models.CharField(max_length=10, choices=SeenBy, default=SeenBy.GROUPS)
    field_visibility = models.JSONField(default=dict, blank=True)
    """Field name → SeenBy value; a field that is not named is seen like the profile."""
    in_directory = models.BooleanField(default=False)
    wants = models.JSONField(default=list, blank=True)
    """What the person would like to do, as chosen in the first run: names of wishes."""
    onboarded_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=now)
    last_seen_on = models.DateField(null=True, blank=True)
    """The day only: enough for "here today", too little to follow somebody around."""
    is_active = models.BooleanField(default=True)

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="member_email_is_unique"),
        ]
        indexes = [models.Index(Lower("name"), name="member_by_name")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name or str(_("New member"))

    @property
    def initials(self) -> str:
        return _initials(self.display_name)

    @property
    def hue(self) -> int:
        """One of 18 hues (0 to 17), the same for a name everywhere."""
        return _hue(self.display_name)

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("person", args=[self.pk])

    # Where the person belongs: one query a request

    @cached_property
    def memberships_by_space(self) -> dict[int, Any]:
        """{space id: Membership with its space}, in the member's own order."""
        return {row.space_id: row for row in _memberships(self.pk)}

    @cached_property
    def rings(self) -> dict[int, int]:
        return {space: row.ring for space, row in self.memberships_by_space.items()}

    @property
    def root_ring(self) -> int:
        return next(
            (row.ring for row in self.memberships_by_space.values() if row.space.is_root), 0
        )

    @property
    def is_community_member(self) -> bool:
        return self.root_ring > 0

    @property
    def group_ids(self) -> list[int]:
        """Spaces the member belongs to, the whole community apart."""
        return [pk for pk, row in self.memberships_by_space.items() if not row.space.is_root]

    @property
    def led_ids(self) -> list[int]:
        from community.models.spaces import Ring

        return [pk for pk, row in self.memberships_by_space.items() if row.ring >= Ring.STEWARD]

    @cached_property
    def _beside_rings(self) -> dict[str, list[Any]]:
        """Blocks both ways and staff roles: what nearly every page asks besides rings."""
        found = Member.objects.filter(pk=self.pk).values(**_beside_rings()).first()
        return found or {name: [] for name in _BESIDE_RINGS}

    @property
    def kept_apart_ids(self) -> list[int]:
        """Members this one blocked or was blocked by: both ways, everywhere."""
        return self._beside_rings["blocked"] + self._beside_rings["blocking"]

    def forget(self) -> None:
        """Drop what was cached of memberships, roles and blocks, after they changed."""
        for name in ("memberships_by_space", "rings", "_beside_rings", "unread_by_space"):
            self.__dict__.pop(name, None)

    @property
    def tzinfo(self) -> zoneinfo.ZoneInfo | None:
        try:
            return zoneinfo.ZoneInfo(self.timezone) if self.timezone else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return None

    # What Django's admin asks: answered from staff roles

    @property
    def staff_roles(self) -> set[str]:
        return set(self._beside_rings["roles"])

    @property
    def is_staff(self) -> bool:
        return self.is_active and bool(self.staff_roles)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and StaffRole.Role.ADMIN in self.staff_roles

    def has_perms(self, perms: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm(app_label)


@lru_cache(maxsize=4000)
def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()] or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@lru_cache(maxsize=4000)
def _hue(name: str) -> int:
    return sum(ord(letter) * (place + 3) for place, letter in enumerate(name)) % 18


_BESIDE_RINGS = ("blocked", "blocking", "roles")


def _beside_rings() -> dict[str, ArraySubquery]:
    return {
        "blocked": ArraySubquery(Block.objects.filter(member=OuterRef("pk")).values("blocked")),
        "blocking": ArraySubquery(Block.objects.filter(blocked=OuterRef("pk")).values("member")),
        "roles": ArraySubquery(StaffRole.objects.filter(member=OuterRef("pk")).values("role")),
    }


@prepared
def _memberships(member: int) -> models.QuerySet:
    from community.models.spaces import Membership

    return (
        Membership.objects.filter(member=member)
        .select_related("space")
        .order_by(F("position").asc(nulls_last=True), "space__name")
    )


@prepared
def _with_beside_rings(pk: int) -> models.QuerySet:
    return Member.objects.filter(pk=pk).select_related("avatar").annotate(**_beside_rings())


def signed_in(pk: int) -> Member | None:
    """The member of a session, with their face, blocks and roles: one query for a request."""
    member = next(iter(_with_beside_rings(pk)), None)
    if member is not None:
        member.__dict__["_beside_rings"] = {
            name: member.__dict__.pop(name) for name in _BESIDE_RINGS
        }
    return member


class StaffRole(models.Model):
    """A mandate over the whole site."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Administrator")
        MODERATOR = "moderator", _("Moderator")

    member = models.ForeignKey(Member, on_delete=models.CASCADE)
    role = models.CharField(max_length=20, choices=Role)
    granted_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "role"], name="staff_role_held_once"),
        ]


class Block(models.Model):
    """``member`` wants nothing to do with ``blocked``; it hides each from the other."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "blocked"], name="block_once"),
            models.CheckConstraint(
                condition=~Q(member=F("blocked")), name="nobody_blocks_themselves"
            ),
        ]


class Mute(models.Model):
    """``member`` does not want to hear of ``muted`` on Today and in notices; they do not notice."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="mutes")
    muted = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "muted"], name="mute_once"),
            models.CheckConstraint(condition=~Q(member=F("muted")), name="nobody_mutes_themselves"),
        ]
