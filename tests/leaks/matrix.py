"""The canary matrix: every address, with every object, asked by everybody who is outside of it.

``matrix`` returns what was said to whom against the rules, and how many questions it asked. It
knows nothing of the views: it walks the URLconf, so that a new address is in it the day it is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.test import Client
from django.utils import timezone

from community import notices
from community.models import (
    Activity,
    DataExport,
    Delivery,
    Invitation,
    Item,
    JoinRequest,
    Media,
    Member,
    Membership,
    MembershipEvent,
    Notice,
    NoticeSettings,
    OutboxMail,
    Reaction,
    RingProposal,
    Space,
)
from community.notices import digest, mails
from tests import factories
from tests.addresses import Address, every_address
from tests.world import CANARY, World, rolled_back

OUTSIDE = (
    "guest", "stranger", "cleo", "mo", "wes", "former", "removed", "applicant", "invitee",
    "blocked", "closed_account", "fay", "ben", "sol", "sue", "lia",
)  # fmt: skip
POSTING = ("cleo", "wes", "fay")
FEW = ("guest", "cleo", "wes", "fay", "ben", "blocked", "sue", "sol")
SEARCHES = ("?q=zq", "?q=hana", "?q=secret&kind=local&area=zq&show=all&view=all&lens=all")
# What every private text says, names of the private group and of hana, and a word that is nearly
# each of the canaries, for which search offers another spelling.
LOOKING = (
    "?q=soon", "?q=soon&order=new", "?q=soon&kind=community.comment",
    "?q=soon&kind=groups.topic&since=year",
    "?q=secret&kind=groups", "?q=hannah", "?q=hannah&kind=people", "?q=zq00000w",
    "?q=zq00010w+soon", "?q=sings&kind=people", "?q=harbour&kind=groups",
)  # fmt: skip
# What anybody may have typed; views take of it what they know.
FILLED = {
    "title": "A title", "text": "Some text @ada-inside", "body": "Some text", "emoji": "❤️",
    "volume": "all", "ring": "2", "note": "A note", "reason": "A reason", "name": "A name",
    "email": "new@example.org", "q": "zq", "place": "topic:1", "answer": "accept",
    "template": "talk",
    "max_uses": "1", "alt": "words", "purpose": "To sing.", "answers": "Because.",
}  # fmt: skip
# Packages' own pages know nothing of spaces; they are asked once, without objects.
DEAF = ("accounts/", "static/")

Paths = list[tuple[str, tuple[str, ...]]]
ALL = (0, 1, 2)


@dataclass
class Found:
    """What the matrix found: sentences, and the number of questions asked."""

    leaks: list[str] = field(default_factory=list)
    probes: int = 0
    seen: dict[str, set[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.leaks)


@dataclass
class Asker:
    """Somebody who asks, with a client of their own and a memory of what the rules say."""

    name: str
    member: Member | None
    client: Client
    verdicts: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World, name: str) -> Asker:
        client = Client(raise_request_exception=False)
        if name == "guest":
            return cls(name, None, client)
        member = Member.objects.get(pk=world.people[name].pk)
        client.force_login(member)
        factories.prove(client, member)  # doors that ask again are asked behind that question
        return cls(name, member, client)


def matrix(
    world: World,
    who: tuple[str, ...] = OUTSIDE,
    *,
    first_only: bool = False,
    posting: tuple[str, ...] = POSTING,
    hint: str = "",
    thirds: tuple[int, ...] = ALL,
    asked: bool = True,
    told: bool = True,
) -> Found:
    """Ask everything, and read what was told and sent; either can be left out. A planted leak is
    looked for at ``hint`` first, and one is enough."""
    found = Found()
    askers = [Asker.of(world, name) for name in who]
    for asker in askers:
        found.seen[asker.name] = set()
    paths = _begin_with(every_path(world, thirds), hint) if asked else []
    reading, writing = partial(_reading, paths), partial(_writing, paths)
    telling = (_mail, _notices, _sent) if told else ()
    begins_told = hint in ("", "/notices/")
    steps = (*telling, reading, writing) if begins_told else (reading, *telling, writing)
    for step in steps:
        for leak in step(world, askers, found, posting):
            found.leaks.append(leak)
            if first_only:
                return found
    return found


# What is asked


def chief_ids(world: World) -> set[int]:
    """One of each private thing, of every table: a wrong door must stay shut to all of them."""
    names = ("2", "2_answer", "3", "invitation", "offer", "asked", "event", "appeal", "welcome",
             "bad", "hidden_answer", "report", "case", "decision", "measure_appeal",
             "announcement", "plan", "plan_gone")  # fmt: skip
    named = [f"{space}_{name}" for space in ("secret", "closed") for name in names]
    things = [world.things[name] for name in [*named, "closed_request", "open_3"]]
    things += [world.things[name] for name in ("limit", "branch", "suspension", "secret_held")]
    things += [
        world.things[name] for name in ("question", "answered", "hold", "recovery", "people_list")
    ]
    return {
        thing.pk for thing in [*things, world.secret, world.hana, world.lia, world.sue]
    } | rooms(world)


def rooms(world: World) -> set[int]:
    """Rooms of private groups, and conversations."""
    names = [f"{space}_{name}" for space in ("secret", "closed") for name in ("room", "core_room")]
    return {
        world.things[name].pk
        for name in [
            *names,
            "secret_bringing",
            "closed_bringing",
            "open_room",
            "pair",
            "several",
            "asked_talk",
        ]
    }


def paper_ids(world: World) -> set[int]:
    """What stands behind a group's address: requests, invitations, moves, people."""
    names = [
        f"{space}_{name}" for space in ("secret", "closed") for name in ("invitation", "offer")
    ]
    things = [world.things[name] for name in [*names, "closed_request", "secret_asked"]]
    return {thing.pk for thing in things} | {world.hana.pk} | rooms(world)


