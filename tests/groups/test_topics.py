"""Talk: what may be said to whom, and how a conversation is steered."""

from __future__ import annotations

import re

import pytest

from community.models import Comment, Item, Mention, ReadMark, Revision, Ring
from community.operations import drafts, writing
from community.policies import Refused
from groups import questions
from groups.models import Topic
from groups.operations import topics
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db


def post(group, by, **fields):
    return topics.post_topic(
        group, by=by, **{"title": "The bins", "text": "They are full again."} | fields
    )


# Posting


def test_who_writes_for_the_web_is_told_so(as_, ada, ben):
    loud = make_space("Loud", openness="public", steward=ada)
    belong(ben, loud)
    told = "everybody on the web can read what you write here, with your name"
    public, inside = post(loud.group, ada, ring=Ring.WEB), post(loud.group, ada)
    assert told in as_(ben).get(f"/topics/{public.pk}/").content.decode()
    assert told not in as_(ben).get(f"/topics/{inside.pk}/").content.decode()
    form = as_(ada).get(f"/groups/{loud.slug}/new/").content.decode()
    assert "web reads carries your name" in form


def test_somebody_who_takes_part_starts_a_topic_and_follows_it(ben, north):
    topic = post(north.group, ben, template="question")
    assert topic.html == '<p dir="auto">They are full again.</p>\n'
    assert topic.follows.get().member == ben
    assert ReadMark.objects.filter(item=topic, member=ben).exists()


def test_followers_and_outsiders_do_not_start_topics(fay, cleo, north):
    for person, reason in [(fay, "Take part"), (cleo, "Join this group")]:
        with pytest.raises(Refused, match=reason):
            post(north.group, person)


@pytest.mark.parametrize("title", ["", "   ", "x" * 161])
def test_a_topic_needs_a_title_of_some_length(ben, north, title):
    with pytest.raises(Refused):
        post(north.group, ben, title=title)


@pytest.mark.parametrize(
    ("openness", "own", "allowed"),
    [
        ("open", Ring.PARTICIPANT, {1, 2}),
        ("open", Ring.CORE, {1, 2, 3}),
        ("open", Ring.STEWARD, {1, 2, 3, 4}),
        ("public", Ring.PARTICIPANT, {1, 2}),
        ("public", Ring.CORE, {0, 1, 2, 3}),
        ("secret", Ring.STEWARD, {1, 2, 3, 4}),
    ],
)
def test_nobody_posts_deeper_than_they_are_and_only_the_core_team_to_the_web(
    community, openness, own, allowed
):
    space, eva = make_space(openness=openness), make_member("Eva")
    belong(eva, space, ring=own)
    for ring in Ring:
        if ring in allowed:
            assert post(space.group, eva, ring=ring).min_ring == ring
        else:
            with pytest.raises(Refused):
                post(space.group, eva, ring=ring)


def test_an_archived_group_takes_no_more_topics_or_comments(ada, north):
    topic = make_topic(north, by=ada)
    north.group.state = "archived"
    north.group.save()
    with pytest.raises(Refused, match="ended"):
        post(north.group, ada)
    north.closed_at = topic.created_at
    north.save()
    with pytest.raises(Refused, match="ended"):
        make_comment(Topic.objects.get(pk=topic.pk), by=ada)


# Editing


def test_an_edit_keeps_what_was_said_before(ben, north):
    topic = post(north.group, ben)
    topics.edit_topic(topic, by=ben, title="The bins", text="They are empty.")
    topic.refresh_from_db()
    assert topic.edited_at
    assert topic.text == "They are empty."
    assert Revision.objects.get(item=topic).text == "They are full again."


def test_nobody_edits_another_persons_words(ada, ben, north):
    with pytest.raises(Refused, match="Only the person who wrote"):
        topics.edit_topic(post(north.group, ben), by=ada, title="Mine", text="")


# Outlines


def test_a_kind_with_an_outline_puts_it_into_an_empty_editor(as_, ben, north):
    client, address = as_(ben), "/groups/north-side/new/"
    page = client.get(address).content.decode()
    assert 'data-outline="debrief">## What we planned' in page
    assert 'href="?template=experience&amp;outline"' in page
    page = client.get(f"{address}?template=experience&outline").content.decode()
    assert re.search(r"<textarea[^>]*>\s*## Where and with whom\n\n\n## What we did", page)
    for plain in ("talk", "question", "nonsense"):
        page = client.get(f"{address}?template={plain}&outline").content.decode()
        assert not re.search(r"<textarea[^>]*>\s*##", page)


