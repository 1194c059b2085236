"""Reads notices: which of theirs somebody may still see, and the lines that tell of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from community import prose
from community.models import (
    Attention,
    Concern,
    Item,
    Member,
    Membership,
    Mention,
    Message,
    Notice,
    Ring,
    Space,
    StaffRole,
)
from community.prepared import prepared
from community.registry import Verb, registry


def shown(member: Member) -> QuerySet:
    """The member's notices of what they may still see: asked again each time they look."""
    seen = Item.objects.visible_to(member).filter(pk=OuterRef("activity__item"))
    heard = Message.objects.visible_to(member).filter(
        pk=OuterRef("activity__message"), deleted_at=None
    )
    rows = Notice.objects.filter(
        Exists(seen)
        | (Q(activity__message__isnull=False) & Q(Exists(heard)))
        | (Q(activity__item=None, activity__message=None) & _of_spaces(member)),
        member=member,
    )
    if member.kept_apart_ids:
        of_people = [verb.name for verb in registry.verbs.values() if verb.of_people]
        apart = Q(activity__actor__in=member.kept_apart_ids, activity__verb__in=of_people)
        rows = rows.exclude(apart & ~Q(activity__space__in=member.led_ids))
    return rows


def _of_spaces(member: Member) -> Q:
    """Of what happened to a space: what is about the member, what they answer as a steward and
    still are, and for the rest of spaces they may still know of."""
    verbs = registry.verbs.values()
    to_stewards = [verb.name for verb in verbs if verb.topic == "steward"]
    steering = [verb.name for verb in verbs if verb.steers]
    about_me = [verb.name for verb in verbs if verb.topic == "membership"]
    leads = Membership.objects.filter(member=member, ring__gte=Ring.STEWARD)
    here = Exists(leads.filter(space=OuterRef("activity__space")))
    steers = Exists(leads.filter(space__kind=Space.ROOT))
    apart = {verb.name for verb in verbs if verb.topic in ("moderation", "safeguarding")}
    return (
        Q(activity__verb__in=about_me)
        | _of_cases(member)
        | (Q(_knows(member)) & ~Q(activity__verb__in=[*to_stewards, *apart]))
        | (Q(here) & Q(activity__verb__in=to_stewards) & ~Q(activity__verb__in=steering))
        | (Q(steers) & Q(activity__verb__in=steering))
    )


def _of_cases(member: Member) -> Q:
    """What was reported: for moderators, and for stewards of where it is. Concerns for somebody's
    safety: for those who handle them."""
    verbs = registry.verbs.values()
    reports = [verb.name for verb in verbs if verb.topic == "moderation"]
    concerns = [verb.name for verb in verbs if verb.topic == "safeguarding"]
    roles = StaffRole.objects.filter(member=member)
    leads = Membership.objects.filter(
        member=member, ring=Ring.STEWARD, space=OuterRef("activity__space")
    )
    moderating = Exists(roles.filter(role__in=("moderator", "admin"))) | Exists(leads)
    handling = Exists(roles.filter(role__in=Concern.HANDLED_BY.values()))
    return (Q(moderating) & Q(activity__verb__in=reports)) | (
        Q(handling) & Q(activity__verb__in=concerns)
    )


def _knows(member: Member) -> Exists:
    return Exists(Space.objects.visible_to(member).filter(pk=OuterRef("activity__space")))


def unread(member: Member) -> QuerySet:
    return shown(member).filter(read_at=None)


def unread_count(member: Member) -> int:
    """Unread notices, 100 at most: the bell says "99+" from there."""
    return len(_unread(member))


@prepared
def _unread(reader: Any) -> QuerySet:
    return unread(reader).order_by().only("pk")[:100]


