"""Topics go to another group, fall apart and come together; who may not read it learns nothing."""

from __future__ import annotations

import pytest

from community import notices
from community.models import (
    Activity,
    AuditEntry,
    Bookmark,
    Case,
    Comment,
    Follow,
    Item,
    Mention,
    Notice,
    Ring,
)
from community.operations import comments, reading
from community.policies import Refused
from groups.models import Topic, TopicMove
from groups.operations import moving, topics
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def south(ada):
    return make_space("South Side", steward=ada, openness="closed")


@pytest.fixture
def talk(north, ben, cleo):
    """ben's topic with an answer, a reply and another answer."""
    belong(cleo, north)
    topic = make_topic(north, by=ben, title="The bins", text="They are full, @cleo-okafor.")
    first = make_comment(topic, by=cleo, text="Mine too")
    make_comment(topic, by=ben, text="And the neighbours'", parent=first)
    make_comment(topic, by=ben, text="Who calls?")
    return Topic.objects.get(pk=topic.pk)


def reads(member, item) -> bool:
    member.forget()
    return Item.objects.visible_to(member).filter(pk=item.pk).exists()


def said(topic) -> list[str]:
    rows = Comment.objects.filter(item=topic.pk, deleted_at=None).order_by("pk")
    return list(rows.values_list("text", flat=True))


# To another group


def test_a_topic_moves_with_its_answers_and_is_read_there_alone(talk, south, ada, ben, cleo):
    zed = make_member("Zed")
    belong(zed, south)
    answers = list(Comment.objects.filter(item=talk.pk))
    moving.move_to_group(talk, group=south.group, by=ada)
    for item in [talk, *answers]:
        assert not reads(ben, item)
        assert not reads(cleo, item)
        assert reads(zed, item)
    assert {row.space_id for row in Item.objects.filter(pk__gte=talk.pk)} == {south.pk}
    assert AuditEntry.objects.filter(action="topics.moved_group", item_id=talk.pk).exists()


def test_what_the_web_read_is_for_those_who_take_part_where_nothing_is_public(ada):
    public = make_space("Public", openness="public", steward=ada)
    closed = make_space("Closed", openness="closed", steward=ada)
    topic = make_topic(public, by=ada, min_ring=Ring.WEB)
    moving.move_to_group(topic, group=closed.group, by=ada)
    topic.refresh_from_db()
    assert topic.min_ring == Ring.PARTICIPANT
    assert not Item.objects.visible_to(None).filter(pk=topic.pk).exists()


def test_who_does_not_read_it_any_more_is_not_named_and_not_told(talk, south, ada, ben, cleo):
    Follow.objects.update_or_create(member=cleo, item_id=talk.pk, defaults={"volume": "all"})
    for activity in Activity.objects.all():
        notices.deliver(activity)
    assert notices.shown(cleo).filter(activity__item__isnull=False).exists()
    Bookmark.objects.create(member=cleo, item_id=talk.pk)
    moving.move_to_group(talk, group=south.group, by=ada)
    assert not Mention.objects.filter(item=talk.pk, member=cleo).exists()
    assert "cleo-okafor</a>" not in Topic.objects.get(pk=talk.pk).html
    before = Notice.objects.filter(member=cleo).count()
    make_comment(talk, by=ada, text="Said where cleo is not")
    for activity in Activity.objects.filter(told_at=None):
        notices.deliver(activity)
    assert Notice.objects.filter(member=cleo).count() == before
    cleo.forget()
    assert not notices.shown(cleo).filter(activity__item__isnull=False).exists()


def test_its_author_hears_that_it_moved_and_not_where_to_unless_they_read_it_there(
    talk, south, ada, ben
):
    moving.move_to_group(talk, group=south.group, by=ada)
    told = Activity.objects.get(verb="topics.moved_away")
    assert told.item is None
    assert "South" not in str(told.data) + told.space.name
    notices.deliver(told)
    lines = notices.gather(list(notices.for_page(ben)), ben)
    assert any("moved your topic" in line.sentence for line in lines)
    assert not any("South" in line.sentence for line in lines)


def test_old_notices_name_the_group_it_is_in_now(north, ada, ben):
    """Somebody who reads it where it is must not learn from where it came."""
    secret = make_space("Secret Cell", openness="secret", steward=ada)
    topic = make_topic(secret, by=ada, title="The bins")
    told = Activity.objects.create(
        verb="topics.posted", actor=ada, item_id=topic.pk, space=secret, data={"title": "The bins"}
    )
    moving.move_to_group(topic, group=north.group, by=ada)
    Notice.objects.create(member=ben, activity=told)
    ben.forget()
    lines = notices.gather(list(notices.for_page(ben)), ben)
    assert [line.space.name for line in lines] == ["North Side"]


def test_where_it_came_from_is_said_to_those_who_may_know_of_it(as_, north, ada, ben):
    secret = make_space("Secret Cell", openness="secret", steward=ada)
    topic = make_topic(secret, by=ada, title="The bins")
    moving.move_to_group(topic, group=north.group, by=ada)
    assert "Moved here from Secret Cell" in as_(ada).get(f"/topics/{topic.pk}/").content.decode()
    page = as_(ben).get(f"/topics/{topic.pk}/").content.decode()
    assert "The bins" in page
    assert "Secret Cell" not in page
    assert "Moved here" not in page