def test_an_outline_never_takes_the_place_of_words(as_, ben, north):
    drafts.save_draft(f"topic:{north.pk}", {"text": "My own"}, by=ben)
    page = as_(ben).get("/groups/north-side/new/?template=debrief&outline").content.decode()
    assert re.search(r"<textarea[^>]*>\s*My own", page)
    assert "&amp;outline" not in page


# Who reads it, in words


@pytest.mark.parametrize("openness", ["public", "open", "closed", "secret"])
@pytest.mark.parametrize("listed", [True, False])
def test_the_words_for_who_reads_are_true(ada, cleo, openness, listed):
    space = make_space("Words", openness=openness, listed=listed, steward=ada)
    for ring in Ring:
        if ring == Ring.WEB and openness != "public":
            continue
        topic = make_topic(space, by=ada)
        Item.objects.filter(pk=topic.pk).update(min_ring=ring)
        topic.refresh_from_db()
        read = Topic.objects.filter(pk=topic.pk)
        if read.visible_to(None).exists():
            assert topic.reader_words == "everybody on the web"
        elif read.visible_to(cleo).exists():
            assert topic.reader_words == "everyone in the community"
        else:
            assert "every" not in topic.reader_words or topic.min_ring == Ring.PARTICIPANT
            assert "community" not in topic.reader_words


@pytest.mark.parametrize(
    ("openness", "told", "never"),
    [
        ("open", "everyone in the community", "everyone who takes part"),
        ("public", "everyone in the community", "everyone who takes part"),
        ("closed", "everyone who takes part", "everyone in the community"),
    ],
)
def test_pages_say_who_reads_as_the_group_is_open_or_not(as_, ada, openness, told, never):
    space = make_space("Words", openness=openness, steward=ada)
    topic = make_topic(space, by=ada)
    page = as_(ada).get(f"/topics/{topic.pk}/").content.decode()
    assert f"<span>{told}</span>" in page
    assert f"Read by: {told}." in page
    for address in (
        f"/groups/{space.slug}/new/",
        f"/topics/{topic.pk}/move/",
        f"/announcements/new/?space={space.slug}",
    ):
        html = as_(ada).get(address).content.decode().lower()
        assert told in html, address
        assert never not in html, address


# Steering


def test_the_core_team_pins_and_the_author_or_a_steward_closes(ada, ben, north):
    topic = post(north.group, ben)
    with pytest.raises(Refused, match="core team"):
        topics.pin_topic(topic, by=ben)
    assert topics.pin_topic(topic, by=ada).pinned_at
    assert topics.unpin_topic(topic, by=ada).pinned_at is None
    topics.close_topic(topic, by=ben)
    with pytest.raises(Refused, match="closed"):
        make_comment(topic, by=ada)
    topics.reopen_topic(topic, by=ada)
    make_comment(topic, by=ada)


def test_who_asked_or_a_steward_chooses_the_answer(ada, ben, north):
    question = post(north.group, ben, template="question")
    eva = make_member("Eva")
    belong(eva, north)
    answer = make_comment(question, by=eva)
    with pytest.raises(Refused, match="who asked"):
        topics.choose_answer(question, comment=answer, by=eva)
    assert topics.choose_answer(question, comment=answer, by=ben).answer == answer
    assert topics.clear_answer(question, by=ada).answer is None


def test_only_a_comment_of_the_topic_answers_it(ben, north):
    question = post(north.group, ben, template="question")
    elsewhere = make_comment(post(north.group, ben), by=ben)
    with pytest.raises(Refused, match="no longer part"):
        topics.choose_answer(question, comment=elsewhere, by=ben)
    with pytest.raises(Refused, match="Only questions"):
        topics.choose_answer(elsewhere.item.topic, comment=elsewhere, by=ben)


def test_deleting_and_bringing_back(ada, ben, fay, north):
    topic = post(north.group, ben)
    with pytest.raises(Refused):
        writing.delete_item(topic, by=fay)
    writing.delete_item(topic, by=ben)
    assert not Topic.objects.visible_to(ada).filter(pk=topic.pk).exists()
    writing.restore_item(topic, by=ada)
    assert Topic.objects.visible_to(ben).filter(pk=topic.pk).exists()


