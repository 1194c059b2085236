"""The tests' world with hostile text in place of its canaries: wherever members' words appear.

What the leak matrix knows of is planted by the same hands, so a new place for words is in it the
day it is made. Names, titles, answers and messages hold every string of the corpus; narrower
places hold as many as fit, and go on where the last one ended.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile

from community.models import Comment, Community, Media, Member, Membership, Ring, Space, StaffRole
from community.operations import chat, comments, media, people, rules, site
from groups.operations import topics
from tests import factories
from tests.community.xss import CORPUS
from tests.world import Rule, World, finish, make_world

# PostgreSQL keeps no zero byte, and no form lets one through.
HOSTILE = [text.replace("\x00", "") for text in CORPUS]
BARE = ("slug", "handle", "address")
"""Words of a label of what is spelled in a few letters only."""
NARROW = {"name": 44, "topic in a room": 48, "file": 90}
WIDE = (
    "text", "reply", "answer", "as it was", "said", "charter", "appeal", "words of", "reason of",
    "concern", "reported", "hidden by", "request to talk",
)  # fmt: skip


def chunks(room: int, between: str = " ") -> Iterator[str]:
    """The whole corpus, a few strings at a time; what is longer than the room is left out."""
    held = ""
    for text in HOSTILE:
        said = " ".join(text.split()) if between == " " else text
        if len(said) > room:
            continue
        if held and len(held) + len(between) + len(said) > room:
            yield held
            held = ""
        held = held + between + said if held else said
    yield held


@dataclass
class Hostile(World):
    """Says something hostile wherever the world has a canary; what it said is counted."""

    next_of: dict[str, Iterator[str]] = field(default_factory=dict)
    planted: dict[str, int] = field(default_factory=dict)

    def word(self, what: str, rule: Rule) -> str:
        token = super().word(what, rule)
        if any(part in what for part in BARE):
            return token
        self.planted[what] = self.planted.get(what, 0) + 1
        narrow = next((room for part, room in NARROW.items() if part in what), 0)
        if not narrow and any(part in what for part in WIDE):
            return f"{token} {self.some(700, chr(10) * 2)}"
        return f"{token} {self.some(narrow or 130)}"

    def some(self, room: int, between: str = " ") -> str:
        """The next strings of the corpus that fit, each kind of place going on by itself."""
        key = f"{room}{between}"
        if key not in self.next_of:
            self.next_of[key] = itertools.cycle(chunks(room, between))
        return next(self.next_of[key])


def make_hostile() -> Hostile:
    """Everything, and ada, who may see it all: steward of the whole, with every staff role."""
    world = Hostile()
    finish(make_world(spaces=("open", "closed", "secret"), world=world))
    ada = world.ada
    Membership.objects.filter(member=ada, space=Space.objects.root()).update(ring=Ring.STEWARD)
    for role in StaffRole.Role:
        StaffRole.objects.get_or_create(member=ada, role=role)
    ada.forget()
    _name_people(world)
    _write(world)
    _describe(world)
    for person in world.people.values():
        person.forget()
    return world


def _name_people(world: Hostile) -> None:
    """A crowd that the whole corpus fits into; those the world knows get the first of it."""
    known = [
        member for name, member in world.people.items() if name not in ("closed_account", "sue")
    ]
    for number, name in enumerate(chunks(80)):
        member = known[number] if number < len(known) else factories.make_member()
        member.refresh_from_db()
        people.update_profile(
            member,
            by=member,
            name=name if any(letter.isalnum() for letter in name) else f"x {name}"[:80],
            pronouns=world.some(40),
            area=world.some(80),
            about=world.some(2000, "\n\n"),
            skills=world.some(300),
            spoken_languages=world.some(200),
            ask_me_about=world.some(200),
        )
    world.things["crowd"] = Member.objects.order_by("-pk")[0]


def _write(world: Hostile) -> None:
    """A topic that holds everything, answers that do, titles that do, and a room that does.

    ada writes them, for what stewards write is never taken for a flood.
    """
    space, ada, ben = world.open, world.ada, world.ben
    for person in (ada, ben):
        person.refresh_from_db()
        person.forget()
    picture = SimpleUploadedFile(
        f"{world.some(90).replace('/', '')}.png", factories.picture(), content_type="image/png"
    )
    shown = media.store_upload(
        picture, purpose=Media.Purpose.ATTACHMENT, by=ada, alt=world.some(300)
    )
    everything = topics.post_topic(
        space.group,
        by=ada,
        title=world.some(160),
        text=f"soon ![{world.some(90)}](media:{shown.token})\n\n" + "\n\n".join(HOSTILE),
        media=[shown.token],
    )
    world.things["everything"] = everything
    for words in chunks(900, "\n\n"):
        comments.post_comment(everything, text=f"soon {words}", by=ada)
    parent = Comment.objects.filter(item=everything).order_by("pk").first()
    comments.post_comment(everything, text=f"soon {world.some(700)}", by=ada, parent=parent)
    for title in chunks(160):
        factories.make_topic(space, by=ben, title=title, text=f"soon {world.some(160)}")
    room = space.rooms.get(is_first=True)
    for words in chunks(3000, "\n\n"):
        chat.post_message(
            room, text=f"soon {words}", topic=world.some(60), client_id=uuid.uuid4(), by=ada
        )
    for _n in range(6):
        made = chat.make_room(space, name=f"x {world.some(50)}"[:60], by=ada)
        chat.change_room(made, by=ada, purpose=world.some(200))
    for _n in range(8):
        group = factories.make_space(
            f"x {world.some(70)}"[:80],
            slug=uuid.uuid4().hex[:12],
            steward=ada,
            purpose=world.some(280),
        ).group
        group.area, group.rhythm = world.some(80), world.some(160)
        group.save()


def _describe(world: Hostile) -> None:
    """What the organisation says of itself, its rules and its papers."""
    ada = world.ada
    ada.forget()
    site.describe_site(
        Community.objects.current(),
        by=ada,
        name=f"x {world.some(70)}"[:80],
        areas=[world.some(80) for _n in range(3)],
        wishes=[world.some(80) for _n in range(3)],
        tagline=world.some(120),
        intro=world.some(2000, "\n\n"),
        welcome=world.some(2000, "\n\n"),
    )
    site.set_home(
        Community.objects.current(),
        by=ada,
        shows=[],
        contact_email="office@example.org",
        contact_note=world.some(200),
        links=[
            {"label": world.some(40), "url": "https://example.org/\"'><svg/onload=window.__pwn=1>"},
            {"label": world.some(40), "url": "/\"'onmouseover=window.__pwn=1 x="},
        ],
    )
    for _n in range(3):
        rules.add_rule(title=world.some(80), text=world.some(400), by=ada)
    factories.make_agreement(
        f"x {world.some(100)}", by=ada, text="\n\n".join(HOSTILE), required=False
    )
