"""Knows what looks like a flood: links, repetition, many people at once. It refuses nothing.

What it points at is held until a person has looked (operations/holding.py).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from community import limits, lockdown, policies
from community.models import Fingerprint, Held, Item, Member, Membership, Space

WITHIN = timedelta(hours=1)
SHORTEST = 30
"""Letters below which the same words are chance: "Yes, I am coming"."""
REPEATED = 2
"""So often the same words were posted before, or the same host by new accounts."""
LINKS_A_NEW_HOUR = 3
LINKS_AN_HOUR = 20

MANY_JOINS, JOINS_WITHIN = 20, timedelta(minutes=10)


def digest_of(text: str) -> str:
    """A digest of the letters alone: case, accents, numbers, spaces and links do not matter."""
    text = limits.LINK.sub(" ", text)
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = re.sub(r"[^a-z\u0080-\uffff]", "", plain)
    letters = "".join(one for one in letters if not unicodedata.combining(one))
    return _sha(letters) if len(letters) >= SHORTEST else ""


def note(item: Item, member: Member, text: str) -> str:
    """Write down what was posted, and say why it should be held; empty for nearly everything.

    ``item`` is saved, in the running transaction.
    """
    new = limits.is_new(member)
    return _note(item, member, digest_of(text), limits.links(text), new=new)


def note_change(item: Item, member: Member, before: str, after: str) -> str:
    """As ``note`` for words that stand already and are said anew: what counts is what is added."""
    new = limits.is_new(member)
    hosts = list((Counter(limits.links(after)) - Counter(limits.links(before))).elements())
    digest = digest_of(after)
    if digest == digest_of(before):
        digest = ""
    return _note(item, member, digest, hosts, new=new)


def _note(item: Item, member: Member, digest: str, hosts: list[str], *, new: bool) -> str:
    cause = _cause(item, member, digest, hosts, new=new)
    marks = {mark for mark in (digest, *(_host(host) for host in hosts if new)) if mark}
    if marks or hosts:
        Fingerprint.objects.bulk_create(
            Fingerprint(
                digest=mark, item_id=item.pk, author=member, links=0 if place else len(hosts)
            )
            for place, mark in enumerate(sorted(marks) or [""])
        )
    return cause


def _cause(item: Item, member: Member, digest: str, hosts: list[str], *, new: bool) -> str:
    if lockdown.holds(member, item.space_id):
        return Held.Cause.LOCKED
    if policies.stewards(member, item.space_id) or member.staff_roles:
        return ""
    recent = Fingerprint.objects.filter(created_at__gt=timezone.now() - WITHIN)
    others = recent.exclude(item=item.pk)
    if digest and _many(others.filter(digest=digest)):
        return Held.Cause.REPEATED
    if not hosts:
        return ""
    linked = recent.filter(author=member).aggregate(n=Sum("links"))["n"] or 0
    if new and linked + len(hosts) > LINKS_A_NEW_HOUR:
        return Held.Cause.LINKS
    if linked + len(hosts) > LINKS_AN_HOUR:
        return Held.Cause.BURST
    if new and any(_many(others.filter(digest=_host(host))) for host in set(hosts)):
        return Held.Cause.LINKS
    return ""


def _many(rows: Any) -> bool:
    return len(rows.values_list("item", flat=True).distinct()[:REPEATED]) >= REPEATED


def _host(host: str) -> str:
    return _sha(f"host {host}")


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def joins_lately() -> int:
    """How many came into the community in the last ten minutes."""
    return Membership.objects.filter(
        space__kind=Space.ROOT, joined_at__gt=timezone.now() - JOINS_WITHIN
    ).count()