def test_what_was_answered_goes_with_it_and_comes_back_with_it(as_, ada, ben, north):
    topic = post(north.group, ben)
    kept, gone = make_comment(topic, by=ada), make_comment(topic, by=ada)
    writing.delete_item(gone, by=ada)
    as_(ben).post(f"/items/{kept.pk}/bookmark/")
    writing.delete_item(topic, by=ben)
    assert not Comment.objects.visible_to(ada).exists()
    assert "The bins" not in as_(ben).get("/bookmarks/").content.decode()
    assert as_(ada).post(f"/comments/{gone.pk}/restore/").status_code == 404
    writing.restore_item(topic, by=ben)
    assert list(Comment.objects.visible_to(ada)) == [kept]


# Rings


def test_what_was_answered_moves_with_the_topic_and_names_of_those_left_out_vanish(ada, ben, north):
    north.openness = "closed"
    north.save()
    eva = make_member("Eva Ruiz")
    belong(eva, north, ring=Ring.CORE)
    topic = post(north.group, ada, text="Ask @ben-castillo and @eva-ruiz.")
    comment = make_comment(topic, by=ada, text="@ben-castillo, can you?")
    assert Mention.objects.filter(member=ben).count() == 2
    topics.move_to_ring(topic, ring=Ring.CORE, by=ada)
    comment.refresh_from_db()
    topic = Topic.objects.get(pk=topic.pk)
    assert comment.min_ring == topic.min_ring == Ring.CORE
    assert not Item.objects.visible_to(ben).filter(pk__in=[topic.pk, comment.pk]).exists()
    assert [mention.member for mention in Mention.objects.all()] == [eva]
    assert "/people/" not in comment.html
    assert f"/people/{eva.pk}/" in topic.html
    assert f"/people/{ben.pk}/" not in topic.html


def test_only_a_steward_shows_others_answers_to_more_people(ada, north):
    eva = make_member("Eva")
    belong(eva, north, ring=Ring.CORE)
    topic = post(north.group, eva, ring=Ring.CORE)
    make_comment(topic, by=ada)
    topic.refresh_from_db()
    with pytest.raises(Refused, match="fewer eyes"):
        topics.move_to_ring(topic, ring=Ring.PARTICIPANT, by=eva)
    topics.move_to_ring(topic, ring=Ring.PARTICIPANT, by=ada)
    assert Comment.objects.get(item=topic).min_ring == Ring.PARTICIPANT


# What is drawn once