@dataclass
class Told:
    """Notices of one thing, told in one line: "Tom and 2 others answered in …"."""

    verb: Verb
    sentence: str
    why: str
    url: str
    """The thing itself."""
    icon: str
    hue: str
    when: datetime
    actors: list[Member]
    excerpt: str = ""
    html: str = ""
    """All of it, of kinds that speak every reader's language: a mail brings it whole."""
    space: Space | None = None
    thing: int | None = None
    """The item that all this is about: of an answer, what was answered."""
    room: int | None = None
    """The chat that all this happened in."""
    attention: str = ""
    named: bool = False
    """Whether it names the reader: of what is new about a thing, that is said first."""
    hears_space: bool = False
    """Whether it came because they hear everything from the group."""
    offers: list[Any] = field(default_factory=list)
    """What to change about it in one step; filled where that is shown (``offers.py``)."""
    pks: list[int] = field(default_factory=list)
    first_new: int = 0
    """The notice that ``url`` belongs to."""
    is_new: bool = False


def for_page(member: Member, *, only_unread: bool = False) -> QuerySet:
    """The notices with all that a line of the page says."""
    named = Mention.objects.filter(item=OuterRef("activity__item"), member=member)
    rows = unread(member) if only_unread else shown(member)
    return (
        rows.select_related(
            "activity__actor__avatar",
            "activity__space",
            "activity__item__comment__item",
            "activity__item__comment__parent",
            "activity__message",
        )
        .defer(
            "activity__message__text",
            "activity__message__html",
            "activity__message__search",
            "activity__item__search",
            "activity__item__comment__search",
            "activity__item__comment__text",
            "activity__item__comment__item__search",
            "activity__item__comment__parent__search",
            "activity__item__comment__parent__html",
            "activity__item__comment__parent__text",
        )
        .annotate(names_me=Exists(named), knows_space=_knows(member))
    )


def gather(rows: list[Notice], member: Member) -> list[Told]:
    """One line for each thing and verb, in the order of the newest; being named stands alone."""
    told: dict[Any, Told] = {}
    own = _in_own_words(rows)
    for row in rows:
        activity = row.activity
        if activity.verb not in registry.verbs:
            continue
        item = activity.item
        comment = getattr(item, "comment", None) if item is not None else None
        thing = comment.item_id if comment else activity.item_id
        where = thing or (activity.message_id and ("room", activity.message.room_id))
        key = (activity.verb, where or ("space", activity.space_id), where is None and row.pk)
        if row.names_me:
            key = ("named", row.pk)
        line = told.get(key)
        if line is None:
            line = told[key] = _line(row, member, comment, own.get(activity.item_id))
        line.pks.append(row.pk)
        # The list runs backwards in time: what is left of an unread line is its oldest part.
        if row.read_at is None:
            line.is_new = True
            line.url, line.first_new = _url(row, comment), row.pk
        actor = activity.actor if _ACTOR in line.sentence else None  # faces of those it names
        if actor is not None and actor.pk not in {person.pk for person in line.actors}:
            line.actors.append(actor)
    for line in told.values():
        line.sentence = line.sentence % {"actor": _names(line.actors)}
    return list(told.values())


@dataclass
class Bundle:
    """All that changed about one thing, newest first: one entry of the list."""

    lines: list[Told]

    @property
    def first(self) -> Told:
        return self.lines[0]

    @property
    def pks(self) -> list[int]:
        return [pk for line in self.lines for pk in line.pks]

    @property
    def is_new(self) -> bool:
        return any(line.is_new for line in self.lines)

    @property
    def url(self) -> str:
        """Leads to the oldest of what is new, and marks its notice as read."""
        new = [line for line in self.lines if line.is_new]
        line = (new or self.lines)[-1 if new else 0]
        return reverse("open_notice", args=[line.first_new or line.pks[0]])


def by_thing(told: list[Told]) -> list[Bundle]:
    """Lines of one thing stand together, where the newest of them stands."""
    bundles: dict[Any, Bundle] = {}
    for line in told:
        alone = ("alone", line.pks[0])
        key = (line.thing and ("item", line.thing)) or (line.room and ("room", line.room)) or alone
        if key in bundles:
            bundles[key].lines.append(line)
        else:
            bundles[key] = Bundle([line])
    for bundle in bundles.values():
        bundle.lines.sort(key=lambda line: not (line.named and line.is_new))
    return list(bundles.values())


