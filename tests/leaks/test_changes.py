"""What changes hands is gone at once: people who leave or are sent away, things that move or go.

Each change is made in the same world and undone again; before it, the same person could see what
they must not see after it, so that a test that finds nothing has looked in the right place.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Q
from django.utils import timezone

from community import notices
from community.models import (
    Activity,
    Block,
    Comment,
    Item,
    Member,
    Membership,
    Notice,
    Openness,
    Ring,
    Space,
)
from community.operations import membership, people, rings, writing
from groups.models import Topic
from groups.operations import topics
from tests.leaks.matrix import Asker, Found, _told, said
from tests.leaks.test_matrix import world  # noqa: F401  fixture
from tests.world import World, close_account, rolled_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def places(world: World) -> list[str]:  # noqa: F811
    """Where somebody who knew their way would look again, and every list there is."""
    t = world.things
    paths = ["/", "/groups/", "/people/", "/notices/", "/bookmarks/", "/drafts/", "/me/"]
    paths += ["/mentions/?q=hana", "/mentions/?q=zq", "/people/?q=zq", "/groups/?q=zq"]
    paths += [f"/people/{world.hana.pk}/", f"/people/{world.cora.pk}/"]
    for name in ("secret", "closed", "open"):
        slug = world.spaces[name].slug
        paths += [
            f"/groups/{slug}/{part}" for part in ("", "people/", "about/", "about/charter/1/")
        ]
        number = world.spaces[name].pk
        paths += [f"/mentions/?q=zq&space={number}", f"/links/?q=zq0&space={number}"]
        paths.append(f"/media/{t[f'{name}_cover'].token}/medium/")
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


CHANGES = [
    (removed, "ben", "secret: topic of ring 2, title"),
    (left, "ben", "secret: topic of ring 2, text"),
    (left_the_community, "ben", "closed: topic of ring 2, text"),
    (stepped_back, "cora", "secret: topic of ring 3, title"),
    (kept_away, "ben", "secret: topic of ring 2, title"),
    (account_closed, "ben", "secret: topic of ring 2, title"),
    (made_secret, "cleo", "open: topic of ring 2, title"),
    (moved_to_the_core, "ben", "secret: topic of ring 2, title"),
    (deleted, "ben", "secret: topic of ring 2, title"),
    (answer_deleted, "fay", "open: topic of ring 2, answer"),
    (hidden, "ben", "closed: topic of ring 2, title"),
]


@pytest.mark.parametrize(
    ("change", "who", "word"), CHANGES, ids=lambda part: getattr(part, "__name__", None)
)
def test_nothing_is_left_after(world, change: Callable, who: str, word: str):  # noqa: F811
    with rolled_back():
        deliver(world)
        before = look_round(world, who)
        assert before.leaks == []
        assert word in before.seen[who], "the test must look where it was to be seen"
        change(world)
        after = look_round(world, who)
        assert after.leaks == []
        assert word not in after.seen[who]


@pytest.mark.parametrize(
    ("change", "who", "word"), CHANGES, ids=lambda part: getattr(part, "__name__", None)
)
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
