"""Taking a list of people out: asked for with a purpose, agreed to, fetched; each written down."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, feed, lists
from community.models import Member, PeopleList, Space
from community.policies import Refused


@transaction.atomic
def ask_for_list(space: Space, *, purpose: str, with_email: bool, by: Member) -> PeopleList:
    """Ask for the list of a place. With addresses it waits for a second person. Raises Refused."""
    Member.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    lists.can_ask(by, space, with_email=with_email).enforce()
    purpose = " ".join(purpose.split())
    if len(purpose) < PeopleList.SHORTEST_PURPOSE:
        raise Refused(_("Say in a sentence what the list is for. The people on it can read that."))
    now = timezone.now()
    today = PeopleList.objects.filter(by=by, asked_at__gt=now - timedelta(days=1)).count()
    if today >= PeopleList.MOST_A_DAY:
        raise Refused(_("You have asked for several lists today. Wait until tomorrow."))
    name, address = lists.made_up()
    asked = PeopleList.objects.create(
        space=space,
        by=by,
        purpose=purpose,
        with_email=with_email,
        asked_at=now,
        expires_at=now + PeopleList.LASTS,
        seed_name=name,
        seed_address=address,
    )
    audit.record(
        "lists.asked", by=by, space=space, reason=purpose, list=asked.pk, with_email=with_email
    )
    if with_email:
        feed.record("lists.asked", actor=by, space=Space.objects.root(), list=asked.pk)
    return asked


@transaction.atomic
def agree_to_list(asked: PeopleList, *, by: Member) -> PeopleList:
    """The second person's yes. Raises Refused."""
    asked = PeopleList.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    lists.can_agree(by, asked).enforce()
    asked.agreed_by, asked.agreed_at = by, timezone.now()
    asked.expires_at = asked.agreed_at + PeopleList.LASTS
    asked.save(update_fields=["agreed_by", "agreed_at", "expires_at"])
    audit.record("lists.agreed", by=by, space=asked.space_id, person=asked.by_id, list=asked.pk)
    return asked


@transaction.atomic
def refuse_list(asked: PeopleList, *, by: Member, reason: str) -> PeopleList:
    """The second person's no. Raises Refused."""
    asked = PeopleList.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    lists.can_agree(by, asked).enforce()
    if len(reason.strip()) < 8:
        raise Refused(_("Say why, in a few words. It is written down, and they can read it."))
    asked.refused_at = timezone.now()
    asked.save(update_fields=["refused_at"])
    audit.record(
        "lists.refused",
        by=by,
        space=asked.space_id,
        person=asked.by_id,
        reason=reason,
        list=asked.pk,
    )
    return asked


@transaction.atomic
def fetch_list(asked: PeopleList, *, by: Member) -> str:
    """The list as it is this moment, as CSV; that it was taken is written down. Raises Refused."""
    asked = (
        PeopleList.objects.select_for_update(of=("self",))
        .select_related("space", "by")
        .get(pk=asked.pk)
    )
    lists.can_fetch(by, asked).enforce()
    rows = list(lists.people_of(asked, by=by)[: PeopleList.MOST_ROWS + 1])
    if len(rows) > PeopleList.MOST_ROWS:
        raise Refused(
            _("More than %(most)s people: take the lists of single groups.")
            % {"most": PeopleList.MOST_ROWS}
        )
    asked.fetched_at, asked.rows = timezone.now(), len(rows)
    asked.save(update_fields=["fetched_at", "rows"])
    audit.record("lists.fetched", by=by, space=asked.space_id, list=asked.pk, count=len(rows))
    return lists.written(asked, rows)
