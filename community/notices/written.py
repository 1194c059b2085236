"""Asks again, when a letter leaves, whether what stands in it is still its receiver's to read.

A letter may wait for hours: for a server that is down, for the pace of a domain. Who was removed
meanwhile, or kept apart, or whose thing was hidden, does not read it from their mailbox either.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.functions import Lower
from django.utils import timezone

from community.models import Delivery, Item, Member, Notice, OutboxMail, Room, Space
from community.notices import sending
from community.notices.lines import for_page

TAKEN_BACK = "taken back: it is not for them any more"


def hold_back(batch: list[OutboxMail]) -> list[OutboxMail]:
    """The letters that leave. Of the others the words go, and what may still be said of them is
    said anew."""
    asked = [mail for mail in batch if mail.about]
    if not asked:
        return batch
    members = _members(mail.to for mail in asked)
    told, unknown = sending.still_told(
        (pk, members[mail.to.lower()].pk)
        for mail in asked
        if mail.to.lower() in members
        for pk in mail.about.get("activities", ())
    )
    staying = set()
    for mail in asked:
        member = members.get(mail.to.lower())
        if unknown.intersection(mail.about.get("activities", ())):
            staying.add(mail.pk)  # it is due again when its lease ends
        elif not _is_theirs(mail, member, told):
            staying.add(mail.pk)
            _take_back(mail, member, told)
    return [mail for mail in batch if mail.pk not in staying]


def _members(addresses: Iterable[str]) -> dict[str, Member]:
    wanted = {address.lower() for address in addresses}
    people = Member.objects.present().annotate(address=Lower("email")).filter(address__in=wanted)
    return {person.email.lower(): person for person in people}


def _is_theirs(mail: OutboxMail, member: Member | None, told: set[tuple[int, int]]) -> bool:
    if member is None:
        return False
    activities = set(mail.about.get("activities", ()))
    if any((pk, member.pk) not in told for pk in activities):
        return False
    if activities and for_page(member).filter(activity__in=activities).count() < len(activities):
        return False  # it stands in their list of notices no more
    told_of = {"items": Item, "spaces": Space, "rooms": Room}
    return all(_sees_all(member, model, mail.about.get(key)) for key, model in told_of.items())


def _sees_all(member: Member, model: Any, pks: list[int] | None) -> bool:
    wanted = set(pks or ())
    if not wanted:
        return True
    return model.objects.visible_to(member).filter(pk__in=wanted).count() == len(wanted)


def _take_back(mail: OutboxMail, member: Member | None, told: set[tuple[int, int]]) -> None:
    now: Any = timezone.now()
    mail.failed_at, mail.error = now, TAKEN_BACK
    mail.subject = mail.body_text = mail.body_html = ""
    mail.attachments = []
    mail.save(
        update_fields=["failed_at", "error", "subject", "body_text", "body_html", "attachments"]
    )
    if member is None:
        return
    left = [pk for pk in mail.about.get("activities", ()) if (pk, member.pk) in told]
    Notice.objects.filter(member=member, activity__in=left).update(mailed_at=None)
    again = Delivery.objects.filter(member=member, activity__in=left, channel="mail")
    again.filter(dropped_at=None).update(sent_at=None, due_at=now)
