"""How much of what one person may do in what time, and what holds for new accounts only."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from community import limits, settled
from community.models import (
    Case,
    Invitation,
    Item,
    JoinRequest,
    Media,
    Member,
    Membership,
    Message,
    Reaction,
    Ring,
    Room,
    Space,
    StaffRole,
)
from community.operations import chat, comments, invitations, media, membership, reading
from community.policies import Refused
from groups.operations import topics
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe(north):
    """Came today and has written nothing."""
    member = factories.make_member("Zoe New", settled_at=None)
    factories.belong(member, north)
    return member


def older(member: Member, *, days: int) -> Member:
    Member.objects.filter(pk=member.pk).update(joined_at=timezone.now() - timedelta(days=days))
    return Member.objects.get(pk=member.pk)


def test_a_new_account_writes_five_times_an_hour_and_is_told_when_to_go_on(north, zoe, ada):
    topic = factories.make_topic(north, by=ada)
    for number in range(5):
        comments.post_comment(topic, text=f"Number {number}", by=zoe)
    with pytest.raises(Refused, match=r"5 times an hour. Go on at \d"):
        comments.post_comment(topic, text="Number 6", by=zoe)
    with pytest.raises(Refused, match="5 times an hour"):
        topics.post_topic(north.group, by=zoe, title="Another way")
    Item.objects.filter(author=zoe).update(created_at=timezone.now() - timedelta(hours=1))
    assert comments.post_comment(topic, text="Number 7", by=zoe)


def test_two_links_and_three_names_fit_in_what_a_new_account_writes(
    north, zoe, ada, ben, cleo, fay
):
    topic = factories.make_topic(north, by=ada)
    two = "See https://a.example/x and www.b.example."
    posted = comments.post_comment(topic, text=two, by=zoe)
    with pytest.raises(Refused, match="2 links fit"):
        comments.post_comment(topic, text=f"{two} http://c.example", by=zoe)
    with pytest.raises(Refused, match="2 links fit"):
        comments.edit_comment(posted, text=f"{two} http://c.example", by=zoe)
    names = "@ada-mensah @ben-castillo @fay-lindqvist"
    assert comments.post_comment(topic, text=names, by=zoe)
    with pytest.raises(Refused, match="name 3 people"):
        comments.post_comment(topic, text=f"{names} @cleo-okafor", by=zoe)
    settled = f"{two} http://c.example {names} @cleo-okafor"
    assert comments.post_comment(topic, text=settled, by=ben)


def test_days_and_accepted_posts_end_the_limits_for_good(north, zoe, ada):
    topic = factories.make_topic(north, by=ada)
    assert limits.is_new(zoe)
    zoe = older(zoe, days=4)
    assert limits.is_new(zoe), "time alone is not enough"
    for number in range(3):
        factories.make_comment(topic, by=zoe, text=f"Number {number}")
    assert not limits.is_new(zoe)
    assert Member.objects.get(pk=zoe.pk).settled_at
    Item.objects.filter(author=zoe).delete()
    assert not limits.is_new(Member.objects.get(pk=zoe.pk))


def test_posts_alone_are_not_enough_and_reported_ones_do_not_count(north, zoe, ada):
    topic = factories.make_topic(north, by=ada)
    posted = [factories.make_comment(topic, by=zoe, text=f"Number {n}") for n in range(3)]
    assert limits.is_new(zoe)
    zoe = older(zoe, days=4)
    case = Case.objects.create(
        item_id=posted[0].pk, person=zoe, space=north, what="community.comment"
    )
    assert limits.is_new(zoe)
    case.state, case.outcome = Case.State.DECIDED, Case.Outcome.KEPT
    case.save()
    assert not limits.is_new(zoe), "somebody looked, and it was alright"


def test_the_sentence_stands_beside_the_field_and_the_words_are_kept(as_, north, zoe, ada, ben):
    topic = factories.make_topic(north, by=ada)
    page = as_(zoe).get(f"/topics/{topic.pk}/").content.decode()
    assert "Your account is new: until" in page
    assert "Your account is new" not in as_(ben).get(f"/topics/{topic.pk}/").content.decode()
    assert "Your account is new" in as_(zoe).get(f"/groups/{north.slug}/new/").content.decode()
    text = "http://a.example http://b.example http://c.example"
    answer = as_(zoe).post(f"/items/{topic.pk}/comments/add/", {"text": text})
    assert answer.status_code == 422
    assert "2 links fit in one post" in answer.content.decode()
    assert text in answer.content.decode()
    assert Member.objects.get(pk=zoe.pk).settled_at is None, "looking settles nobody"


def test_a_new_account_invites_by_mail_and_not_by_link(north, zoe):
    with pytest.raises(Refused, match="by mail"):
        invitations.invite(north, by=zoe, max_uses=20)
    emails = [f"friend{n}@example.org" for n in range(6)]
    with pytest.raises(Refused, match="5 people a day"):
        invitations.invite_by_mail(north, by=zoe, emails=emails)
    assert not Invitation.objects.exists()
    assert len(invitations.invite_by_mail(north, by=zoe, emails=emails[:5])) == 5
    with pytest.raises(Refused, match="5 people a day"):
        invitations.invite(north, by=zoe, email=emails[5])


def test_asking_the_same_group_again_has_an_end(cleo, ada):
    space = factories.make_space("Closed", openness="closed", steward=ada)
    for _time in range(3):
        request = membership.ask_to_join(space, by=cleo)
        assert membership.ask_to_join(space, by=cleo) == request, "an open one is the same one"
        membership.decline_request(request, by=ada, reason="Not now.")
    with pytest.raises(Refused, match="three times in a month"):
        membership.ask_to_join(space, by=cleo)
    other = factories.make_space("Other", openness="closed", steward=ada)
    assert membership.ask_to_join(other, by=cleo)
    JoinRequest.objects.filter(space=space).update(created_at=timezone.now() - timedelta(days=31))
    assert membership.ask_to_join(space, by=cleo)


def test_reactions_have_an_end_whatever_valkey_does(north, ben, ada, monkeypatch):
    topic = factories.make_topic(north, by=ada)
    few = limits.Limit("react", 4, timedelta(minutes=10), "That was quick.")
    monkeypatch.setattr(limits, "TABLE", (few,))
    for _time in range(4):
        reading.react(topic, emoji="❤️", by=ben)
    with pytest.raises(Refused, match="quick"):
        reading.react(topic, emoji="❤️", by=ben)
    assert not Reaction.objects.filter(item=topic).exists()


def test_what_one_member_may_keep_has_an_end(ben, settings):
    settings.STORAGE_PER_MEMBER_MB = 1
    row = media.store_upload(
        SimpleUploadedFile("a.txt", b"words"), purpose=Media.Purpose.ATTACHMENT, by=ben
    )
    Media.objects.filter(pk=row.pk).update(size=1024 * 1024 - 3)
    with pytest.raises(ValidationError, match="0 of 1 MB"):
        media.store_upload(
            SimpleUploadedFile("b.txt", b"words"), purpose=Media.Purpose.ATTACHMENT, by=ben
        )
    assert Media.objects.count() == 1


def test_everybody_has_a_limit_for_posts(north, ben, ada, monkeypatch):
    topic = factories.make_topic(north, by=ada)
    row = limits.Limit("post", 2, timedelta(minutes=10), "Go on at %(when)s.")
    monkeypatch.setattr(limits, "TABLE", (row,))
    for number in range(2):
        comments.post_comment(topic, text=f"Number {number}", by=ben)
    with pytest.raises(Refused, match="Go on at"):
        comments.post_comment(topic, text="Number 3", by=ben)


def test_proposing_groups_has_an_end(community, ben, ada, monkeypatch):
    row = limits.Limit("propose", 1, timedelta(days=30), "Go on on %(when)s.")
    monkeypatch.setattr(limits, "TABLE", (row,))
    limits.check(ben, "propose")
    space = factories.make_space("One")
    held = factories.belong(ben, space, ring=Ring.STEWARD)
    held.joined_via = "founded"
    held.save()
    with pytest.raises(Refused, match="Go on on"):
        limits.check(ben, "propose")


def test_the_table_and_its_page_in_the_docs_agree():
    from pathlib import Path

    told = Path("docs/limits.md").read_text()
    for limit in limits.TABLE:
        assert f"`{limit.act}`" in told, limit.act
        assert str(limit.most) in told, limit
    for number in (limits.LINKS_OF_NEW, limits.NAMES_OF_NEW, limits.NEW_POSTS):
        assert str(number) in told


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        (
            "https://www.Example.org/a?b=c and http://other.example",
            ["example.org", "other.example"],
        ),
        ("www.example.org.", ["example.org."]),
        ("[words](https://example.org/x)", ["example.org"]),
        ("https://user@example.org:80/x", ["example.org:80"]),
        ("no link, no. dot.", []),
    ],
)
def test_the_hosts_of_links(text, hosts):
    assert limits.links(text) == hosts


def _say(room, by, text) -> Message:
    return chat.post_message(room, text=text, client_id=uuid4(), by=by)


def test_messages_that_stand_count_as_posts_do(north, zoe, ben):
    zoe = older(zoe, days=4)
    room = Room.objects.get(space=north)
    said = [_say(room, zoe, f"Number {number}") for number in range(3)]
    assert not settled.looks_new(zoe)
    case = Case.objects.create(message=said[0], person=zoe, space=north, what="message")
    assert settled.looks_new(zoe), "reported ones do not count"
    case.delete()
    Message.objects.filter(pk=said[1].pk).update(deleted_at=timezone.now())
    assert settled.looks_new(zoe), "nor do those that were taken away"
    direct = chat.open_direct([ben], by=zoe)
    _say(direct, zoe, "Hello.")
    assert settled.looks_new(zoe), "nor what is said among two"


def test_a_steward_of_an_active_group_is_not_new(north, zoe):
    assert settled.looks_new(zoe)
    Membership.objects.filter(member=zoe, space=north).update(ring=Ring.STEWARD)
    Space.objects.filter(pk=north.pk).update(listed_at=None)
    assert settled.looks_new(Member.objects.get(pk=zoe.pk)), "a proposal is nobody's trust"
    Space.objects.filter(pk=north.pk).update(listed_at=timezone.now())
    zoe = Member.objects.get(pk=zoe.pk)
    assert invitations.invite(north, by=zoe, max_uses=20)
    assert Member.objects.get(pk=zoe.pk).settled_at


def test_who_was_trusted_with_the_community_is_not_new(north, zoe, as_):
    page = as_(zoe).get(f"/groups/{north.slug}/invite/").content.decode()
    assert "Links come with time" in page
    assert "Make a link" not in page
    first = factories.make_member("Iris First", settled_at=None, root_ring=Ring.STEWARD)
    assert not limits.is_new(first)
    assert "Make a link" in as_(first).get("/people/invite/").content.decode()
    admin = factories.make_member("Omar", settled_at=None, staff=StaffRole.Role.ADMIN)
    assert not limits.is_new(admin)
