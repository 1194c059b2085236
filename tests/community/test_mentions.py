"""Who can be named: those who may read it, and no one learns of others by trying."""

from __future__ import annotations

import uuid

import pytest

from community import audience
from community.models import Block, Item, Member, Mention, Ring
from community.operations import chat, people, writing
from community.policies import Refused
from groups.operations import topics
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db


def names(client, query):
    answer = client.get(f"/mentions/?{query}")
    return [person["name"] for person in answer.json()] if answer.status_code == 200 else None


def test_people_of_the_group_come_first(as_, ada, ben, cleo, north):
    topic = make_topic(north, by=ada)
    assert names(as_(ben), f"item={topic.pk}&q=") == ["Ada Mensah", "Cleo Okafor"]
    assert names(as_(ben), f"item={topic.pk}&q=oka") == ["Cleo Okafor"]
    assert names(as_(ben), f"item={topic.pk}&q=cleo-o") == ["Cleo Okafor"]


def test_names_and_titles_are_found_without_their_accents(as_, ben, north):
    ana = make_member("Ana Núñez Díaz")
    belong(ana, north)
    topic = make_topic(north, by=ana, title="Reunión del jueves")
    for q in ("diaz", "Díaz", "nunez", "ANA"):
        assert names(as_(ben), f"item={topic.pk}&q={q}") == ["Ana Núñez Díaz"]
    for q in ("reunion", "REUNIÓN"):
        found = as_(ben).get(f"/links/?space={north.pk}&q={q}").json()
        assert [one["name"] for one in found] == ["Reunión del jueves"]


def test_in_a_closed_group_only_its_people_can_be_named(as_, ada, ben, cleo):
    space = make_space(openness="closed", steward=ada)
    belong(ben, space)
    assert names(as_(ben), f"space={space.pk}&q=") == ["Ada Mensah"]


def test_of_a_secret_group_outsiders_learn_nobody(as_, ada, ben, cleo):
    space = make_space(openness="secret", steward=ada)
    topic = make_topic(space, by=ada)
    for query in (f"space={space.pk}&q=", f"item={topic.pk}&q=", f"space={space.pk + 999}&q="):
        assert as_(cleo).get(f"/mentions/?{query}").status_code == 404
        assert as_(None).get(f"/mentions/?{query}").status_code in (401, 404)


def test_who_keeps_to_themselves_is_offered_only_to_their_groups(as_, ada, ben, north):
    shy = make_member("Shy Person", profile_seen_by=Member.SeenBy.CONTACTS)
    topic = make_topic(north, by=ada)
    assert "Shy Person" not in names(as_(ben), f"item={topic.pk}&q=")
    belong(shy, north)
    assert "Shy Person" in names(as_(ben), f"item={topic.pk}&q=")


def test_who_only_reads_along_is_not_told_who_is_in_the_group(as_, ada, ben, cleo, north):
    shy = make_member("Shy Person", profile_seen_by=Member.SeenBy.GROUPS)
    belong(shy, north)
    topic = make_topic(north, by=ada)
    answer = as_(cleo).get(f"/mentions/?item={topic.pk}&q=").json()
    assert [person["name"] for person in answer] == ["Ada Mensah", "Ben Castillo"]
    assert "not in this group" not in {person["note"] for person in answer}


def test_people_kept_apart_are_not_offered(as_, ada, ben, cleo, north):
    topic = make_topic(north, by=ada)
    Block.objects.create(member=cleo, blocked=ben)
    assert names(as_(ben), f"item={topic.pk}&q=") == ["Ada Mensah"]


def test_naming_somebody_who_may_not_read_it_names_nobody(ada, ben, cleo, committed):
    space = make_space(openness="closed", steward=ada)
    belong(ben, space)
    with committed():
        topic = make_topic(space, by=ada, text="@ben-castillo and @cleo-okafor")
        make_comment(topic, by=ben, text="@cleo-okafor @ada-mensah")
    assert set(Mention.objects.values_list("member__name", flat=True)) == {
        "Ben Castillo",
        "Ada Mensah",
    }
    topic.refresh_from_db()
    assert f"/people/{cleo.pk}/" not in topic.html


def test_the_preview_links_only_readers(as_, ada, ben, cleo):
    space = make_space(openness="closed", steward=ada)
    topic = make_topic(space, by=ada)
    answer = as_(ada).post(
        f"/preview/?item={topic.pk}", {"text": "**Hi** @ada-mensah @cleo-okafor"}
    )
    html = answer.content.decode()
    assert "<strong>Hi</strong>" in html
    assert f"/people/{ada.pk}/" in html
    assert f"/people/{cleo.pk}/" not in html
    assert as_(cleo).post(f"/preview/?item={topic.pk}", {"text": "x"}).status_code == 404


