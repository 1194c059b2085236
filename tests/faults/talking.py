"""What only the site can do for chats under faults: rooms with people in them, and the truth."""

from __future__ import annotations

import time
from itertools import cycle, islice

from django.utils import timezone


def rooms(plan: dict) -> dict:
    """New rooms of the whole community, and signed-in people, each with the room they look at."""
    from community.models import Member, Membership, Ring, Room, Space
    from community.operations.chat import archive_room, make_room

    root = Space.objects.root()
    steward = Membership.objects.filter(space=root, ring__gte=Ring.STEWARD).first().member
    for old in root.rooms.filter(name__startswith="fault", archived_at=None):
        archive_room(old, by=steward)
    made: list[Room] = [
        make_room(root, name=f"fault {plan['word']} {number}", by=steward)
        for number in range(plan["rooms"])
    ]
    Member.objects.filter(settled_at=None).update(settled_at=timezone.now())
    belongs = Membership.objects.filter(space=root, ring=Ring.PARTICIPANT)
    people = Member.objects.present().filter(
        pk__in=belongs.values("member"), onboarded_at__isnull=False
    )
    some = islice(zip(people.order_by("-pk"), cycle(made), strict=False), plan["people"])
    return {
        "rooms": [room.pk for room in made],
        "people": [_at_page(member, room) for member, room in some],
    }


def _at_page(member, room) -> dict:
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(member, backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.get(f"/chat/{room.pk}/")
    if answer.status_code != 200:
        raise SystemExit(f"the room answered {answer.status_code}")
    return {
        "member": member.pk,
        "room": room.pk,
        "cookie": "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items()),
        "session": client.session.session_key,
        "csrf": client.cookies[settings.CSRF_COOKIE_NAME].value,
    }


def talked(rooms: list[int]) -> dict[str, dict]:
    """The truth: of each room its number, and its messages in order: number, author, words."""
    from community.models import Message, Room

    return {
        str(room.pk): {
            "last": room.last_seq,
            "said": list(
                Message.objects.filter(room=room).order_by("seq", "pk").values_list("seq", "text")
            ),
        }
        for room in Room.objects.filter(pk__in=rooms)
    }


def say(plan: dict) -> int:
    """Somebody who belongs to the whole community says something in a room; its number."""
    import uuid

    from community.models import Member, Room
    from community.operations.chat import post_message

    room = Room.objects.get(pk=plan["room"])
    by = Member.objects.get(pk=plan["by"])
    return post_message(room, text=plan["text"], client_id=uuid.uuid4(), by=by).seq


def with_a_rule() -> tuple:
    """A steward of everything who is a moderator too, and a rule of the house."""
    from community.models import Membership, Ring, Rule, Space, StaffRole

    stewards = Membership.objects.filter(space=Space.objects.root(), ring__gte=Ring.STEWARD)
    member = stewards.order_by("pk").first().member
    StaffRole.objects.get_or_create(member=member, role=StaffRole.Role.MODERATOR)
    rule, _ = Rule.objects.get_or_create(title="Be kind")
    return type(member).objects.get(pk=member.pk), rule


def take_away(plan: dict[str, dict]) -> dict[str, float]:
    """From one person each: their place, their account, their session; when it was committed."""
    from community.models import Member, Membership, Space
    from community.operations import membership, sanctions
    from community.sessions import SessionStore

    root = Space.objects.root()
    moderator, rule = with_a_rule()
    people = {how: Member.objects.get(pk=one["member"]) for how, one in plan.items()}
    acts = {
        "removed": lambda one: membership.remove(
            Membership.objects.get(space=root, member=one), by=moderator, reason="A fault."
        ),
        "suspended": lambda one: sanctions.suspend(
            one, by=moderator, rule=rule, reason="A fault.", protective=True
        ),
        "signed out": lambda _: SessionStore(plan["signed out"]["session"]).delete(),
    }
    committed = {}
    for how, person in people.items():
        acts[how](person)
        committed[how] = time.time()
    return committed


VERBS = (rooms, talked, say, take_away)