def test_only_a_steward_of_both_or_a_moderator_moves_it(talk, north, south, ada, ben, mo, ruth):
    with pytest.raises(Refused):
        moving.move_to_group(talk, group=south.group, by=ben)
    only_north = make_member("Only North")
    belong(only_north, north, ring=Ring.STEWARD)
    with pytest.raises(Refused, match="steward of"):
        moving.move_to_group(talk, group=south.group, by=only_north)
    hidden = make_space("Hidden", openness="secret", steward=ada)
    with pytest.raises(Refused):
        moving.move_to_group(talk, group=hidden.group, by=mo)
    inside = make_topic(hidden, by=ada)
    with pytest.raises(Refused):
        moving.move_to_group(inside, group=north.group, by=mo)
    assert moving.move_to_group(talk, group=south.group, by=mo)


def test_a_move_is_undone_as_it_was(talk, north, south, ada, ben):
    topics.pin_topic(talk, by=ada)
    move = moving.move_to_group(talk, group=south.group, by=ada)
    moving.undo_move(move, by=ada)
    talk.refresh_from_db()
    assert (talk.space_id, talk.min_ring) == (north.pk, Ring.PARTICIPANT)
    assert talk.pinned_at is not None
    assert reads(ben, talk)
    with pytest.raises(Refused, match="moved on"):
        moving.undo_move(TopicMove.objects.get(), by=ada)


def test_an_open_case_goes_along(talk, north, south, ada, ben):
    case = Case.objects.create(item_id=talk.pk, person=ben, space=north, what=Topic.KIND)
    moving.move_to_group(talk, group=south.group, by=ada)
    case.refresh_from_db()
    assert case.space_id == south.pk


# Splitting


def test_answers_become_a_topic_of_their_own(talk, ada, ben, cleo):
    first, reply, _last = Comment.objects.filter(item=talk.pk).order_by("pk")
    reading.react(first, emoji="❤️", by=ben)
    made = moving.split_topic(talk, comments=[first.pk], title="The neighbours", by=ada)
    assert made.pk == first.pk
    assert (made.title, made.text, made.author_id) == ("The neighbours", "Mine too", cleo.pk)
    made.refresh_from_db()
    talk.refresh_from_db()
    assert said(made) == ["And the neighbours'"]
    assert Comment.objects.get(pk=reply.pk).parent is None
    assert said(talk) == ["Who calls?"]
    assert (made.comment_count, talk.comment_count) == (1, 1)
    assert made.reaction_counts == {"❤️": 1}
    assert Item.objects.get(pk=made.pk).kind == Topic.KIND
    assert not Comment.objects.filter(pk=first.pk).exists()
    assert Topic.objects.get(pk=made.pk).search


def test_a_reply_chosen_alone_and_others_after_it(talk, ada):
    _first, reply, last = Comment.objects.filter(item=talk.pk).order_by("pk")
    made = moving.split_topic(talk, comments=[last.pk, reply.pk], title="Elsewhere", by=ada)
    assert made.pk == reply.pk, "the earliest opens it"
    assert said(made) == ["Who calls?"]
    assert said(talk) == ["Mine too"]


def test_the_chosen_answer_of_a_question_is_let_go_when_it_leaves(north, ada, ben):
    topic = make_topic(north, by=ben, template="question")
    answer = make_comment(topic, by=ada)
    topics.choose_answer(topic, comment=answer, by=ben)
    moving.split_topic(topic, comments=[answer.pk], title="Its own", by=ada)
    topic.refresh_from_db()
    assert topic.answer is None


def test_splitting_needs_answers_a_title_and_the_right(talk, ada, ben, north):
    first = Comment.objects.filter(item=talk.pk).first()
    with pytest.raises(Refused, match="at least one"):
        moving.split_topic(talk, comments=[], title="A", by=ada)
    other = make_comment(make_topic(north, by=ada), by=ben)
    with pytest.raises(Refused, match="at least one"):
        moving.split_topic(talk, comments=[other.pk], title="A", by=ada)
    with pytest.raises(Refused, match="title"):
        moving.split_topic(talk, comments=[first.pk], title=" ", by=ada)
    with pytest.raises(Refused, match="Stewards"):
        moving.split_topic(talk, comments=[first.pk], title="A", by=ben)


# Merging