def _in_own_words(rows: list[Notice]) -> dict[int, tuple[str, str]]:
    """{item: (title, HTML)} of kinds that speak every reader's language; a query for each kind."""
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        item = row.activity.item
        if item is not None and registry.kind(item.kind).said is not None:
            by_kind.setdefault(item.kind, []).append(item.pk)
    found: dict[int, tuple[str, str]] = {}
    for kind, pks in by_kind.items():
        found |= registry.kind(kind).said(pks, get_language())
    return found


def _line(row: Notice, member: Member, comment: Any, own: tuple[str, str] | None) -> Told:
    activity, item = row.activity, row.activity.item
    verb = registry.verbs[activity.verb]
    title = comment.item.title if comment else (item.title if item else "")
    html = comment.html if comment else ""
    if own is not None:
        title, html = own
    kind = registry.kind(item.kind) if item is not None else None
    template = verb.sentence
    if row.names_me:
        template = _("%(actor)s named you in “%(title)s”")
    elif comment is not None and comment.parent and comment.parent.author_id == member.pk:
        template = _("%(actor)s replied to you in “%(title)s”")
    # Of a space that is closed to them by now, they are told the name it had then.
    space = activity.space if row.knows_space or item is not None else None
    words = {
        **activity.data,
        "title": title or activity.data.get("title", ""),
        "space": space.name if space else activity.data.get("name", ""),
        "actor": _ACTOR,
    }
    sentence = str(template) % _Escaped(words)
    return Told(
        verb=verb,
        sentence=sentence,
        why=_why(row, verb, member, comment),
        url=_url(row, comment),
        icon="at-sign" if row.names_me else verb.icon,
        hue=kind.hue if kind else "people",
        when=activity.created_at,
        actors=[],
        excerpt=prose.plain(html, 140) if html else "",
        html=html if own is not None else "",
        space=space,
        thing=comment.item_id if comment else activity.item_id,
        room=activity.message.room_id if activity.message is not None else None,
        attention=row.attention,
        named=row.names_me,
        hears_space=_hears_space(row, verb, comment),
    )


_ACTOR = "%(actor)s"


class _Escaped(dict):
    """Values whose percent signs survive a second filling-in; what a sentence lacks is empty."""

    def __getitem__(self, key: str) -> str:
        value = str(self.get(key, ""))
        return value if key == "actor" else value.replace("%", "%%")


def _names(people: list[Member]) -> str:
    if not people:
        return str(_("Somebody"))
    if len(people) == 1:
        return people[0].display_name
    return ngettext("%(name)s and %(n)s other", "%(name)s and %(n)s others", len(people) - 1) % {
        "name": people[0].display_name,
        "n": len(people) - 1,
    }


def _url(row: Notice, comment: Any) -> str:
    activity = row.activity
    verb = registry.verbs.get(activity.verb)
    if verb is not None and verb.url is not None and activity.space is not None:
        return verb.url(activity)
    if activity.item is not None:
        return registry.kind(activity.item.kind).address(activity.item_id)
    return activity.space.get_absolute_url() if activity.space and row.knows_space else "/"


def _hears_space(row: Notice, verb: Verb, comment: Any) -> bool:
    return verb.topic == "talk" and comment is None and not row.names_me


def _why(row: Notice, verb: Verb, member: Member, comment: Any) -> str:
    if row.names_me:
        return _("you were named")
    if verb.why:
        return str(verb.why)
    if verb.topic == "steward":
        return _("you are a steward")
    if verb.topic == "membership":
        return _("it is about you")
    if verb.topic == "moderation":
        return _("you look after what is reported")
    if verb.topic == "safeguarding":
        return _("you handle safeguarding")
    if comment is not None and comment.parent and comment.parent.author_id == member.pk:
        return _("it is a reply to you")
    if comment is not None and comment.item.author_id == member.pk:
        return _("you began this conversation")
    if comment is not None or verb.topic == "replies":
        return _("you follow this conversation")
    if verb.attention == Attention.ORGANISATION:
        return _("the organisation asks")
    if verb.topic == "groups":
        return _("you belong to this group")
    return _("you hear everything from this group")
