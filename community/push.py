"""Brings notices to devices: takes what is due by push, says little, and lets go of dead devices.

By default a push says only that there is something new. Whoever allows it reads what; in discreet
mode not even which organisation. Every push shows a notification: some browsers take the right
away from a site that pushes in silence.
"""

from __future__ import annotations

import hashlib
import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from community import outside, web_push
from community.models import Attention, Channel, Community, Delivery, Member, PushSubscription
from community.notices import sending, unread_count
from community.notices.lines import Bundle, by_thing, gather
from community.notices.mails import excerpt, is_discreet
from community.notices.sending import Parcel
from community.outside import Away, Closed
from community.web_push import Push

log = logging.getLogger(__name__)

PATIENCE = 25.0
MOST_FAILURES = 12
"""In a row, each on another occasion: the device goes."""
LONGEST_PAUSE = 3600
_PAUSED, _ROUNDS = "push:paused:", "push:rounds:"

TAKEN, GONE, NOT_NOW, REFUSED = "taken", "gone", "not now", "refused"


def send_due() -> int:
    """Push what is due; returns how many pushes were taken.

    A service that hangs is waited for once, a few seconds, and then left alone by all workers.
    """
    pushed, began = 0, time.monotonic()
    while time.monotonic() - began < PATIENCE:
        rows = sending.take(Channel.PUSH, people=10)
        if not any(row.was_due for row in rows):
            break
        for parcel in sending.sift(rows):
            if time.monotonic() - began > PATIENCE:
                break  # what is left is due again when its lease ends
            try:
                pushed += _bring(parcel)
            except Exception:  # one for whom nothing can be said holds up nobody else
                log.exception("What is new for member %s could not be pushed", parcel.member.pk)
                sending.try_again(parcel.deliveries)
    return pushed


def _bring(parcel: Parcel) -> int:
    """One push for each thing, to every device of the person."""
    devices = list(PushSubscription.objects.filter(member=parcel.member))
    if not devices or not settings.VAPID_KEY:
        sending.drop(parcel.deliveries, Delivery.Dropped.NOWHERE)
        return 0
    pushed = 0
    rows = {notice.pk: row for notice, row in zip(parcel.notices, parcel.deliveries, strict=True)}
    notices = {notice.pk: notice for notice in parcel.notices}
    newest_first = sorted(parcel.notices, key=lambda notice: notice.pk, reverse=True)
    with translation.override(parcel.member.language):
        for bundle in by_thing(gather(newest_first, parcel.member)):
            own = [rows[pk] for pk in bundle.pks]
            if not any(row.was_due for row in own):
                continue
            hidden = parcel.is_discreet or is_discreet([notices[pk] for pk in bundle.pks])
            try:
                push = worded(parcel, bundle, discreet=hidden)
            except Exception:  # one that cannot be worded holds up no other
                log.exception("A notice could not be worded as push")
                sending.try_again(own)
                continue
            pushed += _to_all(devices, push, own)
    return pushed


def worded(parcel: Parcel, bundle: Bundle, *, discreet: bool) -> Push:
    """In the form that browsers show without a script, and our script shows in the others."""
    member, site = parcel.member, settings.SITE_URL.rstrip("/")
    line = bundle.first
    title, body = _("Something new for you"), ""
    where = site + reverse("notices")
    if not discreet:
        title, where = Community.objects.current().name, site + bundle.url
        body = _("There is something new for you.")
        if parcel.wants.settings.push_shows_content:
            title, body = line.sentence[:200], excerpt(line)[:300]
    waits = any(notice.attention == Attention.PERSON for notice in parcel.notices)
    return Push(
        {
            "web_push": 8030,
            "notification": {
                "title": str(title),
                "body": str(body),
                "navigate": where,
                "lang": member.language,
                "dir": "rtl" if get_language_bidi() else "ltr",
                "tag": _topic(member, bundle),
                "renotify": True,
                "silent": False,
            },
            "app_badge": unread_count(member),
        },
        urgency="high" if waits else "normal",
        topic=_topic(member, bundle),
    )


