"""Knows who may take a list of people out of the site, of which place, and what stands in it.

Names and rings with a purpose; e-mail addresses only for administrators and the data protection
lead, and only when a second of them agrees. Never of a secret group. docs/staff.md says it in
words.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import Member, Membership, Openness, PeopleList, Space, StaffRole
from community.policies import SIGN_IN, YES, Verdict, no
from community.registry import Due

GUARDS = {StaffRole.Role.ADMIN.value, StaffRole.Role.DATA_PROTECTION.value}


def guards(member: Member | None) -> bool:
    return bool(member and member.is_authenticated and member.staff_roles & GUARDS)


def takes_lists(member: Member | None) -> bool:
    """Whether somebody has business there: those who guard data, and stewards of their own."""
    return guards(member) or bool(member and member.is_authenticated and member.led_ids)


def places_for(member: Member) -> QuerySet[Space]:
    """Of which places somebody may take the list: never of one that outsiders do not know of."""
    known = Space.objects.filter(closed_at=None).exclude(openness=Openness.SECRET)
    if guards(member):
        return known.visible_to(member)
    return known.filter(pk__in=member.led_ids)


def can_ask(member: Member | None, space: Space, *, with_email: bool) -> Verdict:
    if member is None or not member.is_authenticated:
        return no(SIGN_IN)
    if not places_for(member).filter(pk=space.pk).exists():
        return no(_("You cannot take the list of this place out."))
    if with_email and not guards(member):
        return no(_("Addresses are for administrators and the data protection lead."))
    if settings.STAFF_SECOND_FACTOR and not _has_factor(member):
        return no(_("Set up a second lock for your own account first."))
    return YES


def _has_factor(member: Member) -> bool:
    from community import staff

    return staff.has_factor(member)


def can_agree(member: Member | None, asked: PeopleList) -> Verdict:
    """Be the second person of a list with addresses."""
    if not guards(member):
        return no(_("Administrators and the data protection lead decide about this."))
    if asked.by_id == member.pk:
        return no(_("Somebody else has to agree: you asked for it."))
    if not asked.waits:
        return no(_("This has been decided already."))
    return YES


def can_fetch(member: Member | None, asked: PeopleList) -> Verdict:
    """The one who asked, while they still may."""
    if member is None or asked.by_id != member.pk:
        return no(_("Whoever asked for a list fetches it."))
    if asked.is_over:
        return no(_("This list has expired. Ask anew, and say what for."))
    if asked.refused_at:
        return no(_("This list was refused."))
    if asked.waits:
        return no(_("A second person has to agree first."))
    return can_ask(member, asked.space, with_email=asked.with_email)


def due(member: Member) -> Due:
    """Lists with addresses that wait for this member's yes."""
    if not guards(member):
        return Due()
    waiting = PeopleList.objects.filter(
        with_email=True, agreed_at=None, refused_at=None, expires_at__gt=timezone.now()
    ).exclude(by=member)
    since = list(waiting.order_by("asked_at").values_list("asked_at", flat=True)[:100])
    return Due(len(since), since[0] if since else None)


# What stands in it


def people_of(asked: PeopleList, *, by: Member) -> QuerySet[Membership]:
    """Everybody of the place whom the reader may know of, by name."""
    found = Membership.objects.filter(space=asked.space_id, member__is_active=True)
    if not guards(by):
        found = found.filter(member__in=Member.objects.visible_to(by))
    return found.select_related("member").order_by("member__name", "member_id")


def written(asked: PeopleList, rows: list[Membership]) -> str:
    """The list as CSV: every cell quoted, none that a spreadsheet would run."""
    out = io.StringIO()
    sheet = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for line in _lines(asked, rows):
        sheet.writerow([plain(cell) for cell in line])
    return "\ufeff" + out.getvalue()


def _lines(asked: PeopleList, rows: list[Membership]) -> Iterator[list[Any]]:
    yield [
        gettext("Copy %(number)s of %(day)s for %(name)s: %(purpose)s. Do not pass it on.")
        % {
            "number": asked.pk,
            "day": timezone.localdate().isoformat(),
            "name": asked.by.display_name,
            "purpose": asked.purpose,
        }
    ]
    head = [gettext("Name"), gettext("Place"), gettext("Since"), gettext("Language")]
    yield [*head, gettext("E-mail")] if asked.with_email else head
    lines = [_line(asked, row) for row in rows]
    lines.append(_seed(asked, rows))
    yield from sorted(lines, key=lambda line: (line[0].casefold(), line[2]))


def _line(asked: PeopleList, row: Membership) -> list[str]:
    since = timezone.localdate(row.joined_at).isoformat()
    line = [row.member.display_name, str(row.get_ring_display()), since, row.member.language]
    return [*line, row.member.email] if asked.with_email else line


def _seed(asked: PeopleList, rows: list[Membership]) -> list[str]:
    """The person who does not exist, as inconspicuous as the others."""
    like = rows[asked.pk % len(rows)] if rows else None
    since = timezone.localdate(like.joined_at if like else asked.asked_at).isoformat()
    ring = Membership(ring=2).get_ring_display()
    line = [asked.seed_name, str(ring), since, like.member.language if like else "en"]
    return [*line, asked.seed_address] if asked.with_email else line


_RUNS = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n")


def plain(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula, whatever somebody calls themselves."""
    text = " ".join(str(value).split())
    return f"'{text}" if text.startswith(_RUNS) else text


_FIRST = (
    "Alva", "Benat", "Calla", "Doron", "Elske", "Fenna", "Gaspar", "Hedda", "Ilse", "Jorun",
    "Kaija", "Lubin", "Maren", "Nerea", "Odile", "Pelle", "Runa", "Senna", "Tove", "Ursin",
)  # fmt: skip
_LAST = (
    "Aldermoor", "Brackwell", "Casteno", "Dunmarsh", "Ellerby", "Farnholt", "Grevas", "Hollin",
    "Istrand", "Jarrow", "Kestley", "Lindmere", "Moravel", "Norbeck", "Oakhay", "Pendrill",
)  # fmt: skip


def made_up() -> tuple[str, str]:
    """(name, address) of somebody who does not exist, and of no other list.

    The address is at the site's own host, so that a letter to it reaches nobody else.
    """
    pick = secrets.choice
    while True:
        name = f"{pick(_FIRST)} {pick('ABCDEFGHKLMNPRSTVW')}. {pick(_LAST)}"
        used = PeopleList.objects.filter(seed_name=name).exists()
        if not used and not Member.objects.filter(name=name).exists():
            break
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    first, _initial, last = name.lower().split()
    return name, f"{first}.{last}{secrets.randbelow(9000) + 1000}@{host}"


def whose(text: str) -> PeopleList | None:
    """Which list a copy is of, by the made-up name or address that stands in it."""
    said = " ".join(text.split()).casefold()
    if len(said) < 5:
        return None
    by_name = Q(seed_name__iexact=said) | Q(seed_address__iexact=said)
    found = PeopleList.objects.filter(by_name).first()
    if found is not None:
        return found
    recent = PeopleList.objects.order_by("-asked_at").values_list("pk", "seed_name", "seed_address")
    for pk, name, address in recent.iterator():
        if name.casefold() in said or address.casefold() in said:
            return PeopleList.objects.get(pk=pk)
    return None