def test_two_topics_become_one_in_the_order_in_which_things_were_said(as_, talk, north, ada, ben):
    older = make_topic(north, by=ada, title="Older", text="First of all")
    make_comment(older, by=ada, text="Still older than the answers to come")
    Item.objects.filter(pk=older.pk)
    newer = make_topic(north, by=ben, title="Newer", text="Said later")
    make_comment(newer, by=ada, text="An answer to the later one")
    make_comment(older, by=ben, text="The last word")
    reading.react(newer, emoji="❤️", by=ben)
    Follow.objects.update_or_create(member=ada, item_id=newer.pk, defaults={"volume": "all"})
    into = moving.merge_topic(newer, into=older, by=ada)
    into.refresh_from_db()
    assert said(into) == [
        "Still older than the answers to come",
        "**Newer**\n\nSaid later",
        "An answer to the later one",
        "The last word",
    ]
    assert into.comment_count == 4
    merged = Comment.objects.get(pk=newer.pk)
    assert (merged.author_id, merged.reaction_counts) == (ben.pk, {"❤️": 1})
    assert not Topic.objects.filter(pk=newer.pk).exists()
    leads = as_(ben).get(f"/topics/{newer.pk}/", follow=True)
    assert leads.status_code == 200
    assert leads.request["PATH_INFO"] == f"/topics/{older.pk}/"
    assert "Said later" in leads.content.decode()
    stranger = make_member("Stranger", root_ring=0)
    assert as_(stranger).get(f"/topics/{newer.pk}/").status_code == 404
    assert as_(None).get(f"/topics/{newer.pk}/").status_code == 404


def test_who_answers_what_was_just_merged_away_is_told_so(north, ada, ben):
    into, topic = make_topic(north, by=ada), make_topic(north, by=ben)
    moving.merge_topic(topic, into=into, by=ada)
    with pytest.raises(Refused, match="no longer here"):
        comments.post_comment(topic, text="Too late", by=ben)
    assert Comment.objects.filter(item=into.pk).count() == 1


def test_merging_into_what_fewer_read_hides_it_from_the_others(north, ada, ben):
    core = make_topic(north, by=ada, min_ring=Ring.CORE)
    topic = make_topic(north, by=ben, text="For all, @ben-castillo")
    answer = make_comment(topic, by=ben, text="Mine")
    moving.merge_topic(topic, into=core, by=ada)
    for pk in (topic.pk, answer.pk):
        assert not Item.objects.visible_to(ben).filter(pk=pk).exists()
        assert Item.objects.get(pk=pk).min_ring == Ring.CORE
    assert not Mention.objects.filter(item=topic.pk).exists()


def test_merging_needs_two_topics_of_one_group_and_the_right(talk, north, south, ada, ben):
    other = make_topic(north, by=ada)
    with pytest.raises(Refused, match="Choose another"):
        moving.merge_topic(talk, into=talk, by=ada)
    with pytest.raises(Refused, match="different groups"):
        moving.merge_topic(talk, into=make_topic(south, by=ada), by=ada)
    with pytest.raises(Refused, match="Stewards"):
        moving.merge_topic(talk, into=other, by=ben)


def test_apart_and_together_again(talk, north, ada):
    """What is split off and put back stands where it stood."""
    before = said(talk)
    first = Comment.objects.filter(item=talk.pk).order_by("pk").first()
    made = moving.split_topic(talk, comments=[first.pk], title="Apart", by=ada)
    moving.merge_topic(made, into=talk, by=ada)
    talk.refresh_from_db()
    assert said(talk) == ["**Apart**\n\nMine too", *before[1:]]
    assert talk.comment_count == 3


# The pages


def test_the_pages_of_a_steward(as_, talk, north, south, ada, ben):
    steward = as_(ada)
    page = steward.get(f"/topics/{talk.pk}/").content.decode()
    for words in ("Move to another group", "Make a topic of answers", "Put into another topic"):
        assert words in page
        assert words not in as_(ben).get(f"/topics/{talk.pk}/").content.decode()
    path = f"/topics/{talk.pk}/group/"
    assert steward.get(path).status_code == 200
    assert steward.post(path, {"group": "999999"}).status_code == 422
    moved = steward.post(path, {"group": str(south.pk)}, follow=True)
    assert "Moved to South Side" in moved.content.decode()
    undo = f"/topics/{talk.pk}/group/{TopicMove.objects.get().pk}/undo/"
    assert as_(ben).post(undo).status_code == 404
    assert steward.post(undo).status_code == 302
    assert Topic.objects.get(pk=talk.pk).space_id == north.pk
    first = Comment.objects.filter(item=talk.pk).order_by("pk").first()
    path = f"/topics/{talk.pk}/split/"
    assert "Mine too" in steward.get(path).content.decode()
    form = {"title": "Apart", "comments": [str(first.pk)]}
    assert steward.post(path, form).status_code == 302
    path = f"/topics/{first.pk}/merge/"
    assert steward.get(path).status_code == 200
    assert steward.post(path, {"into": str(talk.pk)}).status_code == 302
    assert as_(ben).get(f"/topics/{talk.pk}/group/").status_code == 403
    assert steward.get(f"/comments/{talk.pk}/").status_code == 302


def test_the_choice_of_groups_names_none_that_the_moderator_may_not_know(as_, talk, ada, mo):
    make_space("Secret Cell", openness="secret", steward=ada)
    page = as_(mo).get(f"/topics/{talk.pk}/group/").content.decode()
    assert "North Side" in page
    assert "Secret Cell" not in page