def _topic(member: Member, bundle: Bundle) -> str:
    """The same for the same thing; to a push service it says nothing."""
    first = bundle.first
    about = first.thing or (f"r{first.room}" if first.room else f"n{bundle.pks[0]}")
    words = f"{settings.SECRET_KEY}:{member.pk}:{about}"
    return web_push.packed(hashlib.sha256(words.encode()).digest()[:24])


def _to_all(devices: list[PushSubscription], push: Push, own: list[Delivery]) -> int:
    outcomes = [send(device, push) for device in devices]
    devices[:] = [device for device, how in zip(devices, outcomes, strict=True) if how != GONE]
    if TAKEN in outcomes:
        sending.mark_sent(own)
    elif NOT_NOW in outcomes or REFUSED in outcomes:
        sending.try_again(own)
    else:
        sending.drop(own, Delivery.Dropped.NOWHERE)
    return outcomes.count(TAKEN)


def send(device: PushSubscription, push: Push) -> str:
    """To one device; what became of it is written down."""
    host = _host(device)
    if cache.get(_PAUSED + host):
        return NOT_NOW
    try:
        answer = outside.post(
            device.endpoint,
            push.body(device.key, device.secret),
            push.headers(device.endpoint),
            hosts=web_push.hosts(),
        )
    except (Closed, ValueError):
        return _let_go(device, "its address is none of a push service")
    except Away:
        _pause(host, 0)
        return NOT_NOW
    return _noted(device, host, answer)


def _noted(device: PushSubscription, host: str, answer: outside.Answer) -> str:
    rows = PushSubscription.objects.filter(pk=device.pk)
    if 200 <= answer.status < 300:
        rows.update(reached_at=timezone.now(), failures=0)
        cache.delete(_ROUNDS + host)
        return TAKEN
    if answer.status in (404, 410):
        return _let_go(device, "it is not there any more")
    if answer.status == 429 or answer.status >= 500:
        wait = next((v for k, v in answer.headers.items() if k.lower() == "retry-after"), "")
        _pause(host, int(wait) if wait.isdecimal() else 0)
        return NOT_NOW
    log.warning("The push service %s answered %s", host, answer.status)
    rows.update(failures=F("failures") + 1)
    if device.failures + 1 >= MOST_FAILURES:
        return _let_go(device, "it refused again and again")
    return REFUSED


def _let_go(device: PushSubscription, why: str) -> str:
    PushSubscription.objects.filter(pk=device.pk).delete()
    log.info("A device of member %s is let go: %s", device.member_id, why)
    return GONE


def _host(device: PushSubscription) -> str:
    return device.endpoint.split("/")[2] if "//" in device.endpoint else ""


def _pause(host: str, seconds: int) -> None:
    """Leave a service alone: as long as it says, else half a minute, twice as long each time."""
    rounds = cache.get(_ROUNDS + host) or 0
    wait = seconds or 30 * 2 ** min(rounds, 7)
    cache.set(_ROUNDS + host, rounds + 1, 6 * 3600)
    cache.set(_PAUSED + host, True, min(max(wait, 1), LONGEST_PAUSE))


DEVICE = "push_device"
"""Session key of the device that this browser is."""


def let_go_of_this_device(request: HttpRequest) -> None:
    """Whoever signs out on a device is told nothing more there."""
    number = request.session.get(DEVICE)
    if number and request.user.is_authenticated:
        PushSubscription.objects.filter(pk=number, member=request.user.pk).delete()


def send_test(device_id: int) -> bool:
    """A push that somebody asked for to see whether it works."""
    device = PushSubscription.objects.select_related("member").filter(pk=device_id).first()
    if device is None or not settings.VAPID_KEY:
        return False
    with translation.override(device.member.language), transaction.atomic():
        words = {
            "web_push": 8030,
            "notification": {
                "title": _("It works"),
                "body": _("Notices reach this device."),
                "navigate": settings.SITE_URL.rstrip("/") + reverse("push_devices"),
                "lang": device.member.language,
                "dir": "rtl" if get_language_bidi() else "ltr",
                "tag": "test",
                "silent": False,
            },
        }
    return send(device, Push(words, urgency="high")) == TAKEN
