"""Writes notices into mails: what is new about one thing is one mail, and says why it came."""

from __future__ import annotations

import logging
import re
import time

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from community import mail, replies
from community.mail import Letter
from community.models import (
    Attention,
    Channel,
    Delivery,
    Member,
    Notice,
    Openness,
    Space,
    Urgency,
)
from community.notices import sending, unsubscribing
from community.notices.lines import Bundle, Told, by_thing, gather
from community.notices.sending import Parcel
from community.quotes import text_of_html
from community.registry import registry

log = logging.getLogger(__name__)

PATIENCE = 20.0
_PICTURE = re.compile(r'<img\b[^>]*?\balt="([^"]*)"[^>]*>')
_AT_ONCE = (Attention.RIGHT, Attention.SECURITY)


def send_due() -> int:
    """Put what is due by mail into the outbox. Returns how many mails that makes.

    Rows, mails and the marks on them are one transaction: a worker that is killed has done nothing.
    """
    made, began = 0, time.monotonic()
    while time.monotonic() - began < PATIENCE:
        with transaction.atomic():
            rows = sending.take(Channel.MAIL)
            if not rows:
                break
            for parcel in sending.sift(rows):
                made += _try(parcel)
    return made


def _try(parcel: Parcel) -> int:
    try:
        with transaction.atomic():
            return _send(parcel)
    except Exception:  # one for whom nothing can be said holds up nobody else
        log.exception("What is new for member %s could not be put into mails", parcel.member.pk)
        sending.try_again(parcel.deliveries)
        return 0


def _send(parcel: Parcel) -> int:
    """One mail for each thing of which something is due, with all that waits about it."""
    made = 0
    rows = {notice.pk: row for notice, row in zip(parcel.notices, parcel.deliveries, strict=True)}
    notices = {notice.pk: notice for notice in parcel.notices}
    newest_first = sorted(parcel.notices, key=lambda notice: notice.pk, reverse=True)
    with translation.override(parcel.member.language):
        bundles = by_thing(gather(newest_first, parcel.member))
    said = {pk for bundle in bundles for pk in bundle.pks}
    sending.drop(
        [row for pk, row in rows.items() if pk not in said], Delivery.Dropped.NOWHERE
    )  # a verb that no app brings any more
    for bundle in bundles:
        own = [rows[pk] for pk in bundle.pks]
        if not any(row.was_due for row in own):
            continue
        try:
            with transaction.atomic():
                _write(parcel, bundle, [notices[pk] for pk in bundle.pks])
                sending.mark_sent(own, [notices[pk] for pk in bundle.pks])
            made += 1
        except Exception:  # one that cannot be written holds up no other
            log.exception("A notice could not be written as mail")
            sending.try_again(own)
    return made


def _write(parcel: Parcel, bundle: Bundle, notices: list[Notice]) -> None:
    member, first = parcel.member, bundle.first
    newest = notices[0]
    classes = [notice.attention for notice in notices]
    at_once = any(attention in _AT_ONCE for attention in classes)
    site = settings.SITE_URL.rstrip("/")
    letter = Letter(
        urgency=Urgency.NOW if at_once else Urgency.SOON,
        thread=_thread(first),
        key=f"activity-{newest.activity_id}",
        sender=_sender(bundle),
        reply_to=_answered_at(member, first),
        unsubscribe="" if at_once else unsubscribing.address(member, newest.attention),
        discreet=parcel.is_discreet or is_discreet(notices),
        about={
            "activities": [notice.activity_id for notice in notices],
            "spaces": _spaces_known(member, notices),
        },
    )
    mail.send(
        "notices.told",
        to=member.email,
        letter=letter,
        bundle=bundle,
        lines=for_mail(bundle.lines),
        url=site + bundle.url,
        why_url=site + reverse("why_notice", args=[newest.pk]),
    )


def _spaces_known(member: Member, notices: list[Notice]) -> list[int]:
    """Those to which the mail may lead: who was removed reads of it, and of no way there."""
    spaces = {notice.activity.space_id for notice in notices} - {None}
    return list(Space.objects.visible_to(member).filter(pk__in=spaces).values_list("pk", flat=True))


def _answered_at(member: Member, line: Told) -> str:
    if line.thing:
        return replies.item_address(member, line.thing)
    return replies.room_address(member, line.room) if line.room else ""


def _thread(line: Told) -> str:
    if line.thing:
        return f"item-{line.thing}"
    return f"room-{line.room}" if line.room else ""


def is_discreet(notices: list[Notice]) -> bool:
    """Whether one of them is never spelled out where others may look."""
    verbs = (registry.verbs.get(notice.activity.verb) for notice in notices)
    return any(verb is not None and verb.discreet for verb in verbs)


def for_mail(lines: list[Told]) -> list[tuple[Told, str, str, str]]:
    """Each line with the first words of what was said, or with all of it as HTML and as text."""
    found = []
    for line in lines:
        html = "" if _is_secret(line) else in_mailbox(line.html)
        found.append((line, excerpt(line), html, text_of_html(html) if html else ""))
    return found


def excerpt(line: Told) -> str:
    """What was said, where a mailbox may hold it: not of secret groups."""
    return "" if _is_secret(line) else line.excerpt


def _is_secret(line: Told) -> bool:
    return line.space is not None and line.space.openness == Openness.SECRET


def in_mailbox(html: str) -> str:
    """Rendered prose with whole addresses, and words for pictures: those are served to the signed
    in alone."""
    html = _PICTURE.sub(lambda found: f"[{found[1]}]" if found[1] else "", html)
    return html.replace('href="/', f'href="{settings.SITE_URL.rstrip("/")}/')


def _sender(bundle: Bundle) -> str:
    people = {person.pk: person.display_name for line in bundle.lines for person in line.actors}
    return next(iter(people.values())) if len(people) == 1 else ""
