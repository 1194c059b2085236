"""Knows who is told of an activity: its recipients, of those who may see it, less who did it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community import audience, prose
from community.models import (
    Activity,
    Item,
    Member,
    Membership,
    Mention,
    Mute,
    Notice,
    Ring,
    Space,
)
from community.registry import Verb, registry


@transaction.atomic
def deliver(activity: Activity) -> int:
    """Write the notices of an activity in one statement; doing it twice changes nothing.

    Returns the number of notices written.
    """
    people = _audience(activity)
    written = 0 if people is None else _write(activity, people)
    Activity.objects.filter(pk=activity.pk, told_at=None).update(told_at=timezone.now())
    return written


def _audience(activity: Activity) -> QuerySet | None:
    """Recipients, of those who may see it now, less who did it and who muted them."""
    verb = registry.verbs.get(activity.verb)
    people = verb.recipients(activity) if verb is not None and verb.recipients else None
    if people is None:
        return None
    people = people.filter(is_active=True)
    if activity.item is not None:
        people = people.filter(pk__in=audience.readers(activity.item).values("pk"))
    if activity.actor_id:
        muted = Mute.objects.filter(member=OuterRef("pk"), muted=activity.actor_id)
        people = people.exclude(pk=activity.actor_id).exclude(Exists(muted))
    return people


def _write(activity: Activity, people: QuerySet) -> int:
    try:
        sql, params = people.order_by().values("pk").distinct().query.sql_with_params()
    except EmptyResultSet:  # known without asking: the thing was taken away meanwhile
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Notice._meta.db_table} (member_id, activity_id, created_at)"
            f" SELECT found.id, %s, %s FROM ({sql}) AS found (id) ON CONFLICT DO NOTHING",
            [activity.pk, timezone.now(), *params],
        )
        return cursor.rowcount


def untold(limit: int = 500) -> QuerySet:
    """Activities whose bell was lost: older than half a minute, and nobody was told."""
    late = timezone.now() - timedelta(seconds=30)
    return for_telling().filter(told_at=None, created_at__lt=late).order_by("created_at")[:limit]


def for_telling() -> QuerySet:
    """Activities with what their recipients are computed from."""
    return Activity.objects.select_related("item__space", "space", "actor")


def shown(member: Member) -> QuerySet:
    """The member's notices of what they may still see: asked again each time they look."""
    seen = Item.objects.visible_to(member).filter(pk=OuterRef("activity__item"))
    return Notice.objects.filter(
        Exists(seen) | (Q(activity__item=None) & _of_spaces(member)), member=member
    )


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
    return (
        Q(activity__verb__in=about_me)
        | (Q(_knows(member)) & ~Q(activity__verb__in=to_stewards))
        | (Q(here) & Q(activity__verb__in=to_stewards) & ~Q(activity__verb__in=steering))
        | (Q(steers) & Q(activity__verb__in=steering))
    )


def _knows(member: Member) -> Exists:
    return Exists(Space.objects.visible_to(member).filter(pk=OuterRef("activity__space")))


def unread(member: Member) -> QuerySet:
    return shown(member).filter(read_at=None)


def unread_count(member: Member) -> int:
    """Unread notices, 100 at most: the bell says "99+" from there."""
    return unread(member)[:100].count()


@dataclass
class Told:
    """Notices of one thing, told in one line: "Tom and 2 others answered in …"."""

    verb: Verb
    sentence: str
    why: str
    url: str
    icon: str
    hue: str
    when: datetime
    actors: list[Member]
    excerpt: str = ""
    space: Space | None = None
    pks: list[int] = field(default_factory=list)
    is_new: bool = False


def for_page(member: Member) -> QuerySet:
    """The notices with all that a line of the page says."""
    named = Mention.objects.filter(item=OuterRef("activity__item"), member=member)
    return (
        shown(member)
        .select_related(
            "activity__actor__avatar",
            "activity__space",
            "activity__item__comment__item",
            "activity__item__comment__parent",
        )
        .defer(
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
    for row in rows:
        activity = row.activity
        if activity.verb not in registry.verbs:
            continue
        item = activity.item
        comment = getattr(item, "comment", None) if item is not None else None
        thing = comment.item_id if comment else activity.item_id
        key = (activity.verb, thing or ("space", activity.space_id), thing is None and row.pk)
        if row.names_me:
            key = ("named", row.pk)
        line = told.get(key)
        if line is None:
            line = told[key] = _line(row, member, comment)
        line.pks.append(row.pk)
        # The list runs backwards in time: what is left of an unread line is its oldest part.
        if row.read_at is None:
            line.is_new = True
            line.url = _url(row, comment)
        actor = activity.actor if _ACTOR in line.sentence else None  # faces of those it names
        if actor is not None and actor.pk not in {person.pk for person in line.actors}:
            line.actors.append(actor)
    for line in told.values():
        line.sentence = line.sentence % {"actor": _names(line.actors)}
    return list(told.values())


def _line(row: Notice, member: Member, comment: Any) -> Told:
    activity, item = row.activity, row.activity.item
    verb = registry.verbs[activity.verb]
    title = comment.item.title if comment else (item.title if item else "")
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
        excerpt=prose.plain(comment.html, 140) if comment and comment.html else "",
        space=space,
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


def _why(row: Notice, verb: Verb, member: Member, comment: Any) -> str:
    if row.names_me:
        return _("you were named")
    if verb.topic == "steward":
        return _("you are a steward")
    if verb.topic == "membership":
        return _("it is about you")
    if comment is not None and comment.parent and comment.parent.author_id == member.pk:
        return _("it is a reply to you")
    if comment is not None or verb.topic == "replies":
        return _("you follow this conversation")
    return _("you hear everything from this group")
