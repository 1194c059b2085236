"""Knows how much of what one person may do in what time: one table for the whole site.

docs/limits.md says it in words. What is counted in tables is counted exactly, whatever Valkey
does; reactions, of which there are many, are counted in the cache. An operation asks ``check`` (or
``before_words`` where somebody writes) before it changes anything. A refusal says why and until
when, and what was typed stays in its field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community import lockdown, prose
from community.models import (
    Invitation,
    Item,
    JoinRequest,
    LockDown,
    Media,
    Member,
    Membership,
    Message,
    Room,
    Space,
)
from community.named import names_several
from community.policies import Refused
from community.prepared import prepared
from community.settled import NEW_FOR, NEW_POSTS, is_new, looks_new

SECOND = timedelta(seconds=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

LINKS_OF_NEW = 2
NAMES_OF_NEW = 3

LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]+", re.IGNORECASE)


@dataclass(frozen=True)
class Limit:
    """At most ``most`` of something in ``per``."""

    act: str
    most: int
    per: timedelta
    words: Any
    """What is said to who reaches it; ``%(when)s`` is when it ends."""
    new_only: bool = False
    """Whether it holds for new accounts only."""


TABLE: tuple[Limit, ...] = (
    Limit(
        "post",
        5,
        HOUR,
        gettext_lazy("Your account is new: you can write 5 times an hour. Go on at %(when)s."),
        new_only=True,
    ),
    Limit("post", 60, 10 * MINUTE, gettext_lazy("That was a lot at once. Go on at %(when)s.")),
    Limit("post", 200, HOUR, gettext_lazy("That was a lot at once. Go on at %(when)s.")),
    Limit(
        "chat",
        30,
        10 * MINUTE,
        gettext_lazy("Your account is new: take a breath, and go on at %(when)s."),
        new_only=True,
    ),
    Limit("chat", 20, 10 * SECOND, gettext_lazy("That was a lot at once. Wait ten seconds.")),
    Limit("chat", 300, 10 * MINUTE, gettext_lazy("That was a lot at once. Go on at %(when)s.")),
    Limit(
        "converse",
        5,
        DAY,
        gettext_lazy(
            "Your account is new: you can begin 5 conversations a day. Go on at %(when)s."
        ),
        new_only=True,
    ),
    Limit(
        "converse",
        40,
        DAY,
        gettext_lazy("You have begun many conversations today. Go on at %(when)s."),
    ),
    Limit("react", 120, 10 * MINUTE, gettext_lazy("That was quick. Wait ten minutes.")),
    Limit(
        "letter",
        5,
        DAY,
        gettext_lazy("Your account is new: you can invite 5 people a day. Go on at %(when)s."),
        new_only=True,
    ),
    Limit(
        "letter",
        200,
        DAY,
        gettext_lazy("200 letters a day are the most we send for one person. Go on at %(when)s."),
    ),
    Limit(
        "link",
        0,
        DAY,
        gettext_lazy("Your account is new: invite people by mail. Links come with time."),
        new_only=True,
    ),
    Limit(
        "link",
        20,
        DAY,
        gettext_lazy("You have made many links today. Go on at %(when)s."),
    ),
    Limit(
        "ask",
        10,
        DAY,
        gettext_lazy("You have asked many groups today. Go on at %(when)s."),
    ),
    Limit(
        "ask_again",
        3,
        30 * DAY,
        gettext_lazy("You have asked here three times in a month. You can ask again on %(when)s."),
    ),
    Limit(
        "upload",
        20,
        HOUR,
        gettext_lazy("Your account is new: you can upload 20 files an hour. Go on at %(when)s."),
        new_only=True,
    ),
    Limit("upload", 200, HOUR, gettext_lazy("You have uploaded a lot. Go on at %(when)s.")),
    Limit(
        "propose",
        5,
        30 * DAY,
        gettext_lazy("You have proposed five groups in a month. Go on on %(when)s."),
    ),
)


def check(member: Member, act: str, *, space: Space | None = None, number: int = 1) -> None:
    """Raise Refused if ``number`` more of ``act`` are too many for the member.

    Inside a transaction two acts of one person wait for each other, so that the count is exact.
    """
    if act == "react":
        _check_in_cache(member, next(limit for limit in TABLE if limit.act == act))
        return
    if connection.in_atomic_block:
        one_at_a_time(member)
    rules = _holding(member, act)
    if not rules:
        return
    now = timezone.now()
    since, most = now - max(limit.per for limit in rules), max(limit.most for limit in rules)
    done = list(_times(act, member, space, since)[:most])
    for limit in rules:
        when = _full_until(done, limit, number, now)
        if when is not None:
            raise Refused(str(limit.words) % {"when": _told(when)})


def _holding(member: Member, act: str) -> list[Limit]:
    """The limits of an act that hold for this member."""
    rules = [limit for limit in TABLE if limit.act == act]
    if any(limit.new_only for limit in rules) and not is_new(member):
        return [limit for limit in rules if not limit.new_only]
    return rules


def before_words(member: Member, *words: str, posting: bool = True) -> None:
    """What is asked before somebody's words are kept: how often, how many links and names.

    ``posting`` is False for a change of what stands there already. Raises Refused.
    """
    if posting:
        check(member, "post")
    if not is_new(member):
        return
    said = " ".join(words)
    if len(links(said)) > LINKS_OF_NEW:
        raise Refused(
            _("Your account is new: %(n)s links fit in one post. Take one out.")
            % {"n": LINKS_OF_NEW}
        )
    if names_several(said):
        raise Refused(_("Your account is new: name people one by one for now."))
    if len(set(prose.mentioned_handles(said))) > NAMES_OF_NEW:
        raise Refused(
            _("Your account is new: you can name %(n)s people in one post.") % {"n": NAMES_OF_NEW}
        )


REPEATED = 3
"""So often the same words may be said in a chat within an hour."""
SHORTEST = 30


def before_chat(member: Member, text: str, room: Room, *, posting: bool = True) -> None:
    """What is asked before somebody's words are said in a chat. Raises Refused.

    Nothing is held back there: what looks like a flood is refused at once, with the reason.
    Whoever is about to post has called ``one_at_a_time``.
    """
    if len(text) > Message.MOST_LETTERS:
        raise Refused(
            _("At most %(n)s letters fit in a message. Say it in two, or as a topic.")
            % {"n": Message.MOST_LETTERS}
        )
    held = _check_chat(member, text) if posting else lockdown.days()
    before_words(member, text, posting=False)
    if lockdown.holds(member, room.space_id, held):
        raise Refused(_("The doors are shut for the moment: people who are new here only read."))
    if room.is_direct and links(text) and is_new(member):
        raise Refused(_("Your account is new: links in direct messages come with time."))


def _check_chat(member: Member, text: str) -> int:
    """How much they said lately, and how often these very words: one question, a row of moments.
    Gives whom a lock-down holds (``lockdown.days``), asked along with it."""
    rules, now = _holding(member, "chat"), timezone.now()
    (lately,) = _lately(
        member.pk, text, now - HOUR, *(now - limit.per for limit in rules),
        most=tuple(limit.most for limit in rules),
    )  # fmt: skip
    for place, limit in enumerate(rules):
        if (at := getattr(lately, f"full_{place}")) is not None:
            raise Refused(str(limit.words) % {"when": _told(at + limit.per)})
    if len(text) >= SHORTEST and lately.repeated is not None:
        raise Refused(_("You have said exactly this several times already."))
    return lately.held or 0


@prepared
def _lately(
    author: int, text: str, same_since: datetime, *since: datetime, most: tuple[int, ...]
) -> QuerySet:
    """For each limit the moment of what fills it, else None; and whether ``text`` was repeated."""
    said = Message.objects.filter(author=OuterRef("pk")).order_by("-created_at")
    full = {
        f"full_{place}": said.filter(created_at__gt=moment)[number - 1 : number]
        for place, (moment, number) in enumerate(zip(since, most, strict=True))
    }
    full["repeated"] = said.filter(created_at__gt=same_since, text=text)[REPEATED - 1 : REPEATED]
    rows = {name: Subquery(found.values("created_at")) for name, found in full.items()}
    rows["held"] = Subquery(LockDown.objects.filter(lifted_at=None).values("holds_days")[:1])
    return Member.objects.filter(pk=author).only("pk").annotate(**rows)


def check_room(member: Member, size: int) -> None:
    """Raise ValidationError if ``size`` more bytes do not fit into what one person may keep."""
    kept = Media.objects.filter(owner=member).aggregate(size=Sum("size"))["size"] or 0
    most = settings.STORAGE_PER_MEMBER_MB
    if kept + size > most * 1024 * 1024:
        raise ValidationError(
            _("Your files take %(kept)s of %(most)s MB. Remove some you no longer need first.")
            % {"kept": kept // (1024 * 1024), "most": most},
            code="room",
        )


def links(text: str) -> list[str]:
    """The hosts of the links in a text, in order, without their "www."."""
    found = []
    for match in LINK.findall(text):
        host = re.sub(r"^https?://", "", match, flags=re.IGNORECASE).split("/")[0]
        host = host.split("?")[0].split("#")[0].rsplit("@", 1)[-1].lower().removeprefix("www.")
        found.append(host)
    return found


# New accounts


def why_no_link(member: Member) -> str:
    """What a new account reads where others make links; empty for everybody else."""
    words = next(limit.words for limit in TABLE if limit.act == "link" and limit.new_only)
    return str(words) if looks_new(member) else ""


def words_for(member: Member | None) -> str:
    """The sentence beside a field in which a new account writes; empty for everybody else."""
    if member is None or not looks_new(member):
        return ""
    until = member.joined_at + NEW_FOR
    few = ngettext(
        "%(n)s post or message in a group that nobody reported",
        "%(n)s posts or messages in groups that nobody reported",
        NEW_POSTS,
    ) % {"n": NEW_POSTS}
    if until <= timezone.now():
        return _(
            "Your account is new: until you have written %(few)s, you can write 5 times an hour, "
            "with 2 links and 3 names in each."
        ) % {"few": few}
    return _(
        "Your account is new: until %(when)s, and until you have written %(few)s, you can write "
        "5 times an hour, with 2 links and 3 names in each."
    ) % {"when": _told(until), "few": few}


# Counting


def _times(act: str, member: Member, space: Space | None, since: datetime) -> QuerySet:
    """When the member did it since a moment, newest first."""
    at = "created_at"
    match act:
        case "post":
            rows = Item.objects.filter(author=member)
        case "letter":
            rows = Invitation.objects.filter(created_by=member).exclude(email="")
        case "link":
            rows = Invitation.objects.filter(created_by=member, email="")
        case "ask":
            rows = JoinRequest.objects.filter(member=member)
        case "ask_again":
            rows = JoinRequest.objects.filter(member=member, space=space)
        case "upload":
            rows = Media.objects.filter(owner=member)
        case "propose":
            rows = Membership.objects.filter(member=member, joined_via=Membership.Via.FOUNDED)
            at = "joined_at"
        case "converse":
            rows = Room.objects.filter(created_by=member, kind=Room.Kind.DIRECT)
    return rows.filter(**{f"{at}__gt": since}).order_by(f"-{at}").values_list(at, flat=True)


def _full_until(done: list[datetime], limit: Limit, number: int, now: datetime) -> datetime | None:
    """Until when there is no room for ``number`` more; None where there is."""
    if limit.most < number:
        return now + limit.per
    place = limit.most - number
    if len(done) > place and done[place] > now - limit.per:
        return done[place] + limit.per
    return None


def _check_in_cache(member: Member, limit: Limit) -> None:
    key = f"limit:{limit.act}:{member.pk}"
    cache.add(key, 0, limit.per.total_seconds())
    try:
        done = cache.incr(key)
    except ValueError:  # it ended between the two
        return
    if done > limit.most:
        raise Refused(str(limit.words))


def one_at_a_time(member: Member) -> None:
    """Until the transaction ends, another act of the same person waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('limits'), %s)", [member.pk])


def _told(moment: datetime) -> str:
    local = timezone.localtime(moment)
    today = local.date() == timezone.localdate()
    return date_format(local, "TIME_FORMAT" if today else "DATETIME_FORMAT")
