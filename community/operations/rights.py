"""Asking for a copy of one's data, and asking about it; answering in time."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, exports, feed, rights
from community.models import DataExport, Member, RightsRequest, Space
from community.policies import Refused

log = logging.getLogger(__name__)

TRIES = 3
PATIENCE = timedelta(minutes=10)
"""Longer than the largest copy takes: then somebody else may try."""
MOST_OPEN_QUESTIONS = 5


# A copy


@transaction.atomic
def ask_for_export(*, by: Member) -> DataExport:
    """Have a copy of everything made. One at a time: asking again returns the one in the making.

    A copy that is ready is replaced by the new one.
    """
    from community.tasks import make_export

    Member.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    mine = DataExport.objects.filter(member=by, expires_at__gt=timezone.now())
    making = mine.filter(ready_at=None, failed_at=None).first()
    if making is None:
        exports.forget(mine)
        making = DataExport.objects.create(member=by, expires_at=timezone.now() + DataExport.LASTS)
    make_export.delay_on_commit(making.pk)
    return making


def make_export(pk: int) -> bool:
    """Pack a copy, unless somebody is at it or it is done; True if this call did."""
    now = timezone.now()
    free = Q(tried_at=None) | Q(tried_at__lt=now - PATIENCE)
    unmade = DataExport.objects.filter(pk=pk, ready_at=None, failed_at=None)
    if not unmade.filter(free).update(tried_at=now, tries=F("tries") + 1):
        return False
    export = DataExport.objects.select_related("member").get(pk=pk)
    try:
        size = exports.pack(export)
    except Exception:
        log.exception("A copy of somebody’s data could not be made.")
        _give_up_or_wait(export)
        return False
    _hand_over(export, size)
    return True


def _give_up_or_wait(export: DataExport) -> None:
    if export.tries >= TRIES:
        DataExport.objects.filter(pk=export.pk).update(failed_at=timezone.now())


@transaction.atomic
def _hand_over(export: DataExport, size: int) -> None:
    now = timezone.now()
    done = DataExport.objects.filter(pk=export.pk, ready_at=None).update(
        ready_at=now, size=size, expires_at=now + DataExport.LASTS
    )
    if not done:  # the person left meanwhile
        exports.remove_file(export)
        return
    feed.record(
        "rights.export_ready", actor=None, space=Space.objects.root(), member=export.member_id
    )


def unmade() -> list[int]:
    """Copies that nobody is making, because the bell was lost or a worker died."""
    now = timezone.now()
    found = DataExport.objects.filter(
        Q(tried_at=None, asked_at__lt=now - timedelta(seconds=30)) | Q(tried_at__lt=now - PATIENCE),
        ready_at=None,
        failed_at=None,
    )
    return list(found.order_by("asked_at").values_list("pk", flat=True)[:20])


# A question


@transaction.atomic
def ask_about_data(*, what: str, text: str, by: Member) -> RightsRequest:
    """Put a question to the data protection lead; it is due in thirty days. Raises Refused."""
    what = RightsRequest.What(what)
    if what != RightsRequest.What.ERASE and not text.strip():
        raise Refused(_("Say in a few words what it is about."))
    Member.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    waiting = RightsRequest.objects.filter(member=by, state=RightsRequest.State.OPEN)
    if waiting.count() >= MOST_OPEN_QUESTIONS:
        raise Refused(_("You have asked several things already. Wait for an answer first."))
    now = timezone.now()
    asked = RightsRequest.objects.create(
        member=by, what=what, text=text.strip(), created_at=now, due_at=now + RightsRequest.TIME
    )
    feed.record("rights.asked", actor=by, space=Space.objects.root(), request=asked.pk)
    return asked


@transaction.atomic
def answer_request(
    asked: RightsRequest, *, by: Member, answer: str, granted: bool = True
) -> RightsRequest:
    """Answer somebody's question, in words they read. Raises Refused."""
    asked = RightsRequest.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    rights.can_answer_request(by, asked).enforce()
    if not answer.strip():
        raise Refused(_("Write what you did, or why not. The person reads it."))
    asked.state = RightsRequest.State.DONE if granted else RightsRequest.State.REFUSED
    asked.answer, asked.answered_by, asked.answered_at = answer.strip(), by, timezone.now()
    asked.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    audit.record("rights.answered", by=by, person=asked.member_id, granted=granted)
    feed.record("rights.answered", actor=by, space=Space.objects.root(), member=asked.member_id)
    return asked


@transaction.atomic
def note_opened(export: DataExport, *, by: Member) -> None:
    """When a copy was fetched first: shown to its person, so that they see if it was not them."""
    if export.member_id != by.pk:
        raise Refused(_("A copy of somebody’s data is theirs alone."))
    DataExport.objects.filter(pk=export.pk, opened_at=None).update(opened_at=timezone.now())
