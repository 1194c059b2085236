"""A whole community with something of everything in it, for the tests that walk every address.

Every private word in it is a *canary*: a unique string with a rule that says who may see it. The
rules are asked when the answer is read, so that they follow people who leave or are removed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from community.models import (
    Block,
    Bookmark,
    Follow,
    Item,
    Measure,
    Media,
    Member,
    Membership,
    MembershipEvent,
    Openness,
    Ring,
    Space,
    StaffRole,
)
from community.operations import drafts, media, membership, people, reading, rings, writing
from groups.models import Topic
from groups.operations import charters
from groups.operations import groups as group_operations
from tests import announced, chatted, entrusted, factories, reported, sanctioned, welcomed

CANARY = re.compile(r"zq(\d{6})w", re.IGNORECASE)
Rule = Callable[[Member | None], bool]


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ring_of(member: Member | None, space: Space) -> int:
    """The ring by the tables, not by any cache or policy; who is closed or suspended has none."""
    if member is None:
        return 0
    suspended = Measure.objects.in_force().filter(member=member, kind=Measure.Kind.SUSPEND)
    if suspended.exists():
        return 0
    held = Membership.objects.filter(member=member, space=space, member__is_active=True).first()
    return held.ring if held else 0


@dataclass
class World:
    """People by name, spaces by openness, things by name, and the canaries."""

    people: dict[str, Member] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    canaries: dict[str, tuple[str, Rule]] = field(default_factory=dict)
    pictures: dict[str, tuple[str, Rule]] = field(default_factory=dict)
    """By the token of their address: no words stand in them, so whoever gets one is asked."""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __getattr__(self, name: str) -> Any:
        for shelf in ("people", "spaces", "things"):
            if name in self.__dict__.get(shelf, {}):
                return self.__dict__[shelf][name]
        raise AttributeError(name)

    # Canaries and who may see them

    def word(self, what: str, rule: Rule) -> str:
        token = f"zq{next(self.numbers):06d}w"
        self.canaries[token] = (what, rule)
        return token

    def leaks(self, text: str, reader: Member | None, known: frozenset[str] = frozenset()) -> list:
        """What the text says that its reader may not see."""
        found = {f"zq{number}w" for number in CANARY.findall(text)}
        return sorted(
            self.canaries[token][0]
            for token in found - known
            if token in self.canaries and not self.canaries[token][1](reader)
        )

    def shows(self, text: str) -> set[str]:
        return {self.canaries[f"zq{number}w"][0] for number in set(CANARY.findall(text))}

    # Rules

    def knows(self, space: Space) -> Rule:
        """May learn that the space exists."""

        def rule(reader: Member | None) -> bool:
            now = Space.objects.get(pk=space.pk)
            if ring_of(reader, now):
                return True
            if now.openness == Openness.PUBLIC:
                return True
            inside = ring_of(reader, Space.objects.root()) > 0
            return inside and now.openness != Openness.SECRET

        return rule

    def was_sent_away(self, space: Space) -> Rule:
        """Who was removed reads from what, and may appeal."""
        return lambda reader: (
            reader is not None
            and MembershipEvent.objects.filter(
                space=space, member=reader, what=MembershipEvent.What.REMOVED
            ).exists()
        )

    def belongs(self, space: Space, ring: int = Ring.FOLLOWER) -> Rule:
        return lambda reader: ring_of(reader, space) >= ring

    def reads(self, item: Item) -> Rule:
        """The oracle of tests/community/test_visibility.py, asked of the tables."""

        def rule(reader: Member | None) -> bool:
            from tests.community.test_visibility import may_read

            row = Item.objects.select_related("space").get(pk=item.pk)
            pair = {getattr(reader, "pk", None), row.author_id}
            apart = Block.objects.filter(member__in=pair, blocked__in=pair).exists()
            return may_read(
                Member.objects.get(pk=reader.pk) if reader else None,
                row,
                ring=ring_of(reader, row.space),
                root_ring=ring_of(reader, Space.objects.root()),
                apart=apart and None not in pair,
            )

        return rule

    def only(self, *members: Member) -> Rule:
        allowed = {member.pk for member in members}
        return lambda reader: reader is not None and reader.pk in allowed

    def either(self, *rules: Rule) -> Rule:
        return lambda reader: any(rule(reader) for rule in rules)

    def nobody(self) -> Rule:
        return lambda reader: False


OPENNESS = ("public", "open", "closed", "secret")
INSIDE = {"ada": Ring.STEWARD, "cora": Ring.CORE, "ben": Ring.PARTICIPANT, "fay": Ring.FOLLOWER}


def make_world(*, spaces: tuple[str, ...] = OPENNESS, world: World | None = None) -> World:
    """The people first, then one group of each openness with all that can be in one."""
    world = world or World()
    factories.make_community()
    make_people(world)
    for name in spaces:
        fill_space(world, name)
    return world


def make_people(world: World) -> None:
    add = world.people.__setitem__
    add("ruth", factories.make_member("Ruth Ortega", root_ring=Ring.STEWARD))
    for name in INSIDE:
        add(name, factories.make_member(f"{name.title()} Inside"))
    add("cleo", factories.make_member("Cleo Okafor"))
    add("mo", factories.make_member("Mo Haddad", staff=StaffRole.Role.MODERATOR))
    add("sol", factories.make_member("Sol Lead", staff=StaffRole.Role.SAFEGUARDING))
    add("bea", factories.make_member("Bea Bypass", staff=StaffRole.Role.SAFEGUARDING_BYPASS))
    sanctioned.people(world)
    add("stranger", factories.make_member("Stranger Account", root_ring=0))
    for name in (
        "former",
        "removed",
        "applicant",
        "invitee",
        "blocked",
        "closed_account",
        "wes",
        "olga",
    ):
        add(name, factories.make_member(f"{name.title()} Person"))
    # Everybody's address is their own; hana writes in closed groups only, and is known to those
    # she shares one with; olga writes where everybody reads.
    address = world.word("ben's address", world.only(world.ben))
    Member.objects.filter(pk=world.ben.pk).update(email=f"{address}@example.org")
    hana = factories.make_member("Hana", profile_seen_by=Member.SeenBy.GROUPS, in_directory=True)
    add("hana", hana)
    shares = world.either(
        world.only(hana),
        lambda reader: bool(
            reader
            and Membership.objects.filter(
                member=reader,
                member__is_active=True,
                space__in=Membership.objects.filter(member=hana, space__kind="group").values(
                    "space"
                ),
            ).exists()
        ),
        lambda reader: ring_of(reader, Space.objects.root()) == Ring.STEWARD,
    )
    hana.name = f"Hana {world.word('hana’s name', shares)}"
    hana.handle = world.word("hana’s handle", shares)
    hana.about = world.word("hana’s about", shares)
    hana.skills = f"{world.word('what hana can do', shares)}, sings"
    hana.email = f"{world.word('hana’s address', world.only(hana))}@example.org"
    hana.save()
    west = factories.make_space("West", steward=world.wes)
    world.spaces["west"] = west


def _upload(world: World, word: str, by: Member) -> Media:
    """A text file whose name, description and bytes are canaries."""
    file = SimpleUploadedFile(f"{word}.txt", f"{word}\n".encode(), content_type="text/plain")
    return media.store_upload(file, purpose=Media.Purpose.ATTACHMENT, by=by, alt=word)


def _picture(by: Member, purpose: str, name: str = "picture.png") -> Media:
    file = SimpleUploadedFile(name, factories.picture((400, 200)), content_type="image/png")
    return media.store_upload(file, purpose=purpose, by=by)


def fill_space(world: World, name: str) -> Space:
    ada = world.ada
    space = factories.make_space(f"Space {name}", openness=name, slug=f"space-{name}", steward=ada)
    world.spaces[name] = space
    knows = world.knows(space)
    # Reserved words must be made before the rows, whose rules need the rows.
    named = world.either(knows, world.was_sent_away(space))
    space.name = f"{name} {world.word(f'{name}: name', named)}"
    space.slug = world.word(f"{name}: slug", named)
    space.purpose = f"{world.word(f'{name}: purpose', knows)} for the harbour"
    if space.join_policy == Space.JoinPolicy.ASK:
        space.questions = [world.word(f"{name}: question", knows)]
    space.save()
    group = space.group
    group.rhythm = world.word(f"{name}: rhythm", knows)
    group.outside_link = "https://example.org/" + world.word(
        f"{name}: outside link", world.belongs(space)
    )
    group.save()
    for person, ring in INSIDE.items():
        if person != "ada":
            factories.belong(world.people[person], space, ring=ring)
    more = ("hana", "closed_account") if name in ("closed", "secret") else ("olga", "blocked")
    for person in more:
        factories.belong(world.people[person], space, ring=Ring.PARTICIPANT)
    agreed = knows if name in ("public", "open") else world.belongs(space)
    charters.adopt_charter(
        group, by=ada, purpose=world.word(f"{name}: charter", agreed), norms="Be kind."
    )
    cover = _picture(ada, Media.Purpose.COVER)
    group_operations.set_cover(group, cover=cover, by=ada)
    world.things[f"{name}_cover"] = cover
    world.pictures[cover.token] = (f"{name}: cover", knows)
    _talk(world, name, space)
    _doors(world, name, space)
    chatted.fill(world, name, space)
    reported.fill(world, name, space)
    announced.fill(world, name, space)
    if name in ("closed", "secret"):
        welcomed.fill(world, name, space)
    for person in world.people.values():
        person.forget()
    return space


def _topic(world: World, name: str, space: Space, ring: int, state: str = "") -> Topic:
    """Title, text, an earlier text, a file, and an answer with a reply: all canaries."""
    label = f"{name}: topic of ring {ring} {state}".strip()
    writer = world.hana if name in ("closed", "secret") else world.olga
    # What followers read is ada's, with an answer by somebody whom one reader keeps away.
    author = world.ada if ring > Ring.PARTICIPANT or ring == Ring.FOLLOWER else writer
    topic = factories.make_topic(space, by=author, min_ring=ring, title="Soon", text="Soon.")
    rule = world.reads(topic)
    old = world.word(f"{label}, as it was", rule)
    topic.title = f"{world.word(f'{label}, title', rule)} soon"
    topic.save()
    writing.set_text(topic, old)
    writing.keep_revision(topic, by=author)
    file = _upload(world, world.word(f"{label}, file", rule), author)
    text = f"{world.word(f'{label}, text', rule)} comes soon."
    writing.set_text(topic, text, media=[file.token])
    others = writer if ring == Ring.FOLLOWER else world.ben
    answerer = world.cora if ring > Ring.PARTICIPANT else others
    for person in (author, answerer):
        person.forget()
    answer = None
    if not state and ring < Ring.STEWARD:
        mention = f"@{world.cora.handle}" if answerer != world.cora else f"@{world.ada.handle}"
        answer = factories.make_comment(topic, by=answerer, text="Soon.")
        said = f"{world.word(f'{label}, answer', world.reads(answer))} soon {mention}"
        writing.set_text(answer, said)
        reply = factories.make_comment(topic, by=author, text="Soon.", parent=answer)
        writing.set_text(reply, f"{world.word(f'{label}, reply', world.reads(reply))} soon")
    world.things[f"{name}_{ring}{state}"] = topic
    world.things[f"{name}_{ring}{state}_file"] = file
    if answer is not None:
        world.things[f"{name}_{ring}_answer"] = answer
    return topic


def _talk(world: World, name: str, space: Space) -> None:
    for ring in (0, 1, 2, 3, 4):
        _topic(world, name, space, ring)
    gone = _topic(world, name, space, 2, "deleted")
    writing.delete_item(gone, by=world.ada)
    hidden = _topic(world, name, space, 2, "hidden")
    Item.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now())
    talk, core = world.things[f"{name}_2"], world.things[f"{name}_3"]
    reading.bookmark(talk, by=world.ben)
    reading.react(talk, emoji="❤️", by=world.ben)
    begun = world.word(f"{name}: ben's draft", world.only(world.ben))
    drafts.save_draft(f"comment:{talk.pk}", {"text": begun}, by=world.ben)
    drafts.save_draft(f"topic:{space.pk}", {"title": begun, "text": begun}, by=world.ben)
    reading.bookmark(core, by=world.cora)
    loose = _upload(world, world.word(f"{name}: file not posted", world.only(world.ben)), world.ben)
    world.things[f"{name}_loose"] = loose


def _doors(world: World, name: str, space: Space) -> None:
    """People who want in, are asked in, move, went and were sent away."""
    ada, ben, fay = world.ada, world.ben, world.fay
    stewards = world.belongs(space, Ring.STEWARD)
    community_stewards = world.belongs(Space.objects.root(), Ring.STEWARD)
    if name in ("closed",):
        applicant = world.applicant
        answer = world.word(
            f"{name}: answer of an applicant", world.either(stewards, world.only(applicant))
        )
        request = factories.make_request(space, by=applicant, answers=[answer])
        world.things[f"{name}_request"] = request
    note = world.word(
        f"{name}: note of an invitation", world.either(stewards, world.only(world.invitee))
    )
    invitation, token = factories.make_invitation(space, by=ada, note=note)
    world.things[f"{name}_invitation"], world.things[f"{name}_token"] = invitation, token
    held = Membership.objects.get(space=space, member=ben)
    offer = rings.offer_ring(
        held,
        ring=Ring.CORE,
        by=ada,
        note=world.word(f"{name}: note of an offer", world.either(stewards, world.only(ben))),
    )
    asked = rings.ask_for_ring(
        space,
        ring=Ring.PARTICIPANT,
        by=fay,
        note=world.word(f"{name}: note of asking", world.either(stewards, world.only(fay))),
    )
    world.things[f"{name}_offer"], world.things[f"{name}_asked"] = offer, asked
    factories.belong(world.former, space)
    membership.leave(space, by=world.former)
    reason = world.word(
        f"{name}: reason of a removal",
        world.either(stewards, community_stewards, world.only(world.removed)),
    )
    held = factories.belong(world.removed, space)
    event = membership.remove(held, by=ada, reason=reason)
    text = world.word(
        f"{name}: an appeal", world.either(community_stewards, world.only(world.removed))
    )
    # They followed and kept what they can no longer read.
    for person in (world.former, world.removed):
        Follow.objects.create(member=person, item_id=world.things[f"{name}_2"].pk)
        Bookmark.objects.create(member=person, item_id=world.things[f"{name}_2"].pk)
        drafts.save_draft(f"comment:{world.things[f'{name}_2'].pk}", {"text": "So"}, by=person)
        drafts.save_draft(f"topic:{space.pk}", {"text": "So"}, by=person)
    world.things[f"{name}_event"] = event
    world.things[f"{name}_appeal"] = membership.appeal(event, by=world.removed, text=text)


def close_account(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(is_active=False)


def block_author(world: World) -> None:
    """``blocked`` takes part in the open group, and olga, who writes there, keeps them away."""
    people.block(world.blocked, by=world.olga)


def finish(world: World) -> World:
    """The last strokes, which would stand in the way of the others."""
    chatted.finish(world)
    sanctioned.fill(world)
    entrusted.fill(world)
    block_author(world)
    close_account(world.closed_account)
    count_rows()
    return world


def count_rows() -> None:
    """Let PostgreSQL plan with the rows of this transaction.

    A world stands uncommitted for minutes; whatever looks at its tables from outside meanwhile
    (autovacuum) counts none of its rows, and plans made of that take seconds. Analysed here, the
    tables are locked against it until the transaction ends.
    """
    ours = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(map(connection.ops.quote_name, ours)))
