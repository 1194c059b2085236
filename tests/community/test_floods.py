"""Bursts of links, the same words in many places, many people at once: held, shown, decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community import floods, lockdown, notices
from community.models import (
    Activity,
    AuditEntry,
    Fingerprint,
    Held,
    Item,
    LockDown,
    Member,
    Membership,
    Notice,
    Ring,
    Space,
    StaffRole,
)
from community.operations import (
    chat,
    comments,
    holding,
    invitations,
    membership,
    moderation,
    writing,
)
from community.operations import lockdown as doors
from community.operations.reports import report_item
from community.policies import Refused
from groups.models import Topic
from groups.operations import topics
from tests import factories
from tests.community.test_chat import say

pytestmark = pytest.mark.django_db

SAME = "Earn money from home today, thousands of people already do it every day"


def newcomer(space: Space, name: str = "") -> Member:
    member = factories.make_member(name, settled_at=None)
    factories.belong(member, space)
    return member


def three_groups(ada):
    return [factories.make_space(f"Place {n}", steward=ada) for n in range(3)]


def test_the_same_words_in_several_groups_are_held_from_the_third_on(ada, ben):
    spaces = three_groups(ada)
    posted = []
    for number, space in enumerate(spaces):
        factories.belong(ben, space)
        title = f"Hello {number}"
        posted.append(
            topics.post_topic(space.group, by=ben, title=title, text=f"{SAME}, {number}!")
        )
    assert [topic.hidden_at is None for topic in posted] == [True, True, False]
    held = Held.objects.get()
    assert (held.item_id, held.cause) == (posted[2].pk, "repeated")


def test_the_same_words_by_several_people_are_held_too(north, ada):
    topic = factories.make_topic(north, by=ada)
    people = [newcomer(north) for _ in range(3)]
    posted = [comments.post_comment(topic, text=SAME, by=one) for one in people]
    assert [comment.hidden_at is None for comment in posted] == [True, True, False]
    topic.refresh_from_db()
    assert topic.comment_count == 2


def test_short_words_and_stewards_are_never_held(north, ada, ben):
    topic = factories.make_topic(north, by=ada)
    for _ in range(4):
        assert comments.post_comment(topic, text="Yes, I am coming.", by=ben).hidden_at is None
        assert comments.post_comment(topic, text=SAME, by=ada).hidden_at is None


def test_many_links_of_a_new_account_are_held(north, ada):
    topic = factories.make_topic(north, by=ada)
    zoe = newcomer(north)
    first = comments.post_comment(topic, text="http://a.example http://b.example", by=zoe)
    second = comments.post_comment(topic, text="http://c.example http://d.example", by=zoe)
    assert first.hidden_at is None
    assert second.hidden_at is not None
    assert Held.objects.get().cause == "links"


def test_links_that_come_by_changing_what_stands_count_as_links_of_new_posts(north, ada):
    topic = factories.make_topic(north, by=ada)
    zoe = newcomer(north)
    first, second = (
        comments.post_comment(topic, text=f"I think {n}", by=zoe) for n in ("so", "not")
    )
    comments.edit_comment(first, text="http://a.example http://b.example", by=zoe)
    comments.edit_comment(first, text="http://a.example then http://b.example", by=zoe)
    with pytest.raises(Refused, match="looks like a flood"):
        comments.edit_comment(second, text="http://c.example http://d.example", by=zoe)
    second.refresh_from_db()
    assert (second.text, second.hidden_at) == ("I think not", None)
    third = comments.post_comment(topic, text="http://e.example http://f.example", by=zoe)
    assert third.hidden_at is not None


def test_a_burst_of_links_by_changing_topics_is_refused_to_anybody(north, ben):
    links = " ".join(f"http://a{n}.example" for n in range(floods.LINKS_AN_HOUR))
    one, other = (factories.make_topic(north, by=ben, text=f"Words {n}") for n in "ab")
    topics.edit_topic(one, title="Links", text=links, by=ben)
    topics.edit_topic(one, title="Links", text=f"{links} and more", by=ben)
    with pytest.raises(Refused, match="looks like a flood"):
        topics.edit_topic(other, title="Links", text="http://more.example", by=ben)


def test_the_same_words_by_changing_several_posts_are_refused(north, ada, ben):
    posted = [factories.make_topic(north, by=ben, text=f"Words {n}") for n in "abc"]
    for topic in posted[:2]:
        topics.edit_topic(topic, title="Look", text=SAME, by=ben)
    with pytest.raises(Refused, match="looks like a flood"):
        topics.edit_topic(posted[2], title="Look", text=SAME, by=ben)


def test_one_host_in_what_several_new_accounts_write_is_held(north, ada, ben):
    topic = factories.make_topic(north, by=ada)
    texts = ("Look here", "A different thing entirely", "And I say this")
    posted = [
        comments.post_comment(topic, text=f"{text} https://spam.example/{n}", by=newcomer(north))
        for n, text in enumerate(texts)
    ]
    assert [comment.hidden_at is None for comment in posted] == [True, True, False]
    known = comments.post_comment(topic, text="https://spam.example/9 is spam", by=ben)
    assert known.hidden_at is None


def test_what_is_held_is_seen_by_its_author_alone_and_told_to_nobody(as_, north, ada, ben, cleo):
    topic = factories.make_topic(north, by=ada)
    zoe = newcomer(north)
    comments.post_comment(topic, text="http://a.example http://b.example", by=zoe)
    before = Activity.objects.count()
    link = "http://c.example http://d.example"
    answer = as_(zoe).post(f"/items/{topic.pk}/comments/add/", {"text": link})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/me/held/")
    found = Held.objects.get()
    assert Activity.objects.count() == before
    for reader in (ben, cleo, ada, zoe):
        assert not Item.objects.visible_to(reader).filter(pk=found.pk).exists()
    assert "c.example" not in as_(ben).get(f"/topics/{topic.pk}/").content.decode()
    assert "1 post of yours waits for a steward" in as_(zoe).get("/").content.decode()
    assert "of yours waits" not in as_(ben).get("/").content.decode()
    mine = as_(zoe).get("/me/held/").content.decode()
    assert "c.example" in mine
    assert "waits for a steward" in mine
    assert "c.example" not in as_(ben).get("/me/held/").content.decode()


def test_who_was_sent_away_keeps_their_words_and_learns_nothing_new(as_, ada, ben):
    secret = factories.make_space("Secret", openness="secret", steward=ada)
    topic = factories.make_topic(secret, by=ada, title="Old title")
    zoe = newcomer(secret)
    for pair in ("http://a.example http://b.example", "http://c.example http://d.example"):
        comments.post_comment(topic, text=pair, by=zoe)
    assert "Old title" in as_(zoe).get("/me/held/").content.decode()
    held = Membership.objects.get(space=secret, member=zoe)
    membership.remove(held, by=Member.objects.get(pk=ada.pk), reason="Because.")
    Space.objects.filter(pk=secret.pk).update(name="New name")
    Item.objects.filter(pk=topic.pk).update(title="New title")
    page = as_(zoe).get("/me/held/").content.decode()
    assert "c.example" in page
    assert "New name" not in page
    assert "New title" not in page


def test_letting_it_through_tells_people_as_if_it_were_new(north, ada, ben):
    topic = factories.make_topic(north, by=ben)
    zoe = newcomer(north)
    comments.post_comment(topic, text="http://a.example http://b.example", by=zoe)
    late = comments.post_comment(topic, text="http://c.example http://d.example", by=zoe)
    found = Held.objects.get()
    with pytest.raises(Refused):
        holding.let_through(found, by=ben)
    with pytest.raises(Refused):
        holding.let_through(found, by=zoe)
    holding.let_through(found, by=ada)
    assert Item.objects.visible_to(ben).filter(pk=late.pk).exists()
    topic.refresh_from_db()
    assert topic.comment_count == 2
    told = Activity.objects.get(item=late.pk, verb="comments.posted")
    assert notices.deliver(told) == 1
    with pytest.raises(Refused, match="already"):
        holding.refuse(found, by=ada, reason="No.")
    assert AuditEntry.objects.filter(action="held.let_through").exists()


@pytest.fixture
def held_and_hidden(north, ada, ben, mo):
    """A topic that waits to be let through, and that a moderator hid besides."""
    topic = factories.make_topic(north, by=ben)
    Item.objects.filter(pk=topic.pk).update(hidden_at=timezone.now())
    held = Held.objects.create(item_id=topic.pk, cause="burst", verb="topics.posted")
    case = report_item(Item.objects.get(pk=topic.pk), by=ada, rule=None, words="Look.").case
    rule = factories.make_rule()
    return held, moderation.hide_reported(case, rule=rule, reason="It is an address.", by=mo)


@pytest.mark.parametrize("refused", [True, False])
def test_what_is_held_stays_away_when_a_hiding_is_lifted(held_and_hidden, ada, mo, refused):
    held, measure = held_and_hidden
    if refused:
        holding.refuse(held, by=ada, reason="This is advertising.")
    moderation.lift_measure(measure, reason="It was her own address.", by=mo)
    assert not Item.objects.visible_to(ada).filter(pk=held.pk).exists()
    if not refused:
        holding.let_through(held, by=ada)
        assert Item.objects.visible_to(ada).filter(pk=held.pk).exists()


def test_what_is_hidden_stays_away_when_it_is_let_through(held_and_hidden, ada, mo):
    held, measure = held_and_hidden
    holding.let_through(held, by=ada)
    assert not Item.objects.visible_to(ada).filter(pk=held.pk).exists()
    moderation.lift_measure(measure, reason="It was her own address.", by=mo)
    assert Item.objects.visible_to(ada).filter(pk=held.pk).exists()


def test_what_is_not_let_through_stays_away_and_says_why(as_, north, ada, ben):
    topic = factories.make_topic(north, by=ben)
    zoe = newcomer(north)
    for pair in ("http://a.example http://b.example", "http://c.example http://d.example"):
        comments.post_comment(topic, text=pair, by=zoe)
    found = Held.objects.get()
    page = as_(ada).get("/moderation/held/").content.decode()
    assert "c.example" in page
    refuse = f"/moderation/held/{found.pk}/refuse/"
    assert as_(ada).post(refuse, {"reason": ""}).status_code == 422
    assert as_(ada).post(refuse, {"reason": "This is advertising."}).status_code == 302
    assert "This is advertising." in as_(zoe).get("/me/held/").content.decode()
    told = Activity.objects.get(verb="held.refused")
    notices.deliver(told)
    assert "not let through" in as_(zoe).get("/notices/").content.decode()
    assert not Item.objects.visible_to(ben).filter(pk=found.pk).exists()


def test_who_decides_about_what_is_held(as_, ada, mo, ben, cleo):
    open_, secret = (
        factories.make_space(name, openness=name, steward=ada) for name in ("open", "secret")
    )
    writer = factories.make_member("Writer")
    rows = {}
    for space in (open_, secret):
        factories.belong(writer, space)
        topic = factories.make_topic(space, by=writer)
        Item.objects.filter(pk=topic.pk).update(hidden_at=timezone.now())
        held = Held.objects.create(item_id=topic.pk, cause="burst", verb="topics.posted")
        rows[space.name] = held.pk

    def decides(member: Member) -> set[str]:
        found = Held.objects.for_decision(Member.objects.get(pk=member.pk))
        pks = set(found.values_list("pk", flat=True))
        return {name for name, pk in rows.items() if pk in pks}

    assert decides(ada) == {"open", "secret"}
    assert decides(mo) == {"open"}, "a secret group is read by its own"
    assert decides(ben) == decides(cleo) == decides(writer) == set()
    assert as_(mo).post(f"/moderation/held/{rows['secret']}/let-through/").status_code == 404
    assert as_(cleo).get("/moderation/held/").status_code == 404


# The alarm


def test_many_who_come_in_at_once_raise_one_alarm(community, ruth):
    boss = factories.make_member("Boss", staff=StaffRole.Role.ADMIN)
    for _ in range(floods.MANY_JOINS - 3):
        factories.make_member()
    assert not holding.watch_joins()
    factories.make_member()
    assert holding.watch_joins()
    assert not holding.watch_joins(), "once an hour"
    told = Activity.objects.get(verb=holding.ALARM)
    notices.deliver(told)
    for member in (ruth, boss):
        assert notices.shown(Member.objects.get(pk=member.pk)).filter(activity=told).exists()
    Membership.objects.update(joined_at=timezone.now() - timedelta(minutes=11))
    Activity.objects.all().delete()
    assert not holding.watch_joins()


# The lock on the doors


def test_locked_down_nobody_new_comes_in(as_, ruth, ada, north, cleo, community):
    _row, token = factories.make_invitation(north, by=ada)
    outside = factories.make_member("Outside", root_ring=0)
    doors.begin(by=ruth, reason="A flood.", holds_days=7)
    with pytest.raises(Refused, match="doors are shut"):
        invitations.use_invitation(token, by=cleo)
    with pytest.raises(Refused, match="doors are shut"):
        membership.join(community.space, by=outside)
    assert membership.join(north, by=cleo), "who is in goes on as before"
    assert "doors are shut" in as_(None).get("/accounts/signup/").content.decode()
    doors.lift(by=ruth)
    assert membership.join(community.space, by=outside)
    assert "doors are shut" not in as_(None).get("/accounts/signup/").content.decode()


def test_locked_down_what_newcomers_write_waits(ruth, ada, north, ben):
    topic = factories.make_topic(north, by=ada)
    Member.objects.exclude(pk=ben.pk).update(joined_at=timezone.now() - timedelta(days=30))
    doors.begin(by=ruth, reason="A flood.", holds_days=7)
    old = Member.objects.get(pk=ada.pk)
    assert comments.post_comment(topic, text="Mine", by=old).hidden_at is None
    assert comments.post_comment(topic, text="Mine", by=ben).hidden_at is not None
    assert Held.objects.get().cause == "locked"
    doors.lift(by=ruth)
    assert comments.post_comment(topic, text="Mine", by=ben).hidden_at is None


@pytest.mark.parametrize("settled", [True, False])
def test_locked_down_newcomers_only_read_in_chats_and_conversations(ruth, ada, north, ben, settled):
    room = north.rooms.get(is_first=True)
    pair = chat.open_direct([ada], by=ben)
    before = say(room, ben, "Soon")
    Member.objects.exclude(pk=ben.pk).update(joined_at=timezone.now() - timedelta(days=30))
    Member.objects.filter(pk=ben.pk).update(settled_at=timezone.now() if settled else None)
    doors.begin(by=ruth, reason="A flood.", holds_days=7)
    ben, ada = (Member.objects.get(pk=one.pk) for one in (ben, ada))
    for place in (room, pair):
        with pytest.raises(Refused, match="doors are shut"):
            say(place, ben, "Hello")
        assert say(place, ada, "Hello")
    with pytest.raises(Refused, match="doors are shut"):
        chat.edit_message(before, text="Sooner", by=ben)
    doors.lift(by=ruth)
    assert say(pair, ben, "Hello")


def test_locked_down_newcomers_change_nothing_that_stands(ruth, ada, north, ben):
    topic = factories.make_topic(north, by=ben)
    comment = factories.make_comment(topic, by=ben)
    doors.begin(by=ruth, reason="A flood.", holds_days=7)
    ben = Member.objects.get(pk=ben.pk)
    with pytest.raises(Refused, match="doors are shut"):
        topics.edit_topic(topic, title="Other", text="Words", by=ben)
    with pytest.raises(Refused, match="doors are shut"):
        comments.edit_comment(comment, text="Other", by=ben)
    doors.lift(by=ruth)
    assert comments.edit_comment(comment, text="Other", by=ben).text == "Other"


def test_the_public_pages_can_be_shut_to_visitors_within_five_seconds(
    as_, ruth, ben, north, community, django_capture_on_commit_callbacks
):
    assert lockdown.FRESH_SECONDS <= 5
    visitor = as_(None)
    assert visitor.get("/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        doors.begin(by=ruth, reason="A flood.", holds_days=0, closes_public=True)
    shut = visitor.get("/")
    assert shut.status_code == 503
    assert "Sign in" in shut.content.decode()
    assert visitor.get("/groups/").status_code == 503
    assert visitor.get("/accounts/login/").status_code == 200
    assert as_(ben).get(f"/groups/{north.slug}/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        doors.lift(by=ruth)
    assert visitor.get("/").status_code == 200


def test_everybody_reads_why_the_doors_are_shut(as_, ruth, ben, community):
    doors.begin(by=ruth, reason="Somebody floods us.", holds_days=7)
    for client in (as_(ben), as_(None)):
        assert "Somebody floods us." in client.get("/").content.decode()
    doors.lift(by=ruth)
    assert "Somebody floods us." not in as_(ben).get("/").content.decode()
    assert {"lockdown.began", "lockdown.lifted"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


def test_who_may_shut_the_doors(as_, ruth, ada, mo, ben):
    boss = factories.make_member("Boss", staff=StaffRole.Role.ADMIN)
    for member in (ada, mo, ben):
        with pytest.raises(Refused):
            doors.begin(by=member, reason="A flood.", holds_days=7)
        assert as_(member).get("/moderation/lock-down/").status_code == 404
    said = {"reason": "A flood.", "holds_days": "7"}
    assert as_(boss).post("/moderation/lock-down/", said).status_code == 302
    with pytest.raises(Refused, match="already"):
        doors.begin(by=ruth, reason="A flood.", holds_days=7)
    assert as_(ruth).post("/moderation/lock-down/lift/").status_code == 302
    assert LockDown.objects.filter(lifted_at=None).count() == 0


# A flood


def test_of_what_two_hundred_bots_post_nearly_nothing_is_read(community, ada):
    """Four sorts of bots, twenty tries each: at least 95 of 100 are refused or held."""
    spaces = [factories.make_space(f"Place {n}", steward=ada) for n in range(4)]
    answered = [factories.make_topic(space, by=ada) for space in spaces]
    texts = {
        "same words": lambda bot, n: SAME,
        "same words, other numbers": lambda bot, n: f"{SAME} {bot}-{n} http://x{n}.example",
        "one host": lambda bot, n: f"Word{bot} word{n} here https://spam.example/{bot}/{n}",
        "links": lambda bot, n: f"http://a{bot}{n}.example http://b{bot}.example http://c.example",
    }
    tried = passed = 0
    for bot in range(200):
        space = spaces[bot % 4]
        member = newcomer(space, f"Bot {bot}")
        for other in spaces:
            if other != space:
                factories.belong(member, other)
        say = list(texts.values())[bot % len(texts)]
        for number in range(20):
            tried += 1
            try:
                posted = comments.post_comment(
                    answered[number % 4], text=say(bot, number), by=member
                )
            except Refused:
                continue
            passed += posted.hidden_at is None
    assert tried == 4000
    assert passed / tried <= 0.05, f"{passed} of {tried} were read"
    honest = factories.make_member("Honest")
    factories.belong(honest, spaces[0])
    posted = comments.post_comment(answered[0], text="When do we meet this week?", by=honest)
    assert posted.hidden_at is None
    before = Fingerprint.objects.count()
    Fingerprint.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert holding.forget_fingerprints() == before


def test_a_held_post_deleted_by_its_author_waits_no_more(north, ada):
    topic = factories.make_topic(north, by=ada)
    zoe = newcomer(north)
    for pair in ("http://a.example http://b.example", "http://c.example http://d.example"):
        comments.post_comment(topic, text=pair, by=zoe)
    held = Held.objects.get()
    writing.delete_item(held.item, by=zoe)
    assert not Held.objects.for_decision(ada).exists()


def test_a_held_topic_is_in_no_list(as_, ada, ben):
    spaces = three_groups(ada)
    for space in spaces:
        factories.belong(ben, space, ring=Ring.PARTICIPANT)
    client = as_(ben)
    for number, space in enumerate(spaces):
        form = {"title": f"Hello {number}", "text": SAME, "template": "talk", "ring": "2"}
        answer = client.post(f"/groups/{space.slug}/new/", form)
        assert answer.status_code == 302
    assert answer.headers["Location"] == "/me/held/"
    held = Topic.objects.get(pk=Held.objects.get().pk)
    assert as_(ada).get(f"/topics/{held.pk}/").status_code == 404
    assert "Hello 2" not in as_(ada).get(f"/groups/{spaces[2].slug}/").content.decode()
    assert "Hello 2" in as_(ada).get("/moderation/held/").content.decode()


@pytest.mark.parametrize(("new", "told"), [(True, 20), (False, 25)])
def test_new_accounts_fill_nobodys_notices(north, ada, ben, new, told):
    """Twenty an hour of what they do, from all of them together; others are told as always."""
    topic = factories.make_topic(north, by=ada)
    for number in range(25):
        zoe = newcomer(north) if new else factories.make_member()
        if not new:
            factories.belong(zoe, north)
        comments.post_comment(topic, text=f"My answer is {'x' * number}.", by=zoe)
        notices.deliver(Activity.objects.filter(verb="comments.posted").latest("pk"))
    assert Notice.objects.filter(member=ada, activity__verb="comments.posted").count() == told
    comments.post_comment(topic, text="From somebody they know.", by=ben)
    newest = Activity.objects.filter(verb="comments.posted").latest("pk")
    notices.deliver(newest)
    assert Notice.objects.filter(member=ada, activity=newest).exists()
    Notice.objects.update(created_at=timezone.now() - timedelta(hours=1))
    comments.post_comment(topic, text="An hour later.", by=newcomer(north))
    newest = Activity.objects.filter(verb="comments.posted").latest("pk")
    notices.deliver(newest)
    assert Notice.objects.filter(member=ada, activity=newest).exists()