def other_ids(world: World) -> set[int]:
    """Every private item there is: of each ring, deleted, hidden, and every answer and reply."""
    private = [space for name, space in world.spaces.items() if name in ("closed", "secret")]
    keys = set(Item.objects.filter(space__in=private).values_list("pk", flat=True))
    deep = Item.objects.filter(space=world.open, min_ring__gte=3)
    return (keys | set(deep.values_list("pk", flat=True)) | {world.ben.pk}) - chief_ids(world)


def every_path(world: World, thirds: tuple[int, ...] = ALL) -> Paths:
    """Every address with every object that fits into it, and who asks for it.

    With ``thirds`` every page, and of what may be asked of each address only those thirds.
    A group's slug stands beside keys of its own and of other groups: a steward of one must not
    open the papers of another.
    """
    slugs = [space.slug for space in world.spaces.values()]
    everywhere: dict[str, list[Any]] = {
        "version": [1],
        "step": [1, 2],
        "answer": ["accept"],
        "rendition": ["file", "medium"],
        "token": list(Media.objects.values_list("token", flat=True)),
        "digest": ["0123"],
        "what": ["warn"],
        "move": [1],
        "hue": [3],
        "seq": [1, 2],
        "slug": [world.secret.slug, world.closed.slug, world.west.slug],
        "concern": [world.things[name].pk for name in ("secret_concern", "secret_past")],
        "pk": sorted(chief_ids(world)),
    }
    papers = everywhere | {"pk": sorted(paper_ids(world))}
    others = everywhere | {"pk": sorted(other_ids(world))}
    pages: Paths = []
    paths: Paths = []
    for address in every_address():
        names = [name for _kind, name in address.parts]
        if address.route.startswith(DEAF):
            continue
        if not names:
            pages.append((f"/{address.route}", OUTSIDE))
            paths += [(f"/{address.route}{search}", FEW) for search in (*SEARCHES, *wheres(world))]
            if address.route.startswith(("search/", "chat/search/")):
                paths += [(f"/{address.route}{search}", OUTSIDE) for search in LOOKING]
        elif names == ["slug"]:
            paths += [(address.at(slug=slug), OUTSIDE) for slug in slugs]
        elif names == ["pk"]:
            paths += [(path, OUTSIDE) for path in _filled(address, names, everywhere)]
            paths += [(path, ("cleo", "ben")) for path in _filled(address, names, others)]
        else:
            paths += [(path, FEW) for path in _filled(address, names, papers)]
    return pages + [pair for number, pair in enumerate(paths) if number % 3 in thirds]


def wheres(world: World) -> list[str]:
    """Parts of a query that point into a private place, in the names that views might read."""
    things = world.things
    return [
        f"?q=hana&space={world.open.pk}",
        f"?q=hana&space={world.secret.pk}&group={world.secret.pk}&place=topic:{world.secret.pk}",
        f"?q=hana&space={world.closed.pk}&group={world.closed.slug}&from={world.secret.slug}",
        f"?q=hana&room={things['secret_room'].pk}",
        f"?q=hana&item={things['secret_2'].pk}&about={things['secret_2'].pk}",
        f"?q=hana&item={things['closed_3'].pk}&about={things['closed_3'].pk}",
    ]


