"""Members of the site: who they are, what they show to whom, and where they belong."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject, Lower, Now
from django.utils.functional import cached_property
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from community.addresses import address
from community.models.bare import Bare
from community.models.contacts import talks_with
from community.prepared import prepared


def face(path: str = "") -> list[str]:
    """What a name with its picture needs, for ``only``: of the member at this path."""
    return [f"{path}{n}" for n in ("name", "profile_seen_by", "avatar__token", "avatar__kind")]


def still_here(path: str = "") -> Q:
    """The account at this path is open and not suspended, by the clock of the database."""
    free = Q(**{f"{path}suspended_until": None}) | Q(**{f"{path}suspended_until__lte": Now()})
    return Q(**{f"{path}is_active": True}) & free


_OF_BELONGING = [
    "memberships_by_space",
    "rings",
    "_held",
    "unread_by_space",
    "contact_ids",
]


class MemberQuerySet(models.QuerySet):
    def present(self) -> MemberQuerySet:
        """Those whose account is open and who are not suspended now."""
        return self.filter(still_here())

    def visible_to(self, viewer: Member | None) -> MemberQuerySet:
        """Members whose profile the viewer may open: the only statement of who sees whom."""
        from community.models.spaces import Membership, Ring

        if viewer is None or not viewer.is_authenticated or not viewer.is_present:
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
            | (Q(profile_seen_by=Member.SeenBy.CONTACTS) & Exists(talks_with(viewer)))
            | Exists(led)
        )
        return self.filter(
            Q(pk=viewer.pk) | (still_here() & Q(onboarded_at__isnull=False) & seen)
        ).exclude(pk__in=viewer.kept_apart_ids)

    def with_a_face_for(self, viewer: Member | None) -> MemberQuerySet:
        """Members whose picture may stand beside their name, wherever the viewer reads the name.

        A member of the community sees the faces of those who write what they read, except of
        people who keep their profile to those they talk to. Visitors see initials, and whoever is
        suspended sees their own besides.
        """
        if viewer is None or not viewer.is_authenticated or not viewer.is_active:
            return self.none()
        if not viewer.is_community_member:
            return self.filter(pk=viewer.pk)
        shown = ~Q(profile_seen_by=Member.SeenBy.CONTACTS) | Exists(talks_with(viewer))
        return self.filter(Q(pk=viewer.pk) | (still_here() & shown)).exclude(
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
        from community.models.roles import StaffRole

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
    saves_data = models.BooleanField(default=False)
    """Pictures in pages come small; one that is opened comes as it is."""
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
    shows_presence = models.BooleanField(default=True)
    """Whether people see, in rooms both read, that they are here and that they are writing."""
    wants = models.JSONField(default=list, blank=True)
    """What the person would like to do, as chosen in the first run: names of wishes."""
    onboarded_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=now)
    last_seen_on = models.DateField(null=True, blank=True)
    """The day only: enough for "here today", too little to follow somebody around."""
    is_active = models.BooleanField(default=True)
    suspended_until = models.DateTimeField(null=True, blank=True)
    """Follows from the measures in force (operations/sanctions.py): until then, nobody here."""
    settled_at = models.DateTimeField(null=True, blank=True)
    """When the limits of new accounts ended for them; empty while these hold (limits.py)."""

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="member_email_is_unique"),
        ]
        indexes = [
            models.Index(Lower("name"), name="member_by_name"),
            GinIndex(OpClass(Bare("name"), name="gin_trgm_ops"), name="member_by_name_alike"),
            GinIndex(OpClass(Bare("skills"), name="gin_trgm_ops"), name="member_by_skills"),
            GinIndex(OpClass(Bare("ask_me_about"), name="gin_trgm_ops"), name="member_to_ask"),
        ]

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
        return address("person", self.pk)

    # Where the person belongs: one query a request

    @cached_property
    def memberships_by_space(self) -> dict[int, Any]:
        """{space id: Membership with its space}, in the member's own order.

        Empty while they are suspended: the rows stay, so that lifting it restores all.
        """
        if not self.is_present:
            return {}
        return {row.space_id: row for row in _memberships(self.pk)}

    @cached_property
    def rings(self) -> dict[int, int]:
        """{space id: ring}; empty while they are suspended."""
        if not self.is_present:
            return {}
        return dict(zip(self._held["spaces"], self._held["depths"], strict=True))

    @property
    def root_ring(self) -> int:
        return max((self.rings.get(pk, 0) for pk in self._held["roots"]), default=0)

    @property
    def is_community_member(self) -> bool:
        return self.root_ring > 0

    @property
    def group_ids(self) -> list[int]:
        """Spaces the member belongs to, the whole community apart."""
        return [pk for pk in self.rings if pk not in self._held["roots"]]

    @property
    def led_ids(self) -> list[int]:
        from community.models.spaces import Ring

        return [pk for pk, ring in self.rings.items() if ring >= Ring.STEWARD]

    @cached_property
    def _held(self) -> dict[str, list[Any]]:
        """Rings, blocks both ways, staff roles, measures: what nearly every page asks."""
        found = next(iter(_only_held(self.pk)), None)
        return {name: getattr(found, name) if found else [] for name in _HELD}

    @property
    def kept_apart_ids(self) -> list[int]:
        """Members this one blocked or was blocked by: both ways, everywhere."""
        return self._held["blocked"] + self._held["blocking"]

    @property
    def muted_ids(self) -> list[int]:
        """Members this one does not want to hear of."""
        return self._held["muted"]

    @cached_property
    def contact_ids(self) -> frozenset[int]:
        """Of those who show themselves only to people they talk to: whom this one talks with."""
        shy = Member.objects.filter(Exists(talks_with(self)), profile_seen_by="contacts")
        return frozenset(shy.values_list("pk", flat=True))

    def forget(self) -> None:
        """Drop what was cached of memberships, roles and blocks, after they changed."""
        for name in _OF_BELONGING:
            self.__dict__.pop(name, None)

    # Whether they take part at all

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > now()

    @property
    def is_present(self) -> bool:
        """The account is open and not suspended: for everybody else the member is nobody."""
        return self.is_active and not self.is_suspended

    @property
    def open_measures(self) -> list[dict[str, Any]]:
        """What holds them or waits for them: [{"pk", "kind", "begins", "ends", …}, …]."""
        return self._held["in_force"]

    @property
    def owes_a_yes(self) -> bool:
        """Whether an agreement waits for their yes and its day has come: they read, not write."""
        return any(day <= localdate() for day in self._held["papers"])

    @property
    def tzinfo(self) -> zoneinfo.ZoneInfo | None:
        try:
            return zoneinfo.ZoneInfo(self.timezone) if self.timezone else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return None

    # What Django's admin asks: answered from staff roles

    second_factor_missing = False
    """Set for a request whose session holds no second factor (community/staff.py)."""

    @property
    def held_roles(self) -> set[str]:
        """Staff roles the person was given, whether they may use them now or not."""
        return set(self._held["roles"])

    @property
    def staff_roles(self) -> set[str]:
        """Staff roles that count now: none while a second factor is missing, none of somebody
        who is suspended."""
        return set() if self.second_factor_missing or not self.is_present else self.held_roles

    @property
    def is_staff(self) -> bool:
        return self.is_active and bool(self.staff_roles)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether a staff role opens that part of the admin: ``community.view_space``."""
        from community.staff import opens

        return self.is_active and opens(self.staff_roles, perm)

    def has_perms(self, perms: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        from community.staff import enters_admin

        return app_label == "community" and enters_admin(self)


@lru_cache(maxsize=4000)
def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()] or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@lru_cache(maxsize=4000)
def _hue(name: str) -> int:
    return sum(ord(letter) * (place + 3) for place, letter in enumerate(name)) % 18


