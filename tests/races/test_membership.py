"""Many people at one door at once: on real PostgreSQL, with real threads and real commits."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from community.models import (
    InvitationUse,
    Item,
    Member,
    Membership,
    MembershipEvent,
    Openness,
    Reaction,
    ReadMark,
    Ring,
    Space,
)
from community.operations import invitations, membership, reading, rings, stewards
from community.policies import Refused
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MANY = 20


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Start all acts in the same moment; what each returned, or the Refused it raised."""
    gate = threading.Barrier(len(acts), timeout=20)

    def run(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            gate.wait()
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refused(results: list[object]) -> int:
    return sum(isinstance(result, Refused) for result in results)


def fresh(member: Member) -> Member:
    """The person as another request would load them, with nothing cached."""
    return Member.objects.get(pk=member.pk)


def test_an_invitation_for_one_lets_one_of_twenty_in(north, ada):
    _invitation, token = factories.make_invitation(north, by=ada)
    crowd = [factories.make_member(root_ring=0) for _ in range(MANY)]
    before = Space.objects.get(pk=north.pk).member_count

    results = at_once(*(lambda m=m: invitations.use_invitation(token, by=fresh(m)) for m in crowd))

    assert refused(results) == MANY - 1
    assert InvitationUse.objects.count() == 1
    assert Membership.objects.filter(space=north, member__in=crowd).count() == 1
    assert Space.objects.get(pk=north.pk).member_count == before + 1
    assert (
        Space.objects.root().member_count
        == Membership.objects.filter(space__kind=Space.ROOT).count()
    )


def test_an_invitation_for_five_lets_five_in(north, ada):
    _invitation, token = factories.make_invitation(north, by=ada, max_uses=5)
    crowd = [factories.make_member() for _ in range(12)]
    results = at_once(*(lambda m=m: invitations.use_invitation(token, by=fresh(m)) for m in crowd))
    assert refused(results) == 7
    assert Membership.objects.filter(space=north, member__in=crowd).count() == 5


def test_one_person_who_clicks_an_invitation_twice_uses_it_once(north, ada, cleo):
    invitation, token = factories.make_invitation(north, by=ada, max_uses=5)
    results = at_once(
        *(lambda: invitations.use_invitation(token, by=fresh(cleo)) for _ in range(6))
    )
    assert refused(results) == 0
    invitation.refresh_from_db()
    assert invitation.uses == 1


def test_of_two_last_stewards_who_leave_one_stays(north, ada, ben):
    Membership.objects.filter(space=north, member=ben).update(ring=Ring.STEWARD)
    for _round in range(3):
        results = at_once(
            lambda: membership.leave(north, by=fresh(ada)),
            lambda: membership.leave(north, by=fresh(ben)),
        )
        assert refused(results) == 1
        stayed = Membership.objects.get(space=north, ring=Ring.STEWARD).member
        factories.belong(fresh(ada if stayed == ben else ben), north, ring=Ring.STEWARD)


def test_of_two_stewards_who_step_back_at_once_one_stays(north, ada, ben):
    Membership.objects.filter(space=north, member=ben).update(ring=Ring.STEWARD)
    results = at_once(
        lambda: rings.step_back(north, ring=Ring.PARTICIPANT, by=fresh(ada)),
        lambda: membership.leave(north, by=fresh(ben)),
    )
    assert refused(results) == 1
    assert Membership.objects.filter(space=north, ring=Ring.STEWARD).count() == 1


def test_of_two_stewards_who_lower_each_other_at_once_one_stays(ruth, cleo):
    root = Space.objects.root()
    Membership.objects.filter(space=root, member=cleo).update(ring=Ring.STEWARD)
    rows = {who.pk: Membership.objects.get(space=root, member=who) for who in (ruth, cleo)}
    results = at_once(
        *(
            lambda by=by, who=who: stewards.lower(
                rows[who.pk], ring=Ring.PARTICIPANT, by=fresh(by), reason="Because"
            )
            for by, who in ((ruth, cleo), (cleo, ruth))
        )
    )
    assert refused(results) == 1
    assert Membership.objects.filter(space=root, ring=Ring.STEWARD).count() == 1


def test_a_group_that_nobody_holds_is_given_one_steward_at_once(north, ada, ben, fay, ruth):
    Membership.objects.filter(space=north, member=ada).update(ring=Ring.CORE)
    rows = [Membership.objects.get(space=north, member=who) for who in (ben, fay)]
    results = at_once(*(lambda row=row: stewards.name_steward(row, by=fresh(ruth)) for row in rows))
    assert refused(results) == 1
    assert Membership.objects.filter(space=north, ring=Ring.STEWARD).count() == 1


def test_two_stewards_who_leave_the_community_at_once_do_not_orphan_their_group(north, ada, ben):
    Membership.objects.filter(space=north, member=ben).update(ring=Ring.STEWARD)
    root = Space.objects.root()
    results = at_once(
        lambda: membership.leave(root, by=fresh(ada)),
        lambda: membership.leave(root, by=fresh(ben)),
    )
    assert refused(results) == 1
    assert Membership.objects.filter(space=north, ring=Ring.STEWARD).count() == 1


def test_joining_twice_at_once_makes_one_membership(north, cleo):
    before = Space.objects.get(pk=north.pk).member_count
    at_once(*(lambda: membership.join(north, by=fresh(cleo)) for _ in range(8)))
    assert Membership.objects.filter(space=north, member=cleo).count() == 1
    assert Space.objects.get(pk=north.pk).member_count == before + 1
    log = MembershipEvent.objects.filter(space=north, member=cleo)
    assert [event.what for event in log] == [MembershipEvent.What.JOINED]


def test_a_crowd_joins_and_the_count_is_right(north):
    crowd = [factories.make_member() for _ in range(12)]
    results = at_once(*(lambda m=m: membership.join(north, by=fresh(m)) for m in crowd))
    assert refused(results) == 0
    assert (
        Space.objects.get(pk=north.pk).member_count
        == Membership.objects.filter(space=north).count()
    )


def test_newcomers_who_come_by_two_doors_do_not_wait_for_each_other_for_ever(ada, ruth):
    """Into a group (which lets into the community) and out of the community, at the same moment."""
    groups = [factories.make_space(steward=ada) for _ in range(3)]
    tokens = [factories.make_invitation(space, by=fresh(ada))[1] for space in groups]
    person = factories.make_member(root_ring=0)
    root = Space.objects.root()
    at_once(
        *(lambda t=token: invitations.use_invitation(t, by=fresh(person)) for token in tokens),
        lambda: membership.join(root, by=fresh(person)),
    )
    at_once(
        lambda: membership.leave(root, by=fresh(person)),
        *(lambda s=space: membership.leave(s, by=fresh(person)) for space in groups),
    )
    assert not Membership.objects.filter(member=person).exists()
    for space in [root, *groups]:
        assert (
            Space.objects.get(pk=space.pk).member_count
            == Membership.objects.filter(space=space).count()
        )


def test_two_stewards_who_accept_a_request_let_somebody_in_once(ada, ben, cleo):
    closed = factories.make_space("Closed", steward=ada, openness=Openness.CLOSED)
    factories.belong(ben, closed, ring=Ring.STEWARD)
    request = factories.make_request(closed, by=cleo)
    results = at_once(
        *(
            lambda who=who: membership.accept_request(request, by=fresh(who))
            for who in (ada, ben, ada, ben)
        )
    )
    assert refused(results) == 3
    assert Membership.objects.filter(space=closed, member=cleo).count() == 1
    assert Space.objects.get(pk=closed.pk).member_count == 3


def test_accepting_and_declining_at_once_does_one_of_them(ada, ben, cleo):
    closed = factories.make_space("Closed", steward=ada, openness=Openness.CLOSED)
    factories.belong(ben, closed, ring=Ring.STEWARD)
    request = factories.make_request(closed, by=cleo)
    results = at_once(
        lambda: membership.accept_request(request, by=fresh(ada)),
        lambda: membership.decline_request(request, by=fresh(ben), reason="Full."),
    )
    assert refused(results) == 1
    request.refresh_from_db()
    inside = Membership.objects.filter(space=closed, member=cleo).exists()
    assert inside == (request.state == "accepted")


def test_an_offer_that_is_accepted_twice_moves_somebody_once(north, ada, ben):
    held = Membership.objects.get(space=north, member=ben)
    offer = rings.offer_ring(held, ring=Ring.CORE, by=ada)
    results = at_once(*(lambda: rings.accept_proposal(offer, by=fresh(ben)) for _ in range(4)))
    assert refused(results) == 3
    moves = MembershipEvent.objects.filter(member=ben, what=MembershipEvent.What.MOVED)
    assert moves.count() == 1


def test_reactions_at_once_are_counted_right(north, ada, ben):
    topic = factories.make_topic(north, by=ada)
    people = [ada, ben] + [factories.make_member() for _ in range(6)]
    for member in people[2:]:
        factories.belong(member, north)
    at_once(*(lambda m=m: reading.react(topic, emoji="❤️", by=fresh(m)) for m in people))
    topic.refresh_from_db()
    assert topic.reaction_counts == {"❤️": 8}

    # The same person five times: on, off, on, off, on.
    at_once(*(lambda: reading.react(topic, emoji="👍", by=fresh(ben)) for _ in range(5)))
    topic.refresh_from_db()
    rows = Counter(Reaction.objects.filter(item=topic).values_list("emoji", flat=True))
    assert topic.reaction_counts == dict(rows) == {"❤️": 8, "👍": 1}


def test_answers_at_once_are_all_counted(north, ada, ben):
    topic = factories.make_topic(north, by=ada)
    at_once(
        *(
            lambda who=who: factories.make_comment(topic, by=fresh(who), text="Yes.")
            for who in (ada, ben) * 5
        )
    )
    topic.refresh_from_db()
    assert topic.comment_count == topic.comments.count() == 10


def test_answering_while_the_page_reports_what_was_read_ends_well(north, ada, ben):
    """Keys of read marks are checked on commit, while the answer holds the item."""
    topic = factories.make_topic(north, by=ada)
    held = threading.Barrier(2, timeout=20)

    def answer() -> None:
        with transaction.atomic():
            Item.objects.lock(topic)
            held.wait()
            time.sleep(0.3)  # long enough for the other's mark to be written and wait
            reading.mark_read(topic, by=fresh(ben))

    def report() -> None:
        held.wait()
        reading.mark_read(topic, by=fresh(ben))

    at_once(answer, report)
    assert ReadMark.objects.filter(item=topic, member=ben).count() == 1


def test_bookmarks_at_once_never_double(north, ada, ben):
    topic = factories.make_topic(north, by=ada)
    at_once(*(lambda: reading.bookmark(topic, by=fresh(ben)) for _ in range(6)))
    from community.models import Bookmark

    assert Bookmark.objects.filter(item=topic, member=ben).count() <= 1
