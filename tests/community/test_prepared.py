"""A prepared question answers everybody as if it had been composed for them alone."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db.models.functions import Greatest
from django.utils import timezone

from community import prepared
from community.models import Block, Item, Member, Membership, Message, Openness, Ring, Space
from tests import factories

pytestmark = pytest.mark.django_db


@prepared.prepared
def _readable(reader, space, *, most):
    return Item.objects.visible_to(reader).filter(space=space).order_by("pk")[:most]


@prepared.prepared
def _known(reader):
    return Space.objects.visible_to(reader).order_by("pk")


@prepared.prepared
def _seen(reader):
    return Member.objects.visible_to(reader).order_by("pk")


@prepared.prepared
def _named(name, since):
    return Space.objects.filter(name=name, created_at__lte=since)


@prepared.prepared
def _sent(client_id):
    return Message.objects.filter(client_id=client_id)


@prepared.prepared_update
def _renumber(space, now, position, *, least):
    rows = Membership.objects.filter(space=space, ring__gte=least)
    return rows, {"position": Greatest("ring", position), "joined_at": now}


@prepared.prepared_update
def _of_nobody(now):
    return Membership.objects.none(), {"joined_at": now}


def fresh(member: Member | None) -> Member | None:
    return member and Member.objects.get(pk=member.pk)


def test_everybody_gets_what_they_may_see(ada, ben, fay, cleo, mo, north):
    secret = factories.make_group("Hidden", openness=Openness.SECRET)
    factories.belong(cleo, secret.space, ring=Ring.CORE)
    for space in (north, secret.space):
        for ring in Ring:
            factories.make_topic(space, by=ada, min_ring=ring)
    Block.objects.create(member=fay, blocked=ada)
    for person in (ada, ben, fay, cleo, mo, None, cleo, fay, ben, ada):
        person = fresh(person)
        for space in (north, secret.space):
            composed = Item.objects.visible_to(person).filter(space=space).order_by("pk")
            assert _readable(person, space.pk, most=90) == list(composed)
        assert _known(person) == list(Space.objects.visible_to(person).order_by("pk"))
        assert _seen(person) == list(Member.objects.visible_to(person).order_by("pk"))


def test_lists_of_any_length_are_filled_in(ada, north):
    for number in range(9):
        person = factories.make_member(f"Blocked {number}")
        assert person in _seen(fresh(ada)) or not person.onboarded_at
        Block.objects.create(member=ada, blocked=person)
        reader = fresh(ada)
        assert person not in _seen(reader)
        assert _seen(reader) == list(Member.objects.visible_to(reader).order_by("pk"))


def test_values_are_never_kept(community):
    for name in ("100% ours", "O'Hara \\ %s", "Ñandú"):
        space = factories.make_group(name).space
        assert _named(name, timezone.now()) == [space]
    assert _named("nobody", timezone.now()) == []
    assert _named("Ñandú", timezone.now() - timezone.timedelta(days=9)) == []


def test_an_id_that_a_device_chose_is_a_value_too(ada, north):
    room = north.rooms.get()
    said = [
        Message.objects.create(room=room, seq=seq, author=ada, client_id=uuid.uuid4())
        for seq in (1, 2)
    ]
    for one in said:
        assert _sent(one.client_id) == [one]
    assert _sent(uuid.uuid4()) == []


def test_the_same_shape_is_composed_once(ada, ben, north):
    composed = []

    @prepared.prepared
    def question(reader, space):
        composed.append(space)
        return Item.objects.visible_to(reader).filter(space=space)

    for person in (ada, ben, ada):
        for pk in (north.pk, 1, 2, 3):
            question(person, pk)
    assert len(composed) == 1


def test_people_of_different_shapes_take_turns_without_composing_anew(ada, ben, cleo, north):
    composed = []

    @prepared.prepared
    def question(reader):
        composed.append(reader)
        return Item.objects.visible_to(reader).order_by("pk")

    Block.objects.create(member=ben, blocked=cleo)  # of him more is asked than of her
    topic = factories.make_topic(north, by=cleo)
    ada, ben = fresh(ada), fresh(ben)
    for _turn in range(5):
        assert topic.pk in {item.pk for item in question(ada)}
        assert topic.pk not in {item.pk for item in question(ben)}
    assert len(composed) <= 3


def test_of_too_many_questions_the_oldest_goes(ada, ben, north, monkeypatch):
    composed = []

    @prepared.prepared
    def question(*, number):
        composed.append(number)
        return Member.objects.order_by("pk")[:number]

    prepared.forget()
    monkeypatch.setattr(prepared, "MOST", 3)
    for number in (1, 2, 3, 4, 3, 4, 1):
        assert len(question(number=number)) == min(number, Member.objects.count())
    assert composed == [1, 2, 3, 4, 1]


def test_a_question_may_not_look_at_more_of_its_reader(ada):
    @prepared.prepared
    def nosy(reader):
        return Member.objects.filter(email=reader.email)

    with pytest.raises(AttributeError, match="email"):
        nosy(ada)


def test_only_models_without_prefetching(ada):
    @prepared.prepared
    def values():
        return Member.objects.values("pk")

    with pytest.raises(TypeError):
        values()


def test_an_ended_session_is_ended_at_once(as_, ada):
    client = as_(ada)
    assert client.get("/me/").status_code == 200
    Session.objects.filter(session_key=client.session.session_key).delete()
    assert client.get("/me/").status_code == 302


def test_an_expired_session_is_ended(as_, ada):
    client = as_(ada)
    Session.objects.update(expire_date=timezone.now() - timezone.timedelta(seconds=1))
    assert client.get("/me/").status_code == 302


def test_a_closed_account_is_out_at_once(as_, ada):
    client = as_(ada)
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.get("/me/").status_code == 302


def test_where_postgresql_plans_each_time_it_sees_the_values(ada, ben, north):
    @prepared.prepared(replan=True)
    def question(reader, title):
        return Item.objects.visible_to(reader).filter(title=title).only("title")

    for title in ("One", "100% two", "One"):
        factories.make_topic(north, by=ada, title=title)
    for _ in range(8):  # longer than it takes until a plan would be kept
        assert len(question(fresh(ben), "One")) == 2
        assert [row.title for row in question(fresh(ben), "100% two")] == ["100% two"]
    assert question.estimate(fresh(ben), "One") >= 1
    assert question.estimate(None, "One") >= 0


def test_a_change_is_made_with_the_values_of_each_call(ada, ben, north):
    for least, position, number in ((Ring.STEWARD, 9, 1), (Ring.PARTICIPANT, 3, 2), (9, 9, 0)):
        now = timezone.now()
        assert _renumber(north.pk, now, position, least=least) == number
        changed = Membership.objects.filter(space=north, joined_at=now)
        assert changed.count() == number
        assert all(row.position == max(row.ring, position) for row in changed)
    assert _renumber(0, timezone.now(), 1, least=Ring.FOLLOWER) == 0
    assert _of_nobody(timezone.now()) == 0