_HELD = (
    "spaces", "depths", "roots", "blocked", "blocking", "muted", "roles", "in_force", "papers",
)  # fmt: skip


def _holding() -> dict[str, ArraySubquery]:
    from community.models.apart import Block, Mute
    from community.models.roles import StaffRole
    from community.models.spaces import Membership, Space

    belongs = Membership.objects.filter(member=OuterRef("pk")).order_by("space")
    root = belongs.filter(space__kind=Space.ROOT)
    return {
        "spaces": ArraySubquery(belongs.values("space")),
        "depths": ArraySubquery(belongs.values("ring")),
        "roots": ArraySubquery(root.values("space")),
        "blocked": ArraySubquery(Block.objects.filter(member=OuterRef("pk")).values("blocked")),
        "blocking": ArraySubquery(Block.objects.filter(blocked=OuterRef("pk")).values("member")),
        "muted": ArraySubquery(Mute.objects.filter(member=OuterRef("pk")).values("muted")),
        "roles": ArraySubquery(StaffRole.objects.filter(member=OuterRef("pk")).values("role")),
        "in_force": ArraySubquery(_open_measures()),
        "papers": ArraySubquery(_papers_needed()),
    }


def _open_measures() -> models.QuerySet:
    """What holds the person now, and what waits to be read or answered by them."""
    from community.models.moderation import Measure

    now_or_later = Q(ends_at=None) | Q(ends_at__gt=Now())
    personal = (Measure.Kind.WARN, Measure.Kind.LIMIT, Measure.Kind.SUSPEND)
    mine = Measure.objects.filter(now_or_later, kind__in=personal, lifted_at=None).exclude(
        kind=Measure.Kind.WARN, hearing__confirmed_at__isnull=False
    )
    return mine.filter(member=OuterRef("pk")).values(
        json=JSONObject(
            pk="pk",
            kind="kind",
            begins="begins_at",
            ends="ends_at",
            answered="hearing__answered_at",
        )
    )


def _papers_needed() -> models.QuerySet:
    """From which days on agreements that the person has not accepted are needed for writing."""
    from community.models.agreements import Acceptance, AgreementVersion

    accepted = Acceptance.objects.filter(
        version=OuterRef("pk"), member=OuterRef(OuterRef("pk")), withdrawn_at=None
    )
    return (
        AgreementVersion.objects.in_force()
        .filter(~Exists(accepted), agreement__required=True, needed_from__isnull=False)
        .order_by()
        .values("needed_from")
    )


@prepared
def _memberships(member: int) -> models.QuerySet:
    from community.models.spaces import Membership

    return (
        Membership.objects.filter(member=member)
        .select_related("space")
        .order_by(F("position").asc(nulls_last=True), "space__name")
    )


@prepared
def _with_held(pk: int) -> models.QuerySet:
    return Member.objects.filter(pk=pk).select_related("avatar").annotate(**_holding())


@prepared
def _only_held(pk: int) -> models.QuerySet:
    return Member.objects.filter(pk=pk).only("pk").annotate(**_holding())


def signed_in(pk: int) -> Member | None:
    """The member of a session, with face, rings, blocks and roles: one query for a request."""
    member = next(iter(_with_held(pk)), None)
    if member is not None:
        member.__dict__["_held"] = {name: member.__dict__.pop(name) for name in _HELD}
    return member
