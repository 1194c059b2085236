"""Knows what only the site itself can tell a benchmark: sessions, addresses, queries, bytes.

Run as ``python -m benchmarks.inside`` with the site's environment; prints one JSON object.
"""

import gzip
import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

A_PAGE = 40
"""Whoever has so many notices sees a page full of them, however small the community is."""


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.db.models import Count, OuterRef, Subquery
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from community.models import Item, Member, Membership, Notice, Space

    settings.ALLOWED_HOSTS = ["*"]
    busiest = (
        Space.objects.exclude(kind=Space.ROOT)
        .annotate(topics=Count("items"))
        .order_by("-topics")
        .first()
    )
    belongs = Membership.objects.filter(space=busiest, ring__gte=2, member__is_active=True)
    told = Notice.objects.filter(member=OuterRef("member")).order_by().values("member")
    called = belongs.annotate(told=Subquery(told.annotate(n=Count("pk")).values("n")))
    row = called.filter(told__gte=A_PAGE).order_by("pk").first() or belongs.order_by("pk").first()
    member = row.member
    long = (
        Item.objects.filter(space=busiest, kind="groups.topic", comment_count__gte=19)
        .order_by("comment_count", "pk")
        .first()
    ) or Item.objects.filter(space=busiest, kind="groups.topic").order_by("-comment_count").first()
    client = Client()
    client.force_login(member, backend=settings.AUTHENTICATION_BACKENDS[0])
    addresses = {
        "list": busiest.get_absolute_url(),
        "topic": f"/topics/{long.pk}/",
        "home": "/",
        "groups": "/groups/",
        "people": "/people/",
        "notices": "/notices/",
        "search": "/search/?q=boiler+repair",
    }
    pages = {}
    for name, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}, so it cannot be measured.")
        html = answer.content
        pages[name] = {
            "address": address,
            "queries": len(asked),
            "html_gzip": len(gzip.compress(html, 6)),
        }
    client.get(addresses["topic"])
    cookie = _cookie(client)
    csrf = client.cookies.get(settings.CSRF_COOKIE_NAME)
    writers = list(Member.objects.filter(pk__in=belongs.values("member")).order_by("pk")[:8])
    # The limits of new accounts are not what is measured.
    new = Member.objects.filter(pk__in=[one.pk for one in writers], settled_at=None)
    new.update(settled_at=timezone.now())
    written = []
    for writer in writers:
        one = Client()
        one.force_login(writer, backend=settings.AUTHENTICATION_BACKENDS[0])
        written.append(_cookie(one))
    json.dump(
        {
            "cookie": cookie,
            "csrf": csrf.value if csrf else "",
            "writers": written,
            "topic": long.pk,
            "items": Item.objects.count(),
            "pages": pages,
        },
        sys.stdout,
    )


def _cookie(client: Any) -> str:
    return "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())


if __name__ == "__main__":
    main()
