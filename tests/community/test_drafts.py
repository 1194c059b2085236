"""Nobody loses text: drafts are kept while one writes, and found again."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community import drafts as begun
from community.models import Draft
from community.operations import drafts
from community.policies import Refused
from tests.factories import make_comment, make_space, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(ada, north):
    return make_topic(north, by=ada, title="The boiler")


def save(client, place, **data):
    return client.post("/drafts/save/", {"place": place, **data})


def test_what_was_typed_is_there_again(as_, ben, topic):
    assert save(as_(ben), f"comment:{topic.pk}", text="Half a thou").status_code == 204
    assert "Half a thou" in as_(ben).get(f"/topics/{topic.pk}/").content.decode()
    assert "Half a thou" not in as_(topic.author).get(f"/topics/{topic.pk}/").content.decode()


def test_a_new_topic_comes_back_with_its_choices(as_, ben, north):
    save(as_(ben), f"topic:{north.pk}", title="Bins", text="Full", template="question", ring="1")
    page = as_(ben).get("/groups/north-side/new/").content.decode()
    assert 'value="Bins"' in page
    assert "Full" in page
    assert "checked" in page.partition('value="question"')[2][:200]


def test_an_empty_text_forgets_the_draft(as_, ben, topic):
    place = f"comment:{topic.pk}"
    save(as_(ben), place, text="x")
    save(as_(ben), place, text="  ", template="talk")
    assert not Draft.objects.exists()


def test_the_page_learns_that_the_session_ended(as_):
    assert save(as_(None), "comment:1", text="x").status_code == 401


@pytest.mark.parametrize("place", ["", "comment:", "comment:x", "elsewhere:1", "comment:1:2:3"])
def test_places_that_do_not_exist_keep_nothing(as_, ben, place):
    assert save(as_(ben), place, text="x").status_code == 422
    assert not Draft.objects.exists()


def test_too_much_is_refused(ben):
    with pytest.raises(Refused, match="too long"):
        drafts.save_draft("comment:1", {"text": "x" * 70_000}, by=ben)
    Draft.objects.bulk_create(
        Draft(member=ben, place=f"comment:{n}", data={"text": "x"}) for n in range(drafts.MOST)
    )
    drafts.save_draft("comment:1", {"text": "again"}, by=ben)
    with pytest.raises(Refused, match="many drafts"):
        drafts.save_draft("comment:9999", {"text": "x"}, by=ben)


def test_the_page_of_drafts_leads_back_to_each_place(as_, ada, ben, north, topic):
    comment = make_comment(topic, by=ben)
    for place in (f"comment:{topic.pk}", f"topic:{north.pk}", f"edit:{comment.pk}"):
        drafts.save_draft(place, {"text": f"In {place}"}, by=ben)
    drafts.save_draft(f"comment:{topic.pk}:{comment.pk}", {"text": "Under it"}, by=ben)
    urls = {one.url for one in begun.of(ben)}
    assert urls == {
        f"/topics/{topic.pk}/#reply",
        f"/topics/{topic.pk}/?reply={comment.pk}#reply",
        "/groups/north-side/new/",
        f"/comments/{comment.pk}/edit/",
    }
    for url in urls:
        assert as_(ben).get(url).status_code == 200
    assert as_(ben).get("/drafts/").status_code == 200


def test_a_group_one_began_to_start_is_a_draft_too(as_, ben):
    drafts.save_draft("group:new", {"name": "Rooftop gardeners"}, by=ben)
    (one,) = begun.of(ben)
    assert (one.excerpt, one.url) == ("Rooftop gardeners", "/groups/start/")


def test_a_draft_for_a_place_now_closed_keeps_its_words_and_gives_away_nothing(as_, ada, cleo):
    secret = make_space("Hidden room", openness="secret", steward=ada)
    topic = make_topic(secret, by=ada, title="Hidden title")
    drafts.save_draft(f"comment:{topic.pk}", {"text": "My words"}, by=cleo)
    drafts.save_draft(f"topic:{secret.pk}", {"text": "My topic"}, by=cleo)
    page = as_(cleo).get("/drafts/").content.decode()
    assert "My words" in page
    assert "Hidden" not in page


def test_drafts_ask_the_same_with_2_and_with_12(as_, ada, ben, north, queries):
    counts = []
    for more in (2, 10):
        for _ in range(more):
            drafts.save_draft(f"comment:{make_topic(north, by=ada).pk}", {"text": "x"}, by=ben)
        client = as_(ben)
        client.get("/drafts/")
        with queries() as asked:
            client.get("/drafts/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_draft_is_thrown_away_by_its_writer_alone(as_, ada, ben, topic):
    drafts.save_draft(f"comment:{topic.pk}", {"text": "x"}, by=ben)
    draft = Draft.objects.get()
    as_(ada).post(f"/drafts/{draft.pk}/discard/")
    assert Draft.objects.exists()
    as_(ben).post(f"/drafts/{draft.pk}/discard/")
    assert not Draft.objects.exists()


def test_what_lay_for_an_hour_waits_on_today(as_, ben, topic):
    drafts.save_draft(f"comment:{topic.pk}", {"text": "An old beginning"}, by=ben)
    assert "An old beginning" not in as_(ben).get("/").content.decode()
    Draft.objects.update(updated_at=timezone.now() - timedelta(hours=2))
    page = as_(ben).get("/").content.decode()
    assert "An old beginning" in page
    assert "Go on writing" in page


# The session ends while somebody writes


def lapsed(client):
    """The same browser, when the clock has ended its session."""
    session = client.session
    session["seen"] = time.time() - 15 * 24 * 3600
    session.save()
    return client


def test_words_sent_after_the_session_are_there_again_after_signing_in(as_, ben, cleo, topic):
    client, place = lapsed(as_(ben)), f"comment:{topic.pk}"
    told = {"HTTP_REFERER": f"http://testserver/topics/{topic.pk}/"}
    sent = {"text": "Not lost", "place": place}
    for _ in range(2):  # the first ends the session, the second has none
        answer = client.post(f"/items/{topic.pk}/comments/add/", sent, **told)
        assert answer.url == f"/accounts/login/?next=/topics/{topic.pk}/"
    assert Draft.objects.get().data == {"text": "Not lost"}
    assert "Not lost" not in client.get(answer.url).content.decode()
    client.force_login(cleo)  # on the same telephone
    assert "Not lost" not in client.get(f"/topics/{topic.pk}/").content.decode()
    client.force_login(ben)
    assert "Not lost" in client.get(f"/topics/{topic.pk}/").content.decode()


def test_a_draft_saved_after_the_session_is_kept_and_the_page_is_told(as_, ben, cleo, topic):
    client, place = lapsed(as_(ben)), f"comment:{topic.pk}"
    assert save(client, place, text="One").status_code == 401
    assert save(client, place, text="One and two").status_code == 401
    assert Draft.objects.get().data == {"text": "One and two"}
    client.force_login(cleo)
    client.get("/")  # whoever signs in here now is who writes
    client.logout()
    assert save(client, place, text="Of cleo?").status_code == 401
    assert Draft.objects.get().data == {"text": "One and two"}


def test_whose_words_nobody_knows_are_shown_to_who_sent_them_and_kept_nowhere(as_, ben, topic):
    ended = as_(ben)
    ended.logout()  # signed out on purpose: nobody any more
    for client in (ended, as_(None)):
        answer = client.post(
            f"/items/{topic.pk}/comments/add/", {"text": "<b>My words", "place": "comment:1"}
        )
        assert answer.status_code == 401
        assert "&lt;b&gt;My words" in answer.content.decode()
        assert f'href="{reverse("account_login")}?next=' in answer.content.decode()
    assert not Draft.objects.exists()


def test_a_changed_password_and_a_made_up_name_keep_nothing(as_, ben, topic):
    client, place = lapsed(as_(ben)), f"comment:{topic.pk}"
    save(client, place, text="One")
    ben.set_password("another one entirely")
    ben.save(update_fields=["password"])
    save(client, place, text="Two")
    client.cookies["lapsed"] = "made:up"
    save(client, place, text="Three")
    assert Draft.objects.get().data == {"text": "One"}
