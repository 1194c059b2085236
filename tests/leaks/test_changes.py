"""What changes hands is gone at once: people who leave or are sent away, things that move or go.

Each change is made in the same world and undone again; before it, the same person could see what
they must not see after it, so that a test that finds nothing has looked in the right place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from django.db.models import Q
from django.test import override_settings
from django.utils import timezone

from community import mail, notices, push, replies
from community.incoming import Done
from community.models import (
    Activity,
    Block,
    Comment,
    Delivery,
    Item,
    Member,
    Membership,
    Message,
    Notice,
    NoticeSettings,
    Openness,
    OutboxMail,
    Ring,
    Room,
    Rule,
    Space,
)
from community.operations import chat, leaving, membership, people, rings, sanctions, writing
from groups.models import Topic
from groups.operations import moving, topics
from tests.community.test_incoming import answer, letter, send
from tests.community.test_push import Browser, browser, service, subscribe  # noqa: F401  fixtures
from tests.leaks.matrix import Asker, Found, _in_mails, _told, said, send_all
from tests.leaks.test_matrix import world  # noqa: F401  fixture
from tests.world import World, close_account, rolled_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def places(world: World) -> list[str]:  # noqa: F811
    """Where somebody who knew their way would look again, and every list there is."""
    t = world.things
    paths = ["/", "/groups/", "/people/", "/notices/", "/bookmarks/", "/drafts/", "/me/"]
    paths += ["/mentions/?q=hana", "/mentions/?q=zq", "/people/?q=zq", "/groups/?q=zq"]
    paths += [f"/people/{world.hana.pk}/", f"/people/{world.cora.pk}/"]
    paths += ["/chat/", "/chat/search/?q=soon", f"/chat/{t['pair'].pk}/"]
    for name in ("secret", "closed", "open"):
        slug = world.spaces[name].slug
        paths += [
            f"/groups/{slug}/{part}" for part in ("", "people/", "about/", "about/charter/1/")
        ]
        number = world.spaces[name].pk
        paths += [f"/mentions/?q=zq&space={number}", f"/links/?q=zq0&space={number}"]
        paths.append(f"/media/{t[f'{name}_cover'].token}/medium/")
        paths += [f"/spaces/{slug}/chat/", f"/chat/bringing/{t[f'{name}_bringing'].pk}/"]
        paths.append(f"/media/{t[f'{name}_chat_file'].token}/file/")
        for room in (t[f"{name}_room"], t[f"{name}_core_room"]):
            paths += [f"/chat/{room.pk}/{part}" for part in ("", "about/", "1/", "1/thread/")]
            paths.append(f"/chat/search/?q=soon&room={room.pk}")
        for ring in (2, 3):
            topic, answer = t[f"{name}_{ring}"], t[f"{name}_{ring}_answer"]
            paths += [
                f"/topics/{topic.pk}/",
                f"/comments/{answer.pk}/",
                f"/items/{topic.pk}/history/",
            ]
            paths += [f"/items/{topic.pk}/comments/", f"/comments/{answer.pk}/show/"]
            paths += [f"/mentions/?q=zq&item={topic.pk}", f"/links/?q=zq0&item={topic.pk}"]
            paths.append(f"/media/{t[f'{name}_{ring}_file'].token}/file/")
    return paths


def look_round(world: World, who: str) -> Found:  # noqa: F811
    """Everything this person is shown now, by pages and fragments; leaks by the rules of now."""
    asker, found = Asker.of(world, who), Found()
    found.seen[who] = set()
    for path in places(world):
        for headers in ({}, {"HX-Request": "true"}):
            answer = asker.client.get(path, headers=headers)
            found.probes += 1
            assert answer.status_code < 500, path
            for what in _told(world, asker, said(answer), found, path):
                found.leaks.append(f"{who}: {path} ({answer.status_code}) says {what}")
            if answer.status_code != 200:
                break
    return found


def deliver(world: World) -> None:  # noqa: F811
    for activity in Activity.objects.select_related("item__space", "space", "actor"):
        notices.deliver(activity)


def fresh(world: World, who: str) -> Member:  # noqa: F811
    return Member.objects.get(pk=world.people[who].pk)


# Changes: what is done, whom it shuts out, and words they saw before and must not see after


def removed(world):  # noqa: F811
    for name in ("secret", "closed"):
        held = Membership.objects.get(space=world.spaces[name], member=world.ben)
        membership.remove(held, by=fresh(world, "ada"), reason="Because.")


def left(world):  # noqa: F811
    for name in ("secret", "closed"):
        membership.leave(world.spaces[name], by=fresh(world, "ben"))


def left_the_community(world):  # noqa: F811
    membership.leave(Space.objects.root(), by=fresh(world, "ben"))


def left_for_good(world):  # noqa: F811
    ben = fresh(world, "ben")
    leaving.leave_community(ben, words="go", by=ben)
    leaving.clear_left()


def stepped_back(world):  # noqa: F811
    for name in ("secret", "closed", "open"):
        rings.step_back(world.spaces[name], ring=Ring.PARTICIPANT, by=fresh(world, "cora"))


def kept_away(world):  # noqa: F811
    people.block(fresh(world, "ben"), by=fresh(world, "hana"))


def account_closed(world):  # noqa: F811
    close_account(world.ben)


def made_secret(world):  # noqa: F811
    Space.objects.filter(pk=world.open.pk).update(openness=Openness.SECRET)


def moved_to_the_core(world):  # noqa: F811
    for name in ("secret", "closed", "open"):
        topic = Topic.objects.get(pk=world.things[f"{name}_2"].pk)
        topics.move_to_ring(topic, ring=Ring.CORE, by=fresh(world, "ada"))


def deleted(world):  # noqa: F811
    for name in ("secret", "closed", "open"):
        writing.delete_item(world.things[f"{name}_2"], by=fresh(world, "ada"))


def answer_deleted(world):  # noqa: F811
    for name in ("secret", "closed", "open"):
        writing.delete_item(world.things[f"{name}_2_answer"], by=fresh(world, "ada"))


def hidden(world):  # noqa: F811
    for name in ("secret", "closed", "open"):
        topic = world.things[f"{name}_2"]
        answers = Comment.objects.filter(item=topic.pk).values("pk")
        Item.objects.filter(Q(pk=topic.pk) | Q(pk__in=answers)).update(hidden_at=timezone.now())


def suspended(world):  # noqa: F811
    """With what they hold, and with what they would be told as a steward."""
    Membership.objects.filter(space=world.closed, member=world.ben).update(ring=Ring.STEWARD)
    sanctions.suspend(
        fresh(world, "ben"),
        by=fresh(world, "mo"),
        rule=Rule.objects.current().first(),
        reason="Because.",
        protective=True,
    )


def moved_to_another_group(world):  # noqa: F811
    for name in ("secret", "closed", "open"):
        topic = Topic.objects.get(pk=world.things[f"{name}_2"].pk)
        Membership.objects.get_or_create(
            space=world.west, member=world.ada, defaults={"ring": Ring.STEWARD}
        )
        Space.objects.filter(pk=world.west.pk).update(openness=Openness.SECRET)
        moving.move_to_group(topic, group=world.west.group, by=fresh(world, "ada"))


def merged_into_the_core(world):  # noqa: F811
    for name in ("secret", "closed", "open"):
        topic, into = (Topic.objects.get(pk=world.things[f"{name}_{ring}"].pk) for ring in (2, 3))
        moving.merge_topic(topic, into=into, by=fresh(world, "ada"))


def room_moved_to_the_core(world):  # noqa: F811
    for name in ("secret", "closed", "open"):
        chat.change_room(world.things[f"{name}_room"], min_ring=Ring.CORE, by=fresh(world, "ada"))


CHANGES = [
    (room_moved_to_the_core, "ben", "secret: said in the chat"),
    (removed, "ben", "secret: said in the chat"),
    (left_the_community, "ben", "closed: answered in the chat"),
    (stepped_back, "cora", "secret: said among the core team"),
    (suspended, "ben", "closed: topic of ring 2, title"),
    (moved_to_another_group, "ben", "secret: topic of ring 2, title"),
    (merged_into_the_core, "ben", "secret: topic of ring 2, title"),
    (removed, "ben", "secret: topic of ring 2, title"),
    (left, "ben", "secret: topic of ring 2, text"),
    (left_the_community, "ben", "closed: topic of ring 2, text"),
    (left_for_good, "ben", "closed: topic of ring 2, text"),
    (stepped_back, "cora", "secret: topic of ring 3, title"),
    (kept_away, "ben", "secret: topic of ring 2, title"),
    (account_closed, "ben", "secret: topic of ring 2, title"),
    (made_secret, "cleo", "open: topic of ring 2, title"),
    (moved_to_the_core, "ben", "secret: topic of ring 2, title"),
    (deleted, "ben", "secret: topic of ring 2, title"),
    (answer_deleted, "fay", "open: topic of ring 2, answer"),
    (hidden, "ben", "closed: topic of ring 2, title"),
]


each_change = pytest.mark.parametrize(
    ("change", "who", "word"), CHANGES, ids=lambda part: getattr(part, "__name__", None)
)


@pytest.fixture(scope="class")
def told(world):  # noqa: F811
    """The world after everybody was told of everything."""
    with rolled_back():
        deliver(world)
        yield world


@pytest.fixture(scope="class")
def seen_before(told):
    """What somebody saw before anything changed."""

    @cache
    def look(who: str) -> set[str]:
        with rolled_back():
            found = look_round(told, who)
        assert found.leaks == []
        return found.seen[who]

    return look


@pytest.fixture(scope="class")
def written(world):  # noqa: F811
    """The world after letters of everything were written, for a server that was down."""
    locmem = "django.core.mail.backends.locmem.EmailBackend"
    with rolled_back(), override_settings(MAIL_TRANSPORT=locmem):
        deliver(world)
        send_all()
        yield world


class TestToldBefore:
    """The audience is asked again when somebody looks, and when it is sent."""

    @each_change
    def test_nothing_is_left_after(self, told, seen_before, change: Callable, who: str, word: str):
        assert word in seen_before(who), "the test must look where it was to be seen"
        with rolled_back():
            change(told)
            after = look_round(told, who)
            assert after.leaks == []
            assert word not in after.seen[who]

    @each_change
    def test_what_was_on_its_way_by_mail_or_in_a_digest_does_not_arrive(
        self, told, change, who, word
    ):
        with rolled_back():
            OutboxMail.objects.all().delete()
            change(told)
            send_all()
            assert mailed_amiss(told, who) == []


class TestWrittenBefore:
    @each_change
    def test_letters_that_are_written_and_wait_do_not_leave(self, written, change, who, word):
        """They are asked about again when they leave."""
        with rolled_back():
            mine = OutboxMail.objects.filter(to=fresh(written, who).email).exclude(about={})
            assert mine.waiting().exists() or who != "ben"
            change(written)
            mail.deliver_due()
            OutboxMail.objects.filter(sent_at=None).delete()
            assert mailed_amiss(written, who) == []


@each_change
def test_what_was_still_to_be_told_is_not_told(world, change, who, word):  # noqa: F811
    """Activities recorded before the change and delivered after it: the audience is asked again."""
    with rolled_back():
        Notice.objects.filter(member=world.people[who]).delete()
        before = Activity.objects.order_by("-pk").values_list("pk", flat=True).first()
        change(world)
        for activity in Activity.objects.filter(pk__lte=before).select_related(
            "item__space", "space", "actor"
        ):
            notices.deliver(activity)
        member = fresh(world, who)
        told = Notice.objects.filter(member=member, activity__item__isnull=False)
        seen = Item.objects.visible_to(member).values("pk")
        assert not told.exclude(activity__item__in=seen).exists()
        said_to_them = Notice.objects.filter(member=member, activity__message__isnull=False)
        heard = Message.objects.visible_to(member).values("pk")
        assert not said_to_them.exclude(activity__message__in=heard).exists()


@each_change
def test_what_was_on_its_way_to_a_device_does_not_arrive(
    world,  # noqa: F811
    change,
    who,
    word,
    service,  # noqa: F811
    browser,  # noqa: F811
):
    with rolled_back():
        device(world, who, browser)
        deliver(world)
        change(world)
        asker, found = Asker.of(world, who), Found()
        found.seen[who] = set()
        assert _told(world, asker, pushed(service, browser), found, "/notices/") == []
        assert word not in found.seen[who]


@each_change
def test_what_was_mailed_before_is_answered_like_what_does_not_exist(
    world,  # noqa: F811
    change,
    who,
    word,
    settings,
):
    """The address to answer to was in a mail of before; it opens nothing and tells nothing."""
    settings.REPLY_DOMAIN = "reply.example.org"
    with rolled_back():
        member = fresh(world, who)
        change(world)
        said_before = Comment.objects.count(), Message.objects.count()
        OutboxMail.objects.all().delete()
        assert answer_to(member, thing(world, word)).outcome != "posted"
        assert (Comment.objects.count(), Message.objects.count()) == said_before
        assert mailed_amiss(world, who) == []


def mailed_amiss(world: World, who: str) -> list[str]:  # noqa: F811
    """What their letters say that they must not read now."""
    asker, found = Asker.of(world, who), Found()
    found.seen[who] = set()
    return list(_in_mails(world, [asker], found))


def device(world: World, who: str, browser: Browser) -> None:  # noqa: F811
    """A telephone that may show what a notice says, at any hour."""
    member = fresh(world, who)
    subscribe(member, browser)
    NoticeSettings.objects.update_or_create(
        member=member,
        defaults={"preset": "everything", "push_shows_content": True, "quiet_from": None},
    )


def pushed(service, browser: Browser) -> str:  # noqa: F811
    """All that arrives on the one device there is."""
    Delivery.objects.waiting().update(due_at=timezone.now())
    while push.send_due():
        pass
    return "".join(browser.open(body).decode() for _path, _headers, body in service.got)


def thing(world: World, word: str) -> Item | Room:  # noqa: F811
    """“secret: topic of ring 2, answer”: the item of which that is a part; or the room."""
    if "ring" not in word:
        part = "core_room" if word.endswith("core team") else "room"
        return world.things[f"{word.partition(':')[0]}_{part}"]
    name, ring = word.partition(":")[0], word.partition("ring ")[2][0]
    return world.things[f"{name}_{ring}{'_answer' if word.endswith('answer') else ''}"]


def answer_to(member: Member, what: Item | Room) -> Done:
    if isinstance(what, Room):
        return send(letter(member, replies.room_address(member, what.pk)))
    return answer(member, what)


def test_without_a_change_it_does_arrive_on_a_device_and_is_answered(
    world,  # noqa: F811
    service,  # noqa: F811
    browser,  # noqa: F811
    settings,
):
    settings.REPLY_DOMAIN = "reply.example.org"
    with rolled_back():
        device(world, "ben", browser)
        deliver(world)
        assert "secret" in pushed(service, browser)
        for known in ("secret_2", "secret_room"):
            assert answer_to(fresh(world, "ben"), world.things[known]).outcome == "posted"


def test_without_a_change_it_does_arrive(world):  # noqa: F811
    with rolled_back():
        deliver(world)
        OutboxMail.objects.all().delete()
        send_all()
        told = OutboxMail.objects.filter(to=fresh(world, "ben").email)
        said_to_ben = "".join(mail.body_text for mail in told)
        assert "secret" in said_to_ben
        assert len(told) > 2


def test_a_name_given_after_somebody_left_is_not_told_to_them(world):  # noqa: F811
    """An old notice must not learn the new name of a secret group."""
    with rolled_back():
        deliver(world)
        removed(world)
        deliver(world)
        new = world.word("secret: new name", world.belongs(world.secret))
        Space.objects.filter(pk=world.secret.pk).update(name=f"Now {new}", purpose=new, slug=new)
        for who in ("ben", "removed", "former"):
            assert look_round(world, who).leaks == []


def test_a_block_hides_both_from_each_other(world):  # noqa: F811
    with rolled_back():
        Block.objects.all().delete()
        Block.objects.create(member=world.ben, blocked=world.hana)
        for who in ("ben", "hana"):
            found = look_round(world, who)
            assert found.leaks == []
        assert "hana’s about" not in look_round(world, "ben").seen["ben"]
