"""Knows who is in the biggest room: prints its number, and cookies of people who are signed in.

Where the data set has fewer people than are wanted, it makes some more.
Run as ``python -m benchmarks.members HOW_MANY`` with the site's environment.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main(wanted: int) -> None:
    django.setup()
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from community.models import Member, Membership, Room, Space

    store = import_module(settings.SESSION_ENGINE).SessionStore
    root = Space.objects.root()
    room = Room.objects.get(space=root, is_first=True)
    people = Member.objects.filter(
        pk__in=Membership.objects.filter(space=root, ring__gte=room.min_ring).values("member"),
        onboarded_at__isnull=False,
    )
    # The limits of new accounts are not what is measured.
    people.filter(settled_at=None).update(settled_at=timezone.now())
    missing = range(people.count(), wanted)
    made = Member.objects.bulk_create(
        Member(
            email=f"page{number}@riverside.example", handle=f"page-{number}", password="!",
            name=f"Page {number}", onboarded_at=timezone.now(), settled_at=timezone.now(),
        )
        for number in missing
    )  # fmt: skip
    Membership.objects.bulk_create(
        Membership(space=root, member=member, ring=room.min_ring) for member in made
    )
    cookies = []
    for member in people.order_by("pk")[:wanted]:
        session = store()
        session[SESSION_KEY] = str(member.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = member.get_session_auth_hash()
        session.create()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    json.dump({"room": room.pk, "cookies": cookies}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