def test_a_topic_drawn_for_one_reader_is_not_shown_to_the_next(as_, ada, ben, fay, north):
    """Each of them sees the same words, and may do something else about them."""
    topic = post(north.group, ben, title="The bins")
    drafts.save_draft(f"comment:{topic.pk}", {"text": "A secret draft"}, by=ada)
    zora = make_member("Zora")  # differs from Ada in what she may do, and in nothing else
    belong(zora, north)
    marks = {
        "change": f"/topics/{topic.pk}/edit/",
        "pin": f"/topics/{topic.pk}/pin/",
        "report": f"/reports/items/{topic.pk}/",
        "draft": "A secret draft",
        "reply": f"/items/{topic.pk}/comments/add/",
        "followed": 'value="all" aria-current="true"',
    }
    seen: dict[int, set[str]] = {}
    for person in (ben, ada, zora, fay, zora, ada, fay, ben):
        html = as_(person).get(f"/topics/{topic.pk}/").content.decode()
        found = {name for name, mark in marks.items() if mark in html}
        assert seen.setdefault(person.pk, found) == found
        assert html.count('name="csrfmiddlewaretoken"') > 3
        assert len(set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', html))) == 1
    assert seen[ben.pk] == {"change", "reply", "followed"}
    assert seen[ada.pk] == {"pin", "report", "draft", "reply"}
    assert seen[zora.pk] == {"report", "reply"}
    assert seen[fay.pk] == {"report"}


def test_what_changes_in_a_topic_is_drawn_anew(as_, ada, ben, north):
    topic = post(north.group, ada, title="The bins")
    page = f"/topics/{topic.pk}/"

    def html() -> str:
        return as_(ben).get(page).content.decode()

    assert "The bins" in html()
    topics.edit_topic(topic, by=ada, title="The cellar", text="It is wet.", template="question")
    for words, there in {"The cellar": True, "edited": True, "The bins": False}.items():
        assert (words in html()) == there
    writing.follow_quietly(topic, make_member("Yun"))
    assert "2 people follow it" in html()
    assert "Closed" not in html()
    topics.close_topic(topic, by=ada)
    assert "Closed" in html()


def test_a_question_whose_answer_is_gone_is_open_again(as_, ada, ben, north):
    question = make_topic(north, by=ada, title="Where is it?", template="question")
    said = make_comment(question, by=ben, text="Behind the boiler.")
    topics.choose_answer(question, comment=said, by=ada)
    assert not questions.unanswered(ben).exists()
    assert Topic.objects.for_list().get(pk=question.pk).is_answered
    writing.delete_item(said, by=ben)
    assert questions.unanswered(ben).get() == question
    assert not Topic.objects.for_list().get(pk=question.pk).is_answered
    writing.restore_item(said, by=ben)
    assert not questions.unanswered(ben).exists()
    assert Topic.objects.for_cards().get(pk=question.pk).is_answered


# The Talk tab: lenses, and what somebody muted leaves


def shown(client, lens=""):
    page = client.get(f"/groups/north-side/?show={lens}").content.decode()
    return set(re.findall(r'id="topic-\d+".*?<h3><a[^>]*>(?:<span.*?</span>)?([^<]+)', page, re.S))


def test_lenses_show_questions_those_without_an_answer_and_mine(as_, ada, ben, north):
    open_one = post(north.group, ada, title="Open question", template="question")
    answered = post(north.group, ada, title="Answered question", template="question")
    comment = make_comment(answered, by=ben)
    topics.choose_answer(answered, comment=comment, by=ada)
    pinned = post(north.group, ada, title="Pinned talk")
    topics.pin_topic(pinned, by=ada)
    post(north.group, ben, title="Mine alone")
    client = as_(ben)
    assert len(shown(client)) == 4
    assert shown(client, "questions") == {"Open question", "Answered question"}
    assert shown(client, "unanswered") == {"Open question"}
    assert shown(client, "mine") == {"Answered question", "Mine alone"}
    assert len(shown(client, "nonsense")) == 4
    page = as_(ada).get("/groups/north-side/?show=questions").content.decode()
    assert 'href="?show=unanswered"' in page
    topics.close_topic(open_one, by=ada)
    page = as_(ben).get("/groups/north-side/?show=unanswered").content.decode()
    assert "Nothing of this kind yet" in page


def test_further_pages_stay_under_their_lens(as_, ada, ben, north):
    for number in range(31):
        post(north.group, ada, title=f"Question {number}", template="question")
    page = as_(ben).get("/groups/north-side/?show=questions").content.decode()
    further = re.search(r'href="(\?show=questions&amp;cursor=[^"]+)"', page)[1]
    rest = as_(ben).get(f"/groups/north-side/{further.replace('&amp;', '&')}").content.decode()
    assert rest.count('<article class="topic"') == 1


def test_the_talk_tab_leads_to_search_in_this_group(as_, ben, north):
    page = as_(ben).get("/groups/north-side/").content.decode()
    assert 'href="/search/?group=north-side"' in page
    found = as_(ben).get("/search/?group=north-side").content.decode()
    assert '<option value="north-side" selected>' in found


def test_lenses_ask_the_same_with_2_and_with_12_topics(as_, ada, ben, north, queries):
    for lens in ("questions", "unanswered", "mine"):
        counts = []
        for more in (2, 10):
            for _ in range(more):
                post(north.group, ben, template="question")
            client = as_(ben)
            client.get(f"/groups/north-side/?show={lens}")
            with queries() as asked:
                client.get(f"/groups/north-side/?show={lens}")
            counts.append(len(asked))
        assert counts[0] == counts[1], lens


def test_five_topics_stand_at_the_top_and_the_sixth_is_refused(ada, ben, north, as_):
    from groups.operations import topics

    made = [make_topic(north, by=ben, title=f"Pin {number}") for number in range(6)]
    for topic in made[:5]:
        topics.pin_topic(topic, by=ada)
    topics.pin_topic(made[0], by=ada)
    with pytest.raises(Refused, match="5 topics stand at the top"):
        topics.pin_topic(made[5], by=ada)
    page = as_(ben).get(f"/groups/{north.slug}/").content.decode()
    assert all(topic.title in page for topic in made)
    topics.unpin_topic(made[0], by=ada)
    topics.pin_topic(made[5], by=ada)
