"""Makes new accounts that all want to say the same: run inside the site by ``benchmarks.flood``.

Prints one JSON object: a cookie header for each, the token their forms carry, and where they write.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main(many: int) -> None:
    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.test import Client
    from django.utils import timezone
    from django.utils.crypto import get_random_string

    from community.models import Item, Member, Membership, Ring, Space
    from community.operations import membership

    settings.ALLOWED_HOSTS = ["*"]
    topics = Item.objects.filter(kind="groups.topic", space__openness="open", min_ring=2)
    topic = topics.latest("pk")
    mark, now = get_random_string(6).lower(), timezone.now()
    token = get_random_string(32)
    bots = Member.objects.bulk_create(
        Member(
            email=f"bot-{mark}-{number}@example.org",
            name=f"Bot {number}",
            password="!",
            onboarded_at=now,
        )
        for number in range(many)
    )
    cookies = []
    for space in (Space.objects.root(), topic.space):
        with transaction.atomic():
            locked = Space.objects.lock(space)
            for bot in bots:
                membership.admit(
                    bot, locked, ring=Ring.PARTICIPANT, via=Membership.Via.JOINED, by=bot
                )
    for bot in bots:
        client = Client()
        client.force_login(bot, backend=settings.AUTHENTICATION_BACKENDS[0])
        held = [f"{key}={morsel.value}" for key, morsel in client.cookies.items()]
        cookies.append("; ".join([*held, f"{settings.CSRF_COOKIE_NAME}={token}"]))
    json.dump({"cookies": cookies, "token": token, "topic": topic.pk}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
