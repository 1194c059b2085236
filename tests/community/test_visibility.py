"""Who may read what: ``visible_to`` against the same rule stated again in plain Python."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from community import audience
from community.htmx import load
from community.models import Block, Item, Measure, Member, Membership, Openness, Ring, Space
from community.operations import membership, rings, writing
from community.operations import moderation as decisions
from community.operations.reports import report_item
from community.policies import Refused
from groups.models import Topic
from tests import factories


def may_read(reader: Member | None, item: Item, *, ring: int, root_ring: int, apart: bool) -> bool:
    """The oracle: written from the words of the design, not from the query."""
    space = item.space
    if item.deleted_at or item.hidden_at:
        return False
    here = reader is not None and reader.is_active and not reader.is_suspended
    if here and apart and ring < 4:
        return False
    listed = space.listed_at is not None
    if space.openness == "public" and listed and item.min_ring == 0:
        return True
    if not here:
        return False
    if ring and ring >= item.min_ring:
        return True
    reads_along = space.openness in ("public", "open") and listed and root_ring > 0
    return reads_along and item.min_ring <= 2


# The truth table


@pytest.fixture
def table(community, ruth):
    """Every space, ring and state, each with readers of every ring beside it."""
    author = factories.make_member("Author")
    hater, hated = factories.make_member("Hater"), factories.make_member("Hated")
    stewards = factories.make_member("Hating steward"), factories.make_member("Hated steward")
    for one, other in ((hater, hated), stewards):
        Block.objects.create(member=one, blocked=author)
        Block.objects.create(member=author, blocked=other)
    readers = {
        "guest": None,
        "stranger": factories.make_member("Stranger", root_ring=0),
        "cleo": factories.make_member("Cleo"),
        "closed account": factories.make_member("Gone"),
        "suspended": factories.make_member("Out"),
        "root steward": ruth,
        "hater": hater,
        "hated": hated,
        "hating steward": stewards[0],
        "hated steward": stewards[1],
        **{f"ring {ring}": factories.make_member(f"Ring {ring}") for ring in (1, 2, 3, 4)},
    }
    items = []
    for openness, listed in product(Openness.values, (True, False)):
        space = factories.make_space(f"{openness} {listed}", openness=openness, listed=listed)
        factories.belong(author, space, ring=Ring.STEWARD)
        for name in ("hater", "hated"):
            factories.belong(readers[name], space, ring=Ring.CORE)
        for name in ("hating steward", "hated steward", "closed account", "suspended"):
            factories.belong(readers[name], space, ring=Ring.STEWARD)
        for ring in (1, 2, 3, 4):
            factories.belong(readers[f"ring {ring}"], space, ring=ring)
        for min_ring, state in product(Ring.values, ("there", "deleted", "hidden")):
            now = timezone.now()
            items.append(
                Topic.objects.create(
                    kind=Topic.KIND,
                    space=space,
                    author=author,
                    min_ring=min_ring,
                    title=f"{openness} {listed} {min_ring} {state}",
                    deleted_at=now if state == "deleted" else None,
                    hidden_at=now if state == "hidden" else None,
                )
            )
    Member.objects.filter(name="Gone").update(is_active=False)
    until = timezone.now() + timedelta(days=1)
    Member.objects.filter(name="Out").update(suspended_until=until)
    for reader in readers.values():
        if reader is not None:
            reader.refresh_from_db()
            reader.forget()
    apart = {"hater", "hated", "hating steward", "hated steward"}
    return SimpleNamespace(readers=readers, items=items, apart=apart)


def _ring(reader: Member | None, space: Space) -> int:
    found = Membership.objects.filter(member=reader, space=space).first() if reader else None
    return found.ring if found else 0


def expected(table, name: str) -> set[str]:
    reader = table.readers[name]
    root = _ring(reader, Space.objects.root())
    rings_held = {item.space_id: _ring(reader, item.space) for item in table.items[::15]}
    return {
        item.title
        for item in table.items
        if may_read(
            reader,
            item,
            ring=rings_held[item.space_id],
            root_ring=root,
            apart=name in table.apart,
        )
    }


def test_visible_to_says_what_the_design_says(table):
    assert len(table.items) == 4 * 2 * 5 * 3
    there = [item for item in table.items if not item.deleted_at and not item.hidden_at]
    assert {item.title for item in there if item.is_on_the_web} == expected(table, "guest")
    for name, reader in table.readers.items():
        should = expected(table, name)
        for rows in (Item.objects, Topic.objects):
            seen = set(rows.visible_to(reader).values_list("title", flat=True))
            assert seen == should, f"{name} through {rows.model.__name__}"
    assert len(expected(table, "guest")) == 1
    assert len(expected(table, "ring 4")) == 4 * 2 * 5
    assert expected(table, "hater") == expected(table, "hated") == set()


def test_load_and_visible_to_agree(table):
    from django.contrib.auth.models import AnonymousUser
    from django.http import Http404

    for name in ("guest", "stranger", "cleo", "ring 1", "ring 3", "hater"):
        request = RequestFactory().get("/")
        request.user = table.readers[name] or AnonymousUser()
        opened = set()
        for item in table.items:
            try:
                opened.add(load(Topic, request, pk=item.pk).title)
            except Http404:
                continue
        assert opened == expected(table, name), name


def test_readers_is_visible_to_turned_round(table):
    should = {name: expected(table, name) for name in table.readers if name != "guest"}
    for item in table.items:
        found = set(audience.readers(item).values_list("pk", flat=True))
        for name, titles in should.items():
            reader = table.readers[name]
            if not reader.is_present:
                assert reader.pk not in found, f"{name} is told of {item.title}"
            else:
                assert (reader.pk in found) == (item.title in titles), f"{name}: {item.title}"


def test_who_learns_of_a_space(table):
    spaces = {item.space for item in table.items}
    for name, reader in table.readers.items():
        for space in spaces:
            ring = _ring(reader, space) if reader and reader.is_present else 0
            root = _ring(reader, Space.objects.root()) if reader and reader.is_present else 0
            listed = space.listed_at is not None
            should = bool(
                ring
                or (listed and space.openness == "public")
                or (listed and root and space.openness != "secret")
            )
            found = Space.objects.visible_to(reader).filter(pk=space.pk).exists()
            assert found == should, f"{name}: {space.name}"


# People


@pytest.mark.parametrize("seen_by", Member.SeenBy.values)
def test_who_sees_whom(seen_by, north, ada, ben, cleo, ruth):
    stranger = factories.make_member("Stranger", root_ring=0)
    newcomer = factories.make_member("Newcomer", onboarded=False)
    person = factories.make_member("Person", profile_seen_by=seen_by)
    factories.belong(person, north, ring=Ring.FOLLOWER)

    def sees(viewer: Member | None) -> bool:
        if viewer is not None:
            viewer.forget()
        return Member.objects.visible_to(viewer).filter(pk=person.pk).exists()

    assert sees(person)
    assert not sees(None)
    assert not sees(stranger)
    assert sees(ada), "stewards see the people of their group"
    assert sees(ruth), "stewards of the whole community see everybody"
    assert sees(ben) == (seen_by in ("groups", "members"))
    assert sees(cleo) == (seen_by == "members")
    assert not Member.objects.visible_to(cleo).filter(pk=newcomer.pk).exists()

    Block.objects.create(member=person, blocked=ada)
    assert not sees(ada), "a block hides both ways, from stewards too"


def test_a_closed_account_sees_nothing_and_is_not_seen(north, ben, cleo):
    Member.objects.filter(pk=ben.pk).update(is_active=False)
    ben.refresh_from_db()
    ben.forget()
    assert not Member.objects.visible_to(ben).exists()
    assert not Member.objects.visible_to(cleo).filter(pk=ben.pk).exists()


# Any order of joining, leaving, moving, posting and blocking


class Life(RuleBasedStateMachine):
    """Five people, three groups; after every step everybody reads exactly what the model says."""

    @initialize()
    def begin(self):
        from django.db import transaction

        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.root = Space.objects.root()
        self.people = [factories.make_member(f"P{n}") for n in range(5)]
        self.spaces = [
            factories.make_space(f"S{n}", openness=openness)
            for n, openness in enumerate(("open", "closed", "secret"))
        ]
        self.rings: dict[tuple[int, int], int] = {}
        self.items: list[Item] = []
        self.apart: set[frozenset[int]] = set()
        self.out: set[int] = set()
        self.mo = factories.make_member("Mo Moderator", staff="moderator")
        self.rita = factories.make_member("Rita Reports")
        self.written = factories.make_rule()
        self.hidden: dict[int, Measure] = {}
        for space in self.spaces:
            factories.belong(self.people[0], space, ring=Ring.STEWARD)
            self.rings[0, space.pk] = 4

    def teardown(self):
        from django.db import transaction

        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    who = st.integers(0, 4)
    where = st.integers(0, 2)

    def _fresh(self, who: int) -> Member:
        self.people[who] = Member.objects.get(pk=self.people[who].pk)
        return self.people[who]

    def _stewards(self, space: Space) -> list[int]:
        return [who for (who, pk), ring in self.rings.items() if pk == space.pk and ring == 4]

    @rule(who=who, where=where, ring=st.sampled_from([1, 2]))
    def join(self, who, where, ring):
        space, member = self.spaces[where], self._fresh(who)
        try:
            membership.join(space, by=member, ring=ring)
        except Refused:
            assert (who, space.pk) in self.rings or where != 0 or who in self.out
        else:
            assert where == 0
            self.rings[who, space.pk] = ring

    @rule(who=who, where=where)
    def leave(self, who, where):
        space, member = self.spaces[where], self._fresh(who)
        try:
            membership.leave(space, by=member)
        except Refused:
            ring = self.rings.get((who, space.pk))
            others = set(self._stewards(space)) - {who}
            assert ring is None or (ring == 4 and others <= self.out)
        else:
            del self.rings[who, space.pk]

    @rule(who=who, by=who, where=where)
    def remove(self, who, by, where):
        space = self.spaces[where]
        found = Membership.objects.filter(space=space, member=self.people[who]).first()
        if found is None:
            return
        try:
            membership.remove(found, by=self._fresh(by), reason="Because.")
        except Refused:
            assert (
                self.rings.get((by, space.pk)) != 4
                or who == by
                or self.rings[who, space.pk] == 4
                or by in self.out
            )
        else:
            assert self.rings.get((by, space.pk)) == 4
            del self.rings[who, space.pk]

    @rule(who=who, by=who, where=where, ring=st.integers(1, 4))
    def move(self, who, by, where, ring):
        space = self.spaces[where]
        if (who, space.pk) not in self.rings:
            if self.rings.get((by, space.pk)) == 4:
                factories.belong(self._fresh(who), space, ring=2)
                self.rings[who, space.pk] = 2
            return
        held = Membership.objects.get(space=space, member=self.people[who])
        try:
            offer = rings.offer_ring(held, ring=ring, by=self._fresh(by))
            rings.accept_proposal(offer, by=self._fresh(who))
        except Refused:
            return
        assert self.rings[by, space.pk] == 4
        self.rings[who, space.pk] = ring

    @rule(who=who, where=where, ring=st.integers(0, 4))
    def post(self, who, where, ring):
        topic = Topic.objects.create(
            kind=Topic.KIND,
            space=self.spaces[where],
            author=self.people[who],
            min_ring=ring,
            title=str(len(self.items)),
        )
        self.items.append(topic)

    @precondition(lambda self: self.items)
    @rule(pick=st.integers(0, 999))
    def delete_or_restore(self, pick):
        item = self.items[pick % len(self.items)]
        act = writing.restore_item if item.deleted_at else writing.delete_item
        try:
            item.deleted_at = act(item, by=Member.objects.get(pk=item.author_id)).deleted_at
        except Refused:
            assert item.hidden_at, "only a decision keeps an author from their own words"

    @precondition(lambda self: self.items)
    @rule(pick=st.integers(0, 999))
    def hide_or_show(self, pick):
        """By a report and a moderator's decision, as in life."""
        item = self.items[pick % len(self.items)]
        if item.hidden_at:
            decisions.lift_measure(self.hidden.pop(item.pk), reason="Fine.", by=self.mo)
            item.hidden_at = None
        else:
            case = report_item(item, by=self.rita, words="Look.").case
            self.hidden[item.pk] = decisions.hide_reported(
                case, rule=self.written, reason="Because.", by=self.mo
            )
            item.hidden_at = timezone.now()

    @rule(who=who, by=who, where=where)
    def ask_and_be_let_in(self, who, by, where):
        space = self.spaces[where]
        try:
            asked = membership.ask_to_join(space, by=self._fresh(who))
            membership.accept_request(asked, by=self._fresh(by))
        except Refused:
            return
        assert self.rings[by, space.pk] == 4
        assert not {who, by} & self.out
        self.rings[who, space.pk] = 2

    @rule(one=who, other=who)
    def block_or_make_up(self, one, other):
        pair = frozenset((one, other))
        if len(pair) == 2:
            if pair in self.apart:
                self.apart.discard(pair)
                a, b = (self.people[n] for n in pair)
                Block.objects.filter(member__in=(a, b), blocked__in=(a, b)).delete()
            else:
                self.apart.add(pair)
                Block.objects.create(member=self.people[one], blocked=self.people[other])

    @rule(who=who)
    def suspend_or_lift(self, who):
        """The rings stay, and rest."""
        if who in self.out:
            self.out.discard(who)
            until = timezone.now() - timedelta(seconds=1)
        else:
            self.out.add(who)
            until = timezone.now() + timedelta(days=1)
        Member.objects.filter(pk=self.people[who].pk).update(suspended_until=until)

    @rule(where=where, openness=st.sampled_from(Openness.values))
    def change_the_door(self, where, openness):
        if where:
            self.spaces[where].openness = openness
            self.spaces[where].save(update_fields=["openness"])

    @invariant()
    def everybody_reads_what_the_model_says(self):
        if not hasattr(self, "spaces"):
            return
        index = {person.pk: n for n, person in enumerate(self.people)}
        for who in [None, *range(5)]:
            reader = None if who is None else self._fresh(who)
            seen = set(Topic.objects.visible_to(reader).values_list("title", flat=True))
            should = {
                item.title
                for item in self.items
                if may_read(
                    reader,
                    item,
                    ring=0 if who in self.out else self.rings.get((who, item.space_id), 0),
                    root_ring=0 if who is None or who in self.out else 2,
                    apart=frozenset((who, index[item.author_id])) in self.apart,
                )
            }
            assert seen == should

    @invariant()
    def the_counts_are_right(self):
        if not hasattr(self, "spaces"):
            return
        for space in self.spaces:
            held = {who: ring for (who, pk), ring in self.rings.items() if pk == space.pk}
            assert 4 in held.values(), "a group is never without a steward"
            assert Space.objects.get(pk=space.pk).member_count == len(held)
            rows = Membership.objects.filter(space=space).values_list("member", "ring")
            assert dict(rows) == {self.people[who].pk: ring for who, ring in held.items()}


@pytest.mark.slow
@pytest.mark.parametrize("lives", [12, pytest.param(100, marks=pytest.mark.long)])
def test_no_order_of_acts_shows_anybody_too_much(community, lives):
    """240 steps every time, 2,000 when there is time (`-m long`)."""
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=lives,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a failure says enough; making it small takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_what_nobody_wrote_any_more_is_read_by_who_blocks_somebody(ada, ben, north):
    topic = factories.make_topic(north, by=ada, title="From before")
    Item.objects.filter(pk=topic.pk).update(author=None)
    other = factories.make_member("Other")
    Block.objects.create(member=ben, blocked=other)
    ben.forget()
    assert Item.objects.visible_to(ben).filter(pk=topic.pk).exists()
    assert audience.readers(Item.objects.get(pk=topic.pk)).filter(pk=ben.pk).exists()