def _filled(address: Address, names: list[str], values: dict[str, list]) -> Iterator[str]:
    combinations: list[dict[str, Any]] = [{}]
    for name in names:
        if name == "token" and "media" not in address.route:
            options: list[Any] = ["nonsense"]
            if "record" in address.route:
                options = list(DataExport.objects.values_list("token", flat=True))
        else:
            options = values.get(name, ["1"])
        combinations = [{**one, name: option} for one in combinations for option in options]
    for combination in combinations:
        yield address.at(**combination)


# How it is asked


def _told(world: World, asker: Asker, text: str, found: Found, path: str = "") -> list[str]:
    """Canaries that this person may not see; what they typed into the address they know already."""
    leaks = []
    for number in set(CANARY.findall(text)) - set(CANARY.findall(path)):
        token = f"zq{number}w"
        if token not in world.canaries:
            continue
        what, rule = world.canaries[token]
        if token not in asker.verdicts:
            asker.verdicts[token] = rule(asker.member)
        found.seen[asker.name].add(what)
        if _says_the_same_to_all(path) and rule(None):
            continue
        if not asker.verdicts[token] and not _own_history(world, asker, what, path):
            leaks.append(what)
    return leaks


def _pictured(world: World, asker: Asker, path: str) -> str:
    """The picture at this address, if this person may not see it."""
    if not path.startswith("/media/"):
        return ""
    what, rule = world.pictures.get(path.split("/")[2], ("", lambda _member: True))
    return "" if rule(asker.member) else what


def _says_the_same_to_all(path: str) -> bool:
    """Feeds know no reader: they tell what a visitor reads, also to somebody who is kept apart."""
    return path.partition("?")[0].endswith("/feed.xml")


def _own_history(world: World, asker: Asker, what: str, path: str) -> bool:
    """Notices of what happened to oneself keep the name that the group had then, and no more."""
    name, _colon, part = what.partition(": ")
    if part != "name" or not path.startswith("/notices/") or asker.member is None:
        return False
    space = world.spaces[name]
    return MembershipEvent.objects.filter(space=space, member=asker.member).exists()