@pytest.mark.parametrize("openness", ["public", "open", "closed", "secret"])
@pytest.mark.parametrize("ring", [0, 1, 2, 3, 4])
def test_readers_and_visible_to_agree_about_everybody(
    community, ada, ben, fay, cleo, mo, ruth, openness, ring
):
    space = make_space(openness=openness, steward=ada)
    belong(ben, space)
    belong(fay, space, ring=1)
    newcomer = make_member("New Comer", root_ring=0)
    gone = make_member("Gone Away", is_active=False)
    Block.objects.create(member=mo, blocked=ada)
    topic = make_topic(space, by=ada, min_ring=ring)
    item = Item.objects.get(pk=topic.pk)
    readers = set(audience.readers(item))
    for person in (ada, ben, fay, cleo, mo, ruth, newcomer, gone):
        fresh = Member.objects.get(pk=person.pk)
        sees = Item.objects.visible_to(fresh).filter(pk=item.pk).exists()
        if person is not gone:  # who is not active reads what guests read, and is told nothing
            assert (fresh in readers) == sees, (person.name, openness, ring)
    assert gone not in readers


def test_names_ask_the_same_with_2_and_with_8(as_, ada, ben, north, queries):
    topic = make_topic(north, by=ada)
    counts = []
    for _ in range(2):
        client = as_(ben)
        client.get(f"/mentions/?item={topic.pk}&q=")
        with queries() as asked:
            client.get(f"/mentions/?item={topic.pk}&q=")
        counts.append(len(asked))
        for _ in range(6):
            belong(make_member(), north)
    assert counts[0] == counts[1]


# All of them by one word


def test_one_word_names_all_who_steward(as_, ada, ben, cleo, north):
    other = make_member("Otto Other")
    belong(other, north, ring=Ring.STEWARD)
    topic = make_topic(north, by=ben, text="@stewards, the lock is broken. @responsables: ¡ya!")
    assert set(mentioned(topic)) == {ada, other}
    assert '<strong class="mention">@stewards</strong>' in topic.html
    assert '<strong class="mention">@responsables</strong>' in topic.html
    writing.set_text(topic, "The lock is mended.")
    assert mentioned(topic) == []
    assert "@stewards " in [one["insert"] for one in offered(as_(ben), topic, "ste")]
    assert "@stewards " not in [one["insert"] for one in offered(as_(cleo), topic, "ste")]


def test_one_word_names_those_who_read_it(ada, ben, fay, north):
    core = make_member("Cora Core")
    belong(core, north, ring=Ring.CORE)
    topic = make_topic(north, by=ada, text="For @core only.", min_ring=Ring.STEWARD)
    assert mentioned(topic) == [ada]
    assert set(mentioned(make_topic(north, by=ada, text="For @core."))) == {ada, core}


def test_in_a_chat_too_and_nowhere_among_two(ada, ben, north):
    said = chat.post_message(
        north.rooms.get(), text="@stewards, come", client_id=uuid.uuid4(), by=again(ben)
    )
    assert [row.member for row in said.mentions.all()] == [ada]
    pair = chat.open_direct([ada], by=again(ben))
    said = chat.post_message(pair, text="@stewards, come", client_id=uuid.uuid4(), by=again(ben))
    assert not said.mentions.exists()
    assert "<a" not in said.html


def test_whoever_is_new_names_people_one_by_one(north):
    new = make_member("Zoe New", settled_at=None)
    belong(new, north)
    with pytest.raises(Refused, match="one by one"):
        topics.post_topic(north.group, title="Help", text="@stewards, please", by=new)


@pytest.mark.parametrize("handle", ["stewards", "responsables", "core"])
def test_nobody_is_called_like_several(ben, handle):
    with pytest.raises(Refused, match="means everybody"):
        people.change_handle(ben, by=ben, handle=handle)
    assert people.free_handle(handle) != handle


def mentioned(item):
    rows = Mention.objects.filter(item_id=item.pk).select_related("member")
    return [row.member for row in rows.order_by("member")]


def offered(client, topic, q):
    return client.get(f"/mentions/?item={topic.pk}&q={q}").json()


def again(member):
    return Member.objects.get(pk=member.pk)