def said(answer: Any) -> str:
    """Everything that left the house: status line, headers, cookies, body, streamed or not."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{headers}\n{body.decode('utf-8', 'replace')}"


def _begin_with(paths: Paths, hint: str) -> Paths:
    return sorted(paths, key=lambda pair: hint not in pair[0]) if hint else paths


def _reading(
    paths: Paths, world: World, askers: list[Asker], found: Found, _posting: Any
) -> Iterator[str]:
    for path, who in paths:
        for asker in askers:
            if asker.name not in who and asker.name in OUTSIDE:
                continue
            answer = asker.client.get(path)
            found.probes += 1
            if answer.status_code == 405:
                break  # it takes only POST, from everybody
            if answer.status_code >= 500:
                yield f"{asker.name}: GET {path} fails with {answer.status_code}"
                continue
            for what in _told(world, asker, said(answer), found, path):
                yield f"{asker.name}: GET {path} ({answer.status_code}) says {what}"
            if answer.status_code == 200 and (what := _pictured(world, asker, path)):
                yield f"{asker.name}: GET {path} shows {what}"
            is_page = answer["Content-Type"].startswith("text/html")
            if answer.status_code == 200 and is_page and asker.name in FEW:
                answer = asker.client.get(path, headers={"HX-Request": "true"})
                found.probes += 1
                for what in _told(world, asker, said(answer), found, path):
                    yield f"{asker.name}: GET {path} as a fragment says {what}"


def _writing(
    paths: Paths, world: World, askers: list[Asker], found: Found, posting: tuple[str, ...]
) -> Iterator[str]:
    """What is refused must not say why in words that tell; and nothing inside may change."""
    before = _inside(world)
    # A handle that somebody guessed must not tell the name that goes with it.
    filled = FILLED | {"text": f"Some text @{world.hana.handle} @ada-inside"}
    for path, who in paths:
        if who == ("cleo", "ben") or "?q=zq" in path or "view=all" in path:
            continue
        for asker in askers:
            if asker.name not in posting:
                continue
            with rolled_back():
                answer = asker.client.post(path, filled)
                found.probes += 1
                leaks = _told(world, asker, said(answer), found, path + str(filled))
                after = _inside(world) if answer.status_code < 400 else before
            if answer.status_code == 405:
                break
            if answer.status_code >= 500:
                yield f"{asker.name}: POST {path} fails with {answer.status_code}"
            for what in leaks:
                yield f"{asker.name}: POST {path} ({answer.status_code}) says {what}"
            if after != before and asker.name != "fay":
                yield f"{asker.name}: POST {path} changes what is in a secret group"


def _inside(world: World) -> tuple[int, ...]:
    """Numbers of what is in the secret group."""
    secret = world.secret
    return (
        Membership.objects.filter(space=secret).count(),
        Item.objects.filter(space=secret, deleted_at=None).count(),
        Reaction.objects.filter(item__space=secret).count(),
        JoinRequest.objects.filter(space=secret).count(),
        Invitation.objects.filter(space=secret, revoked_at=None).count(),
        RingProposal.objects.filter(space=secret, state="pending").count(),
        Media.objects.filter(item__space=secret).count(),
        Space.objects.filter(pk=secret.pk, cover=None).count(),
    )


def _notices(world: World, askers: list[Asker], found: Found, _posting: Any) -> Iterator[str]:
    """Nothing that was told, or is still to be told, may be read or counted by those outside."""
    with rolled_back():
        for activity in Activity.objects.select_related("item__space", "space", "actor"):
            notices.deliver(activity)
        for asker in askers:
            if asker.member is None or not asker.member.is_active:
                continue
            found.probes += 1
            asker.member.forget()
            visible = Item.objects.visible_to(asker.member).values("pk")
            told = Notice.objects.filter(member=asker.member, activity__item__isnull=False)
            if told.exclude(activity__item__in=visible).exists():
                yield f"{asker.name}: is told of something they may not read"
            seen = notices.unread_count(asker.member)
            may = _may_count(asker)
            if seen > may:
                yield f"{asker.name}: the bell counts {seen} notices, of which {may} are for them"
            for path in ("/notices/", "/"):
                answer = asker.client.get(path)
                found.probes += 1
                for what in _told(world, asker, said(answer), found, path):
                    yield f"{asker.name}: {path} with all notices delivered says {what}"


def _sent(world: World, askers: list[Asker], found: Found, _posting: Any) -> Iterator[str]:
    """No mail about a notice and no digest says what its reader may not see."""
    with rolled_back():
        for activity in Activity.objects.order_by("pk"):
            notices.deliver(activity)
        send_all()
        yield from _in_mails(world, askers, found)


def send_all() -> None:
    """All that is on its way, and a digest of two weeks for everybody, now."""
    now = timezone.now()
    digest.plan()
    Item.objects.update(active_at=now - timedelta(hours=1))
    Delivery.objects.waiting().update(due_at=now, created_at=now)
    NoticeSettings.objects.update(
        next_digest_at=now,
        digested_to=now - timedelta(days=14),
        quiet_from=None,
        quiet_to=None,
        discreet=False,
    )
    while mails.send_due():
        pass
    while digest.send_due():
        pass


def _in_mails(world: World, askers: list[Asker], found: Found) -> Iterator[str]:
    by_address = {asker.member.email: asker for asker in askers if asker.member is not None}
    for mail in OutboxMail.objects.filter(to__in=list(by_address)):
        asker = by_address[mail.to]
        asker.member.forget()
        found.probes += 1
        text = f"{mail.sender}\n{mail.subject}\n{mail.body_text}\n{mail.body_html}"
        for what in _told(world, asker, text, found, "/notices/"):
            yield f"{asker.name}: the mail “{mail.subject}” says {what}"


def _may_count(asker: Asker) -> int:
    """Notices whose item they may read by the query that everything else uses."""
    mine = Notice.objects.filter(member=asker.member)
    visible = Item.objects.visible_to(asker.member).values("pk")
    return (
        mine.filter(activity__item__in=visible).count() + mine.filter(activity__item=None).count()
    )


def _mail(world: World, askers: list[Asker], found: Found, _posting: Any) -> Iterator[str]:
    by_address = {asker.member.email: asker for asker in askers if asker.member is not None}
    for mail in OutboxMail.objects.all():
        asker = by_address.get(mail.to)
        found.probes += 1
        if asker is not None:
            text = f"{mail.subject}\n{mail.body_text}\n{mail.body_html}\n{mail.headers}"
            for what in _told(world, asker, text, found):
                yield f"{asker.name}: a mail says {what}"
